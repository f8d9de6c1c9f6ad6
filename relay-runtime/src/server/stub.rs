//! Stand-ins for the session driver and the dispatch layer, until both are merged.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_util::sync::CancellationToken;

use super::{AppState, Limits};

/// A workflow, whatever its type.
pub trait AnyWorkflow: Send + Sync + 'static {
    /// The name in logs and errors.
    fn name(&self) -> &str;
    /// The path of the URI under which it is registered.
    fn path(&self) -> &str;
}

/// What can be served as a workflow.
pub trait IntoWorkflow {
    /// Makes the workflow.
    fn into_workflow(self) -> Arc<dyn AnyWorkflow>;
}

impl<W: AnyWorkflow> IntoWorkflow for W {
    fn into_workflow(self) -> Arc<dyn AnyWorkflow> {
        Arc::new(self)
    }
}

/// What the network knows about one session.
#[derive(Debug, Clone)]
pub(crate) struct SessionInfo {
    pub(crate) peer: SocketAddr,
    pub(crate) path: Arc<str>,
    pub(crate) number: u64,
}

/// What all sessions of a server share.
#[derive(Debug)]
pub(crate) struct SessionConfig {
    pub(crate) limits: Limits,
    pub(crate) state: AppState,
}

/// How a session ended.
#[derive(Debug)]
pub(crate) enum SessionEnd {
    Closed,
}

/// Echoes text frames until the peer closes.
pub(crate) async fn run<S>(
    mut socket: WebSocketStream<S>,
    workflow: Arc<dyn AnyWorkflow>,
    info: SessionInfo,
    config: Arc<SessionConfig>,
    closing: CancellationToken,
) -> SessionEnd
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    // What the driver will use, named here so that nothing counts as dead code meanwhile.
    let _ = (
        workflow.name(),
        &info.path,
        info.peer,
        info.number,
        config.limits.ping_interval,
        config.state.get::<()>(),
    );
    let mut open = true;
    loop {
        tokio::select! {
            () = closing.cancelled(), if open => {
                open = false;
                let away = CloseFrame { code: CloseCode::Away, reason: "server is shutting down".into() };
                let _ = socket.send(Message::Close(Some(away))).await;
            }
            message = socket.next() => match message {
                Some(Ok(text @ Message::Text(_))) if open => {
                    if socket.send(text).await.is_err() {
                        return SessionEnd::Closed;
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return SessionEnd::Closed,
            },
        }
    }
}
