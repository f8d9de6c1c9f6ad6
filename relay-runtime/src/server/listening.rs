//! A server that listens.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio_util::task::AbortOnDropHandle;
use tracing::{info, warn};

use super::accept::Door;
use super::admin::Admin;
use super::connection::Service;
use super::lifecycle::Lifecycle;
use super::signals::Signals;
use super::transcripts::Writing;
use super::{Phase, ServerError, ServerHandle, accept};
use crate::net::Listener;

/// A server whose port is open. Connections wait in the kernel's queue until it is served; dropping it closes the
/// port.
#[must_use = "connections are only answered while it is served"]
pub struct Listening {
    door: Door,
    addr: SocketAddr,
    service: Arc<Service>,
    handle: ServerHandle,
    admin: Option<Admin>,
    transcripts: Option<Writing>,
    /// Last, so that the port is closed when handles hear of the end.
    _stopped: StoppedOnDrop,
}

impl Listening {
    pub(super) fn new(
        listener: Listener,
        service: Service,
        admin: Option<Admin>,
        transcripts: Option<Writing>,
    ) -> io::Result<Self> {
        let stopped = StoppedOnDrop(service.lifecycle.clone());
        let addr = listener.local_addr()?;
        let (door, connections) = Door::new(listener, service.limits.max_handshakes);
        let (lifecycle, paths) = (service.lifecycle.clone(), service.paths.clone());
        Ok(Self {
            door,
            addr,
            service: Arc::new(service),
            handle: ServerHandle { lifecycle, paths, connections },
            admin,
            transcripts,
            _stopped: stopped,
        })
    }

    /// The address, with the port that was really taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address of the admin port, if there is one.
    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin.as_ref().map(|admin| admin.addr)
    }

    /// For stopping and observing the server from elsewhere.
    pub fn handle(&self) -> ServerHandle {
        self.handle.clone()
    }

    /// Serves until Ctrl-C or SIGTERM, then [shuts down](super#shutdown).
    ///
    /// # Errors
    ///
    /// If the signal handlers cannot be installed. A shutdown is no error, even if it had to abort sessions.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts all sessions.
    pub async fn serve(self) -> crate::Result {
        let mut signals = Signals::install().map_err(ServerError::Signals)?;
        let lifecycle = self.service.lifecycle.clone();
        let each_signal = async {
            loop {
                let name = signals.next().await;
                info!("{name} received");
                lifecycle.advance();
            }
        };
        tokio::select! {
            () = self.run() => {}
            () = each_signal => {}
        }
        Ok(())
    }

    /// Serves until `shutdown` completes, then shuts down; a [`ServerHandle`] can shut it down earlier or hurry it.
    /// Signals are ignored. Pass [`std::future::pending`] to leave all to the handle.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts all sessions.
    pub async fn serve_with_shutdown(self, shutdown: impl Future<Output = ()>) {
        let lifecycle = self.service.lifecycle.clone();
        let asked = async {
            shutdown.await;
            lifecycle.advance_to(Phase::Draining);
            std::future::pending().await
        };
        tokio::select! {
            () = self.run() => {}
            () = asked => {}
        }
    }

    /// Runs it as a task. The caller's future is mostly that of `main`, which has a thread to itself: to wake that for
    /// each connection costs more than to accept it. Dropping the future aborts the task.
    async fn run(self) {
        let task = AbortOnDropHandle::new(tokio::spawn(self.accept()));
        if let Err(error) = task.await
            && let Ok(panic) = error.try_into_panic()
        {
            resume_unwind(panic);
        }
    }

    async fn accept(self) {
        let scheme = if self.service.tls.is_some() { "wss" } else { "ws" };
        info!("listening on {scheme}://{} · workflows: {}", self.addr, self.service.paths);
        if self.service.tls.is_none() {
            warn!(
                "serving plain ws, but Relay dials wss only: set RELAY_TLS_CERT and RELAY_TLS_KEY, or put a proxy that \
                 terminates TLS in front"
            );
        }
        let admin = async {
            match self.admin {
                Some(admin) => admin.run().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = accept::run(self.door, self.service) => {}
            () = admin => {}
        }
        if let Some(transcripts) = self.transcripts {
            transcripts.finished().await;
        }
        info!("stopped");
    }
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// Tells the handles that the server is gone, however it ends.
struct StoppedOnDrop(Arc<Lifecycle>);

impl Drop for StoppedOnDrop {
    fn drop(&mut self) {
        self.0.advance_to(Phase::Stopped);
    }
}
