//! Steering a running server from elsewhere.

use std::sync::Arc;

use super::lifecycle::Lifecycle;
use super::paths::Paths;
use super::{Phase, ServerError};
use crate::workflow::IntoWorkflow;

/// Stops and observes a server. Clones steer the same server.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) paths: Paths,
}

impl ServerHandle {
    /// Serves one more workflow from now on, under its own path.
    ///
    /// # Errors
    ///
    /// [`ServerError::PathTaken`] and [`ServerError::NotAPath`].
    pub fn add_workflow<M>(&self, workflow: impl IntoWorkflow<M>) -> Result<(), ServerError> {
        let workflow = workflow.into_workflow();
        let path = workflow.manifest().path.clone();
        self.paths.insert(&path, workflow)
    }

    /// Serves the workflow under this path no more: new sessions are refused with HTTP 404, running ones go on. Whether
    /// there was one.
    pub fn remove_workflow(&self, path: &str) -> bool {
        self.paths.remove(path)
    }

    /// Begins [`Phase::Draining`]: refuse new sessions, let the running ones end, close and at last abort those that
    /// take too long.
    pub fn shutdown(&self) {
        self.lifecycle.advance_to(Phase::Draining);
    }

    /// Begins [`Phase::Closing`]: close all sessions with code 1001 now.
    pub fn close(&self) {
        self.lifecycle.advance_to(Phase::Closing);
    }

    /// Begins [`Phase::Aborting`]: cut all sessions off now.
    pub fn abort(&self) {
        self.lifecycle.advance_to(Phase::Aborting);
    }

    /// Where the server is in its life.
    pub fn phase(&self) -> Phase {
        self.lifecycle.phase()
    }

    /// How many sessions run now.
    pub fn sessions(&self) -> usize {
        self.lifecycle.sessions()
    }

    /// Completes when the server has stopped. It does not stop it.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait(&self) {
        self.wait_for(Phase::Stopped).await;
    }

    /// Completes when the server is in `phase` or further.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn wait_for(&self, phase: Phase) {
        self.lifecycle.reached(phase).await;
    }
}
