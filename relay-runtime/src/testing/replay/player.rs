//! The platform's end of a replay.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use relay_protocol::Event;
use relay_protocol::codec::{FromEngine, from_engine};
use relay_protocol::transcript::{Cue, Script};
use tokio::io::{DuplexStream, duplex};
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use super::Replaying;
use crate::server::Limits;
use crate::session::{self, Closing, SessionInfo};
use crate::testing::record::Recorder;
use crate::testing::runtime::idle;

/// What one end may send before the other reads, in bytes.
const PIPE: usize = 64 * 1024;

/// A workflow that is silent for so long when there is nothing left of the transcript does not end by itself.
const QUIET: Duration = Duration::from_secs(60 * 60);

/// Runs the session to its end.
pub(super) async fn play(replaying: &Replaying, recorder: Arc<Recorder>) {
    let Replaying { workflow, transcript, states, on_handler_error } = replaying;
    let mut settings = Limits::default().session(states.clone());
    settings.protocol.ping_interval = None; // nothing gets lost in memory
    settings.observers.push(recorder);
    let (name, path) = (transcript.head.workflow.as_str().into(), transcript.head.path.as_str().into());
    let metrics = crate::metrics::WorkflowMetrics::new(&workflow.manifest().name);
    let on_error = workflow.policy(on_handler_error);
    let info = SessionInfo { workflow: name, path, number: 1, instance: None, peer: None, metrics, on_error };

    let (served, dialled) = duplex(PIPE);
    let workflow = workflow.clone();
    let session = tokio::spawn(async move {
        let config = Some(Limits::default().websocket());
        let socket = WebSocketStream::from_raw_socket(served, Role::Server, config).await;
        session::run(socket, &**workflow.get(), info, settings.into(), Closing::default()).await;
    });
    let socket = WebSocketStream::from_raw_socket(dialled, Role::Client, None).await;
    Player { script: Script::new(transcript), socket, began: Instant::now() }.play().await;
    let _ = session.await; // it does not panic: its handlers are caught
}

struct Player {
    script: Script,
    socket: WebSocketStream<DuplexStream>,
    began: Instant,
}

impl Player {
    /// Until the connection is closed. Whoever did it, dropping this end closes what is left.
    async fn play(mut self) {
        while self.hear_all().await.is_some() {
            let now = self.began.elapsed();
            let unasked = self.script.settle();
            if !unasked.is_empty() {
                for frame in unasked {
                    if self.send(frame).await.is_none() {
                        return;
                    }
                }
                continue;
            }
            let due = match self.script.next() {
                Some((due, step)) if due <= now => {
                    let Cue::Send(frame) = self.script.take(now, step) else { return };
                    if self.send(frame).await.is_none() {
                        return;
                    }
                    continue;
                }
                Some((due, _)) => self.began + due,
                None => Instant::now() + QUIET,
            };
            tokio::select! {
                biased;
                frame = self.socket.next() => if self.hear(frame).is_none() { return },
                () = sleep_until(due) => if self.script.next().is_none() { return },
            }
        }
    }

    /// Hears what everybody has to say at this moment; none if the connection is closed.
    async fn hear_all(&mut self) -> Option<()> {
        loop {
            tokio::select! {
                biased;
                frame = self.socket.next() => self.hear(frame)?,
                () = idle() => return Some(()),
            }
        }
    }

    fn hear(&mut self, frame: Option<Result<Message, WsError>>) -> Option<()> {
        if let Message::Text(text) = frame?.ok()? {
            self.script.hear(self.began.elapsed(), &text);
        }
        Some(())
    }

    /// None when it was the last message.
    async fn send(&mut self, frame: String) -> Option<()> {
        let stops = matches!(from_engine(&frame), FromEngine::Event(Event::Stop(_)));
        let sent = self.socket.send(Message::text(frame)).await;
        (!stops && sent.is_ok()).then_some(())
    }
}
