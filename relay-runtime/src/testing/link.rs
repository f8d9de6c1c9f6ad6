//! A connection in memory, with the production driver at the workflow's end of it.

use std::sync::{Arc, Weak};

use futures_util::{SinkExt, StreamExt};
use relay_engine::InstanceKey;
use relay_protocol::session::Transmit;
use tokio::io::{DuplexStream, duplex};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::runs::Dial;
use super::world::World;
use crate::server::Limits;
use crate::session::{self, Closing, SessionInfo};
use crate::workflow::OnHandlerError;

/// What one end may send before the other reads, in bytes.
const PIPE: usize = 64 * 1024;

/// Opens a connection: a session of the workflow at one end, and at the other the engine, whose messages come by the
/// channel.
pub(super) fn open(world: &Arc<World>, dial: &Dial) -> UnboundedSender<Transmit> {
    let (served, dialled) = duplex(PIPE);
    let (line, messages) = unbounded_channel();
    world.spawn(carry(Arc::downgrade(world), dial.instance, dialled, messages));
    let (settings, workflow) = (world.settings.clone(), dial.workflow.clone());
    let manifest = workflow.manifest();
    let (name, path) = (manifest.name.as_str().into(), manifest.path.as_str().into());
    let metrics = crate::metrics::WorkflowMetrics::new(&manifest.name);
    let on_error = workflow.policy(&OnHandlerError::Stop);
    let info = SessionInfo {
        workflow: name,
        path,
        number: dial.number,
        instance: None,
        peer: None,
        metrics,
        on_error,
    };
    world.spawn(async move {
        let config = Some(Limits::default().websocket());
        let socket = WebSocketStream::from_raw_socket(served, Role::Server, config).await;
        session::run(socket, &**workflow.get(), info, settings, Closing::default()).await;
    });
    line
}

/// Carries messages between the engine and its end of the connection.
async fn carry(
    world: Weak<World>,
    instance: InstanceKey,
    stream: DuplexStream,
    mut messages: UnboundedReceiver<Transmit>,
) {
    let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(message) = message else { return };
                // A connection that is broken says so to whoever reads it.
                let _ = socket.send(frame(message)).await;
            }
            frame = socket.next() => {
                let Some(world) = world.upgrade() else { return };
                let broken = matches!(frame, Some(Err(_)) | None);
                world.tell(|state, now| match frame {
                    Some(Ok(Message::Text(text))) => state.receive(now, instance, &text),
                    Some(Ok(Message::Close(close))) => {
                        let code = close.map(|close| close.code.into());
                        state.engine.handle_disconnect(now, instance, code);
                    }
                    Some(Ok(_)) => state.engine.handle_pong(now, instance),
                    Some(Err(_)) | None => state.engine.handle_disconnect(now, instance, None),
                });
                if broken {
                    return;
                }
            }
        }
    }
}

fn frame(message: Transmit) -> Message {
    match message {
        Transmit::Text(text) => Message::Text(text.into()),
        Transmit::Close { code, reason } => {
            Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
        }
        _ => Message::Ping(Bytes::new()),
    }
}
