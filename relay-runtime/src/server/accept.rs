//! The accept loop: one task for each connection, until the shutdown is through.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::{error, warn};

use super::connection::{self, Service};
use crate::net::{Listener, Stream};

/// Time that aborted tasks get to be dropped. Only a handler that blocks its thread needs longer, and it must not
/// keep the process alive.
const ABORT_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection that has ended may be remembered. Only its end is still to be told, should it have panicked.
const REMEMBERED: Duration = Duration::from_secs(1);

/// Serves connections and leads the shutdown. Dropping the future aborts all connections.
pub(super) async fn run(mut door: Door, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(service.lifecycle.shut_down(&service.limits));
    let closing = service.lifecycle.closing();
    let mut clearing = interval(REMEMBERED);
    clearing.set_missed_tick_behavior(MissedTickBehavior::Delay);

    loop {
        tokio::select! {
            ((stream, peer), permit) = door.next() => {
                connections.spawn(connection::serve(stream, peer, permit, service.clone()));
            }
            _ = clearing.tick() => {}
            () = closing.said(), if door.is_open() => door.close(),
            () = &mut shutdown => break,
        }
        // Not a branch of the above: to wake this task for each connection that ends costs as much as a request.
        while let Some(ended) = connections.try_join_next() {
            report(ended);
        }
    }

    door.close();
    connections.abort_all();
    let dropped = async {
        while let Some(ended) = connections.join_next().await {
            report(ended);
        }
    };
    if timeout(ABORT_TIMEOUT, dropped).await.is_err() {
        warn!("leaving {} connections behind whose handlers block their thread", connections.len());
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        error!("a session panicked, the others go on: {error}");
    }
}

/// A connection, and its peer where there is a network.
pub(super) type Arrival = (Stream, Option<SocketAddr>);

/// Where connections come in, no more of them than may be in their handshake at once.
pub(super) struct Door {
    /// `None` once it is closed.
    inlets: Option<Inlets>,
    handshakes: Arc<Semaphore>,
}

struct Inlets {
    listener: Listener,
    /// From those who accept connections themselves.
    handed: mpsc::Receiver<Arrival>,
}

impl Door {
    /// The sender is for connections that do not come from the listener.
    pub(super) fn new(listener: Listener, max_handshakes: usize) -> (Self, mpsc::Sender<Arrival>) {
        let (sender, handed) = mpsc::channel(1);
        let max_handshakes = max_handshakes.clamp(1, Semaphore::MAX_PERMITS);
        let handshakes = Arc::new(Semaphore::new(max_handshakes));
        (Self { inlets: Some(Inlets { listener, handed }), handshakes }, sender)
    }

    /// The next connection, and the permit to hold during its handshake. Never completes once the door is closed.
    /// Cancel safe.
    async fn next(&mut self) -> (Arrival, OwnedSemaphorePermit) {
        let (Some(Inlets { listener, handed }), Ok(permit)) =
            (&mut self.inlets, self.handshakes.clone().acquire_owned().await)
        else {
            return std::future::pending().await;
        };
        let arrival = tokio::select! {
            (tcp, peer) = listener.accept() => (Stream::Plain(tcp), Some(peer)),
            Some(arrival) = handed.recv() => arrival,
        };
        (arrival, permit)
    }

    fn is_open(&self) -> bool {
        self.inlets.is_some()
    }

    fn close(&mut self) {
        self.inlets = None;
    }
}
