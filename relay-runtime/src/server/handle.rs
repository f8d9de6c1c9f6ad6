//! Steering a running server from elsewhere.

use std::sync::Arc;

use super::Phase;
use super::lifecycle::Lifecycle;

/// Stops and observes a server. Clones steer the same server.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    pub(super) lifecycle: Arc<Lifecycle>,
}

impl ServerHandle {
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
