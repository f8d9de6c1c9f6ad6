//! Steering a running server from elsewhere.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;

use super::accept::Arrival;
use super::lifecycle::Lifecycle;
use super::paths::Paths;
use super::{Phase, ServerError};
use crate::net::Stream;
use crate::workflow::IntoWorkflow;

/// Stops and observes a server. Clones steer the same server.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) paths: Paths,
    pub(super) connections: mpsc::Sender<Arrival>,
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

    /// Serves a connection that somebody else accepted: on a Unix socket, through a tunnel, from the other end of a
    /// [`duplex`](tokio::io::duplex).
    ///
    /// It is served like those of the server's own port: with TLS if the server has a certificate, within the same
    /// [`Limits`](super::Limits), and no longer than the server. Of `peer` the log tells. It completes as soon as the server
    /// has the connection, or will have it next: `true`, or `false` if the server takes none any more and the connection is
    /// closed.
    ///
    /// ```no_run
    /// # #[cfg(unix)]
    /// # async fn run<M>(hello: impl relay_runtime::workflow::IntoWorkflow<M>) -> relay_runtime::Result {
    /// # use relay_runtime::server::Server;
    /// let listening = Server::builder().workflow(hello).bind(([127, 0, 0, 1], 0)).listen().await?;
    /// let handle = listening.handle();
    /// let socket = tokio::net::UnixListener::bind("/run/hello.sock")?;
    /// tokio::spawn(async move {
    ///     while let Ok((io, _)) = socket.accept().await
    ///         && handle.serve_connection(io, None).await
    ///     {}
    /// });
    /// listening.serve().await
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it completes closes the connection.
    pub async fn serve_connection(
        &self,
        io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        peer: Option<SocketAddr>,
    ) -> bool {
        self.connections.send((Stream::Other(Box::new(io)), peer)).await.is_ok()
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
