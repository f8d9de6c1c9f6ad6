//! One connection: TLS, upgrade, session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustls::ServerConfig;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tracing::debug;

use super::callers::Callers;
use super::failure::Failure;
use super::lifecycle::{Lifecycle, Slot};
use super::paths::{Paths, Route};
use super::refusal::Refusal;
use super::{Limits, upgrade};
use crate::extract::States;
use crate::metrics::LiveSession;
use crate::net::Stream;
use crate::session::{self, Observer, SessionInfo, SessionSettings};
use crate::workflow::OnHandlerError;

/// What all connections of a server share.
pub(super) struct Service {
    pub(super) paths: Paths,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) callers: Callers,
    pub(super) limits: Limits,
    pub(super) lifecycle: Arc<Lifecycle>,
    session: Arc<SessionSettings>,
    sessions_so_far: AtomicU64,
}

impl Service {
    pub(super) fn new(
        paths: Paths,
        tls: Option<Arc<ServerConfig>>,
        callers: Callers,
        limits: Limits,
        state: States,
        observer: Option<Arc<dyn Observer>>,
    ) -> Self {
        let mut session = limits.session(state);
        session.observers.extend(observer);
        let session = Arc::new(session);
        let (lifecycle, sessions_so_far) = (Lifecycle::new(), AtomicU64::new(0));
        Self { paths, tls, callers, limits, lifecycle, session, sessions_so_far }
    }
}

/// A finished handshake.
pub(super) struct Opened {
    /// Boxed, or the task would keep room for it beside the session that it has moved into.
    pub(super) socket: Box<WebSocketStream<Stream>>,
    pub(super) route: Route,
    pub(super) instance: Option<Arc<str>>,
    pub(super) slot: Slot,
}

/// Serves one connection to its end.
///
/// The task lives as long as the session and there are thousands of them, so handshake and session are boxed, one
/// after the other: an idle session does not carry what its handshake needed.
pub(super) async fn serve(
    stream: Stream,
    peer: Option<SocketAddr>,
    permit: OwnedSemaphorePermit,
    service: Arc<Service>,
) {
    let opened = Box::pin(open(stream, peer, &service)).await;
    drop(permit);
    let Some(Opened { socket, route: Route { path, workflow, metrics }, instance, slot }) = opened else {
        return;
    };

    let number = service.sessions_so_far.fetch_add(1, Ordering::Relaxed) + 1;
    debug!(session = number, peer = peer.map(display), %path, "session opened");
    let live = LiveSession::begin(metrics.clone());
    let name = workflow.manifest().name.as_str().into();
    let on_error = workflow.policy(&OnHandlerError::Stop);
    let info = SessionInfo { workflow: name, path, number, instance, peer, metrics, on_error };
    let closing = service.lifecycle.closing().clone();
    let end =
        Box::pin(session::run(*socket, &**workflow.get(), info, service.session.clone(), closing)).await;
    debug!(session = number, reason = %end.reason, abandoned = end.abandoned, "session ended");
    live.end(&end.reason);
    drop(slot);
}

async fn open(stream: Stream, peer: Option<SocketAddr>, service: &Service) -> Option<Opened> {
    let limit = service.limits.handshake_timeout;
    let failure = match timeout(limit, handshake(stream, service)).await {
        Ok(Ok(opened)) => return Some(opened),
        Ok(Err(failure)) => failure,
        Err(_) => Failure::TooSlow(limit),
    };
    failure.log(peer);
    None
}

async fn handshake(mut stream: Stream, service: &Service) -> Result<Opened, Failure> {
    if let Stream::Plain(tcp) = &stream {
        // Messages are small and answers are waited for. Failing means that the connection is gone, which the next
        // read will tell.
        let _ = tcp.set_nodelay(true);
    }
    if let Some(config) = &service.tls {
        stream = encrypt(stream, config.clone().into()).await?;
    }
    upgrade::accept(stream, service).await
}

async fn encrypt(stream: Stream, tls: TlsAcceptor) -> Result<Stream, Failure> {
    Ok(match stream {
        Stream::Plain(tcp) => {
            let mut first = [0];
            match tcp.peek(&mut first).await? {
                0 => return Err(Failure::Silent),
                // A TLS record begins with 0x16; a capital letter is the method of an HTTP request.
                _ if first[0].is_ascii_uppercase() => {
                    return Err(Refusal::NotTls.send(tcp).await);
                }
                _ => Stream::Tls(Box::new(tls.accept(tcp).await.map_err(Failure::from_tls)?)),
            }
        }
        Stream::Other(io) => Stream::Other(Box::new(tls.accept(io).await.map_err(Failure::from_tls)?)),
        Stream::Tls(_) => stream,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn future_size<A, B, C, D, F: Future>(_: impl Fn(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_session_does_not_carry_its_handshake() {
        let size = future_size(serve);
        assert!(size < 384, "the task of a connection takes {size} bytes besides its session");
    }
}
