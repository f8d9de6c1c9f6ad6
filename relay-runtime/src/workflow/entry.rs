//! From a fn, a type or a table to something that the server can run.

use std::fmt;
use std::sync::Arc;

use relay_protocol::manifest::WorkflowManifest;

use super::{AnyWorkflow, Incoming, Instance, OnHandlerError, Routes, Run, Workflow};
use crate::Context;

/// What can be given to the server as a workflow:
///
/// - an `async fn` with `#[workflow]`;
/// - for a type with `#[workflow]`, a fn that makes one value for each session: `Checkin::default`, or
///   `move || Checkin::new(&config)`;
/// - a table of [`Routes`], if the values of its type can be made by default.
///
/// `M` only tells the implementations apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workflow",
    label = "not a workflow",
    note = "give an async fn with `#[workflow]`, or, for a type with `#[workflow]`, a fn that makes one value for each \
            session: `Type::default` or `|| Type {{ .. }}`"
)]
pub trait IntoWorkflow<M> {
    /// The workflow with its type erased.
    fn into_workflow(self) -> WorkflowEntry;
}

/// A workflow of any type, ready to be served.
#[derive(Clone)]
pub struct WorkflowEntry {
    workflow: Arc<dyn AnyWorkflow>,
    on_error: Option<OnHandlerError>,
}

impl WorkflowEntry {
    pub(super) fn new<W, F>(routes: Routes<W>, make: F) -> Self
    where
        W: Send + Sync + 'static,
        F: Fn() -> W + Send + Sync + 'static,
    {
        Self { workflow: Arc::new(Made { routes: Arc::new(routes), make }), on_error: None }
    }

    /// A workflow that is neither a fn nor a type.
    #[cfg(feature = "testing")]
    pub(crate) fn of(workflow: Arc<dyn AnyWorkflow>) -> Self {
        Self { workflow, on_error: None }
    }

    /// What the workflow is called, where it is, what starts it, and what it listens to.
    pub fn manifest(&self) -> &WorkflowManifest {
        self.workflow.manifest()
    }

    /// What happens when a handler of this workflow returns an error. Default: what the server says.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::workflow::{IntoWorkflow, OnHandlerError};
    ///
    /// # #[workflow(phrase = "hello")]
    /// # async fn hello() {}
    /// let hello = hello.into_workflow().on_handler_error(OnHandlerError::Continue);
    /// let server = Server::builder().workflow(hello);
    /// ```
    #[must_use]
    pub fn on_handler_error(mut self, policy: OnHandlerError) -> Self {
        self.on_error = Some(policy);
        self
    }

    /// The policy for this workflow, given that of the server.
    pub(crate) fn policy(&self, server: &OnHandlerError) -> OnHandlerError {
        self.on_error.as_ref().unwrap_or(server).clone()
    }

    pub(crate) fn get(&self) -> &Arc<dyn AnyWorkflow> {
        &self.workflow
    }
}

impl fmt::Debug for WorkflowEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WorkflowEntry").field(self.manifest()).finish()
    }
}

/// By a fn that makes one value for each session.
#[derive(Debug)]
pub enum ByFactory {}

/// By hand-built routes.
#[derive(Debug)]
pub enum ByRoutes {}

#[diagnostic::do_not_recommend]
impl<F, W> IntoWorkflow<ByFactory> for F
where
    F: Fn() -> W + Send + Sync + 'static,
    W: Workflow,
{
    fn into_workflow(self) -> WorkflowEntry {
        WorkflowEntry::new(W::routes(), self)
    }
}

#[diagnostic::do_not_recommend]
impl<W: Default + Send + Sync + 'static> IntoWorkflow<ByRoutes> for Routes<W> {
    fn into_workflow(self) -> WorkflowEntry {
        WorkflowEntry::new(self, W::default)
    }
}

#[diagnostic::do_not_recommend]
impl IntoWorkflow<()> for WorkflowEntry {
    fn into_workflow(self) -> WorkflowEntry {
        self
    }
}

struct Made<W, F> {
    routes: Arc<Routes<W>>,
    make: F,
}

impl<W, F> AnyWorkflow for Made<W, F>
where
    W: Send + Sync + 'static,
    F: Fn() -> W + Send + Sync,
{
    fn manifest(&self) -> &WorkflowManifest {
        self.routes.manifest()
    }

    fn begin(&self) -> Box<dyn Instance> {
        Box::new(Session { this: Arc::new((self.make)()), routes: self.routes.clone() })
    }
}

struct Session<W> {
    this: Arc<W>,
    routes: Arc<Routes<W>>,
}

impl<W: Send + Sync + 'static> Instance for Session<W> {
    fn handle(&self, cx: &Context, incoming: Incoming<'_>) -> Option<Run> {
        self.routes.handle(&self.this, cx, incoming)
    }
}
