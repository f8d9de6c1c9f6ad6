//! Which workflow answers which path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use percent_encoding::percent_decode_str;
use relay_protocol::manifest::WorkflowManifest;

use super::ServerError;
use crate::metrics::WorkflowMetrics;
use crate::workflow::{OnHandlerError, WorkflowEntry};

/// The workflows that are served, by canonical path. Clones are the same.
#[derive(Clone)]
pub(super) struct Paths {
    routes: Arc<RwLock<Routes>>,
    on_error: OnHandlerError,
}

type Routes = BTreeMap<String, Route>;

/// A workflow and the path it was found under.
#[derive(Clone)]
pub(super) struct Route {
    /// With a leading slash and decoded, such as `/check in`.
    pub(super) path: Arc<str>,
    pub(super) workflow: WorkflowEntry,
    pub(super) metrics: Arc<WorkflowMetrics>,
}

impl Paths {
    /// None yet. The policy is for workflows without one of their own.
    pub(super) fn new(on_error: OnHandlerError) -> Self {
        Self { routes: Arc::default(), on_error }
    }

    /// Registers `workflow` under `path`; `/` is the default workflow.
    pub(super) fn insert(&self, path: &str, workflow: WorkflowEntry) -> Result<(), ServerError> {
        if path.contains(['?', '#']) || path.contains("://") {
            return Err(ServerError::NotAPath {
                path: path.into(),
                workflow: workflow.manifest().name.as_str().into(),
            });
        }
        let key = canonical(path);
        let mut routes = self.write();
        if let Some(earlier) = routes.get(&key) {
            return Err(ServerError::PathTaken {
                path: earlier.path.to_string(),
                first: earlier.workflow.manifest().name.as_str().into(),
                second: workflow.manifest().name.as_str().into(),
            });
        }
        let metrics = WorkflowMetrics::new(&workflow.manifest().name);
        let policy = workflow.policy(&self.on_error);
        let workflow = workflow.on_handler_error(policy);
        let route = Route { path: format!("/{key}").into(), workflow, metrics };
        routes.insert(key, route);
        Ok(())
    }

    /// Whether there was one.
    pub(super) fn remove(&self, path: &str) -> bool {
        self.write().remove(&canonical(path)).is_some()
    }

    /// The workflow for the path of a request, as it was sent.
    pub(super) fn find(&self, path: &str) -> Option<Route> {
        self.read().get(&canonical(path)).cloned()
    }

    /// What the workflows say about themselves, each with the path under which it is served here.
    pub(super) fn manifests(&self) -> Vec<WorkflowManifest> {
        let manifest = |route: &Route| {
            let mut manifest = route.workflow.manifest().clone();
            manifest.path = route.path.to_string();
            manifest
        };
        self.read().values().map(manifest).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    /// The table is whole whenever the lock is free.
    fn read(&self) -> RwLockReadGuard<'_, Routes> {
        self.routes.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Routes> {
        self.routes.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `/hello, /checkin`
impl fmt::Display for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.read();
        let paths: Vec<&str> = routes.values().map(|route| &*route.path).collect();
        f.write_str(&paths.join(", "))
    }
}

impl fmt::Debug for Paths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Paths({self})")
    }
}

/// The official SDKs disagree on the leading slash of a registered path and on percent escapes; taking all their
/// spellings for one lets a workflow move here with its registration unchanged.
fn canonical(path: &str) -> String {
    let path = path.trim_matches('/');
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn spellings_of_one_path() {
        for (path, key) in [
            ("", ""),
            ("/", ""),
            ("hello", "hello"),
            ("/hello/", "hello"),
            ("//a//b//", "a//b"),
            ("/caf%C3%A9", "caf\u{e9}"),
            ("/caf\u{e9}", "caf\u{e9}"),
            ("/100%", "100%"),
            ("/%ff", "%ff"),
            ("/%2Fhello", "/hello"),
        ] {
            assert_eq!(canonical(path), key, "{path}");
        }
    }
}
