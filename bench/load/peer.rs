//! The Relay server's part in one session.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::{FutureExt, SinkExt, StreamExt};
use relay_protocol::session::{Asked, EngineSession, SessionConfig, Timestamp, Token, Transmit};
use relay_protocol::types::{LifecycleType, PromptType, StopReason, Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Event, Request, Response, Urn, event, response};
use tokio::time::sleep;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::dial::{Dialler, Stream};

pub struct Peer {
    socket: WebSocketStream<Stream>,
    session: EngineSession,
    begun: Instant,
}

impl Peer {
    /// Dials a workflow and starts it for a device.
    pub async fn start(dialler: &Dialler, path: &str) -> Result<Self> {
        let socket = dialler.dial(path).await?;
        let session = EngineSession::new(Timestamp::ZERO, SessionConfig::default());
        let mut peer = Self { socket, session, begun: Instant::now() };
        let device = Urn::from(DeviceUrn::name("Alice")?);
        let args = TriggerArgs::new().source_uri(device).phrase("hello");
        let trigger = Trigger::new(TriggerType::Phrase).args(args);
        peer.session.start(Timestamp::ZERO, event::Start::new(trigger))?;
        peer.flush().await?;
        Ok(peer)
    }

    fn now(&self) -> Timestamp {
        Timestamp::new(self.begun.elapsed())
    }

    /// What the workflow asks next. Before it waits, what is queued goes out.
    pub async fn asked(&mut self) -> Result<Asked> {
        loop {
            while let Some(asked) = self.session.poll_asked() {
                match asked {
                    // One SDK introduces itself this way.
                    Asked::Request { token, request: Request::LogAnalyticsEvent(_), .. } => {
                        self.respond(token, response::LogAnalyticsEvent::new())?;
                    }
                    asked => return Ok(asked),
                }
            }
            let frame = match self.socket.next().now_or_never() {
                Some(frame) => frame,
                None => {
                    self.flush().await?;
                    self.socket.next().await
                }
            };
            let now = self.now();
            match frame.context("the workflow is gone")?? {
                Message::Text(text) => self.session.handle_text(now, &text),
                Message::Close(frame) => bail!("the workflow closed the session: {frame:?}"),
                _ => self.session.handle_pong(now),
            }
        }
    }

    pub fn respond(&mut self, token: Token, response: impl Into<Response>) -> Result<()> {
        Ok(self.session.respond(self.now(), token, response)?)
    }

    pub fn emit(&mut self, event: impl Into<Event>) -> Result<()> {
        Ok(self.session.emit(self.now(), event)?)
    }

    /// Writes what is queued, in one go.
    pub async fn flush(&mut self) -> Result<()> {
        while let Some(transmit) = self.session.poll_transmit() {
            let message = match transmit {
                Transmit::Text(text) => Message::text(text),
                Transmit::Close { code, reason } => {
                    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
                }
                _ => Message::Ping(Default::default()),
            };
            self.socket.feed(message).await?;
        }
        Ok(self.socket.flush().await?)
    }

    /// Ends the session, as the answer to `terminate`.
    pub async fn stop(mut self) -> Result<()> {
        self.session.stop(self.now(), StopReason::Normal)?;
        self.flush().await?;
        while let Some(Ok(_)) = self.socket.next().await {}
        Ok(())
    }
}

/// A whole hello session. A prompt of no length comes in one go with the answer that announces it; a longer one is told
/// in messages of their own, since the official JS SDK loses the second of two that arrive together.
pub async fn hello(dialler: &Dialler, prompt: Duration) -> Result<()> {
    let mut peer = Peer::start(dialler, "/hello").await?;
    loop {
        let (token, id, target, request) = match peer.asked().await? {
            Asked::Request { token, id, target, request } => (token, id, target, request),
            Asked::Terminate => return peer.stop().await,
            other => bail!("not understood: {other:?}"),
        };
        let target = target.into_iter().next().context("no target")?;
        let apart = !prompt.is_zero();
        match request {
            Request::StartInteraction(start) => {
                let urn: Urn = InteractionUrn::name(&start.name)?.on(&target.try_into()?).into();
                peer.respond(token, response::StartInteraction::new())?;
                for kind in [LifecycleType::Started, LifecycleType::Resumed] {
                    peer.pause(apart, Duration::ZERO).await?;
                    peer.emit(event::InteractionLifecycle::new(kind, urn.clone()))?;
                }
            }
            Request::Say(_) => {
                peer.respond(token, response::Say::new().id(&id))?;
                for (after, kind) in [(Duration::ZERO, PromptType::Started), (prompt, PromptType::Stopped)] {
                    peer.pause(apart, after).await?;
                    peer.emit(event::Prompt::new(kind).id(&id).source_uri(target.clone()))?;
                }
            }
            Request::EndInteraction(_) => {
                peer.respond(token, response::EndInteraction::new())?;
                peer.pause(apart, Duration::ZERO).await?;
                peer.emit(event::InteractionLifecycle::new(LifecycleType::Ended, target))?;
            }
            other => bail!("not expected: {other:?}"),
        }
    }
}

impl Peer {
    /// Between two messages that belong together.
    async fn pause(&mut self, apart: bool, time: Duration) -> Result<()> {
        if apart {
            self.flush().await?;
        }
        if !time.is_zero() {
            sleep(time).await;
        }
        Ok(())
    }
}
