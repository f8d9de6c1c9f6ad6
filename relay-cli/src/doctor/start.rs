//! A dry start: the workflow runs until it asks something, and is then stopped.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use relay_protocol::event::Start;
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::session::{Asked, EngineSession, SessionConfig, Timestamp, Transmit};
use relay_protocol::types::{StopReason, Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::DeviceUrn;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::Visit;
use super::upgrade::Socket;
use crate::error::{CliError, Result};
use crate::report::{Line, Section};

/// Who seems to have triggered it.
const DEVICE: &str = "relay doctor";

/// What the first words of a workflow were.
enum First {
    Asked(&'static str),
    Terminate,
    Nonsense(String),
    Closed(Option<(u16, String)>),
}

/// The start event of a trigger, or of a phrase if the trigger is not known.
pub(super) fn event(trigger: Option<&TriggerSpec>, phrase: &str) -> Result<Start> {
    let device =
        DeviceUrn::name(DEVICE).map_err(|error| CliError::failed("no device can be made up").cause(error))?;
    let args = TriggerArgs::new().source_uri(&device);
    let phrase = match trigger {
        Some(TriggerSpec::Phrases(phrases)) => phrases.first().map_or(phrase, String::as_str),
        _ => phrase,
    };
    let (kind, args) = match trigger {
        None | Some(TriggerSpec::Phrases(_)) => (TriggerType::Phrase, args.phrase(phrase)),
        Some(TriggerSpec::Button(_)) => (TriggerType::Button, args),
        Some(TriggerSpec::Http(_)) => (TriggerType::Http, args),
        Some(TriggerSpec::Nfc(_)) => (TriggerType::Nfc, args),
        Some(TriggerSpec::Timer(_)) => (TriggerType::Calendar, args),
        Some(TriggerSpec::Geofence { .. }) => (TriggerType::Geofence, args),
        Some(TriggerSpec::CallRequest(_) | TriggerSpec::IncomingCall(_)) => (TriggerType::Telephony, args),
        Some(TriggerSpec::DeviceEvent(_)) => (TriggerType::Emergency, args),
        Some(_) => (TriggerType::Other, args),
    };
    Ok(Start::new(Trigger::new(kind).args(args)))
}

/// Starts the workflow, hears what it wants first, and stops it.
pub(super) async fn dry(section: &mut Section, visit: &Visit, socket: Socket, start: Start) {
    let begun = Instant::now();
    let kind = start.trigger.kind.to_string();
    let mut run =
        Run { socket, session: EngineSession::new(Timestamp::ZERO, SessionConfig::default()), begun };
    let first = timeout(visit.timeout, run.first(start)).await;
    let line = match first {
        Ok(First::Asked(request)) => {
            Line::ok("start", format!("the workflow runs: its first request is `{request}`"))
        }
        Ok(First::Terminate) => {
            Line::warn("start", "ended-at-once", format!("the workflow ended at once on a start by `{kind}`"))
                .next("is that what it should do? perhaps it has no handler for this trigger: see its log")
        }
        Ok(First::Nonsense(why)) => {
            Line::fail("start", "not-relay", "what it says is not the Relay protocol")
                .cause(why)
                .next("is this a Relay workflow, with an SDK that is not too old?")
        }
        Ok(First::Closed(Some((code, reason)))) => {
            let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
            Line::fail("start", "start-rejected", format!("the workflow rejects a start by `{kind}`"))
                .cause(format_args!("it closes with code {code}{reason}"))
                .next("its log should say why; perhaps it has no handler for this trigger")
        }
        Ok(First::Closed(None)) => {
            Line::fail("start", "start-rejected", "the workflow hangs up on the start event")
                .cause("the connection broke without a word")
                .next("it has crashed, it seems: look at its log")
        }
        Err(_) => Line::warn(
            "start",
            "silent-start",
            format!("the workflow asks nothing within {:?}", visit.timeout),
        )
        .next("is that what it should do? else it waits for something: look at its log"),
    };
    section.push(line.since(begun));
    // It matters to nobody here how the connection ends, only that it does.
    let _ = timeout(visit.timeout, run.stop()).await;
}

struct Run {
    socket: Socket,
    session: EngineSession,
    begun: Instant,
}

impl Run {
    fn now(&self) -> Timestamp {
        Timestamp::new(self.begun.elapsed())
    }

    async fn first(&mut self, start: Start) -> First {
        let now = self.now();
        if self.session.start(now, start).is_err() || self.transmit().await.is_none() {
            return First::Closed(None);
        }
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let now = self.now();
                    self.session.handle_text(now, &text);
                    match self.session.poll_asked() {
                        Some(Asked::Request { request, .. }) => return First::Asked(request.name()),
                        Some(Asked::Terminate) => return First::Terminate,
                        Some(Asked::Unrecognised(what)) => return First::Nonsense(what.why.to_string()),
                        _ => {}
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return First::Closed(frame.map(|frame| (frame.code.into(), frame.reason.to_string())));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return First::Closed(None),
            }
        }
    }

    async fn stop(&mut self) -> Option<()> {
        let now = self.now();
        self.session.stop(now, StopReason::Normal).ok()?;
        self.transmit().await?;
        self.socket.close(None).await.ok()?;
        while let Some(Ok(_)) = self.socket.next().await {}
        Some(())
    }

    /// None if the connection is gone.
    async fn transmit(&mut self) -> Option<()> {
        while let Some(transmit) = self.session.poll_transmit() {
            let message = match transmit {
                Transmit::Text(text) => Message::Text(text.into()),
                Transmit::Ping => Message::Ping(Bytes::new()),
                Transmit::Close { code, reason } => {
                    Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }))
                }
                _ => continue,
            };
            self.socket.send(message).await.ok()?;
        }
        Some(())
    }
}
