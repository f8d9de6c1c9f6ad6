//! The engine side of a session: pushes events and answers requests.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::link::Link;
use super::{CloseReason, Deadline, SessionConfig, Timestamp, Transmit};
use crate::codec::{self, FromWorkflow, Unrecognised};
use crate::types::StopReason;
use crate::{Event, Request, Response, Urn, event};

/// A request that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(u64);

/// What the workflow asked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Asked {
    /// A request to answer with [`respond`](EngineSession::respond) or [`refuse`](EngineSession::refuse).
    Request {
        /// Names the request when it is answered.
        token: Token,
        /// The id that the workflow chose. Later events name the request by it.
        id: String,
        /// Whom it is for; empty where the request takes no target.
        target: Vec<Urn>,
        /// What is wanted.
        request: Request,
    },
    /// The workflow asked to be terminated: answer with [`stop`](EngineSession::stop), nothing else.
    Terminate,
    /// A message that is no request of the schema. If it had an id it was refused already.
    Unrecognised(Unrecognised),
}

/// A call that the protocol does not allow at this point.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// The start event comes first and once.
    StartOrder,
    /// Nothing follows `stop`, or the end of the connection.
    Over,
    /// No such request waits for an answer: never asked, or answered already.
    NotAsked,
    /// The response is not of the request's kind.
    WrongResponse {
        /// The name of the request.
        request: &'static str,
        /// The name of the response.
        response: &'static str,
    },
    /// The message is larger than one may be.
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl core::error::Error for Misuse {}

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartOrder => f.write_str("the start event comes first and once"),
            Self::Over => f.write_str("the session is over"),
            Self::NotAsked => f.write_str("no such request waits for an answer"),
            Self::WrongResponse { request, response } => {
                write!(f, "a `{response}` response cannot answer a `{request}` request")
            }
            Self::TooLarge { bytes, limit } => {
                write!(f, "the message has {bytes} bytes, {limit} are allowed")
            }
        }
    }
}

/// The engine side of one session. See the [module](super) for how it is driven.
#[derive(Debug)]
pub struct EngineSession {
    config: SessionConfig,
    link: Link,
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
    asked: VecDeque<(Asked, usize)>,
    backlog: usize,
    started: bool,
}

#[derive(Debug)]
struct Waiting {
    id: String,
    request: &'static str,
}

impl EngineSession {
    /// A session whose connection was opened at `now`.
    pub fn new(now: Timestamp, config: SessionConfig) -> Self {
        Self {
            config,
            link: Link::new(now),
            next: 0,
            waiting: BTreeMap::new(),
            asked: VecDeque::new(),
            backlog: 0,
            started: false,
        }
    }

    // Getters.

    /// Why the session is over or is about to be; `None` while it is open.
    pub fn ending(&self) -> Option<&CloseReason> {
        self.link.ending()
    }

    /// Why the session is over, once it is.
    pub fn closed(&self) -> Option<&CloseReason> {
        self.link.closed()
    }

    /// Requests that wait for their answer.
    pub fn in_flight(&self) -> usize {
        self.waiting.len()
    }

    /// Bytes that wait to be written.
    pub fn outbound_bytes(&self) -> usize {
        self.link.outbox_bytes()
    }

    /// Bytes of messages that wait to be taken.
    pub fn backlog_bytes(&self) -> usize {
        self.backlog
    }

    // What came from the network or the clock.

    /// Takes a text message.
    pub fn handle_text(&mut self, now: Timestamp, frame: &str) {
        if self.link.ending().is_some() {
            return;
        }
        self.link.heard(now);
        let limit = self.config.max_message_bytes;
        if frame.len() > limit {
            return self.end(now, CloseReason::MessageTooLarge { bytes: frame.len(), limit });
        }
        match codec::from_workflow(frame) {
            FromWorkflow::Request { request: Request::Terminate(_), .. } => {
                self.queue(now, Asked::Terminate, frame.len())
            }
            FromWorkflow::Request { id, target, request } => {
                if self.waiting.len() >= self.config.max_in_flight {
                    let limit = self.config.max_in_flight;
                    return self.send(
                        now,
                        codec::encode_error(&id, &format!("too many requests in flight: {limit}")),
                    );
                }
                let id = id.into_owned();
                let token = Token(self.next);
                self.next += 1;
                self.waiting.insert(token.0, Waiting { id: id.clone(), request: request.name() });
                self.queue(now, Asked::Request { token, id, target, request }, frame.len());
            }
            FromWorkflow::Unrecognised(unrecognised) => {
                // Each request gets an answer, also one that cannot be read.
                if let Some(id) = &unrecognised.id {
                    let kind = unrecognised.kind.as_deref().unwrap_or("message");
                    self.send(now, codec::encode_error(id, &format!("{kind}: {}", unrecognised.why)));
                }
                self.queue(now, Asked::Unrecognised(unrecognised), frame.len());
            }
        }
    }

    /// A message above the limit came in, which whoever read it refused to hold.
    pub fn handle_oversized(&mut self, now: Timestamp, bytes: usize) {
        let limit = self.config.max_message_bytes;
        self.end(now, CloseReason::MessageTooLarge { bytes, limit });
    }

    /// Takes a binary message: read as text if it is UTF-8.
    pub fn handle_binary(&mut self, now: Timestamp, frame: &[u8]) {
        match core::str::from_utf8(frame) {
            Ok(text) => self.handle_text(now, text),
            Err(_) => self.link.heard(now),
        }
    }

    /// Takes a sign of life that is no message: a ping or a pong.
    pub fn handle_pong(&mut self, now: Timestamp) {
        self.link.heard(now);
    }

    /// Acts on every deadline up to `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        if self.link.handle_timeout(now, &self.config) {
            self.waiting.clear();
        }
    }

    /// The connection is gone; `code` is that of the peer's close frame, if there was one.
    pub fn handle_disconnect(&mut self, _now: Timestamp, code: Option<u16>) {
        self.link.disconnected(code);
        self.waiting.clear();
    }

    // What the platform wants.

    /// Sends the start event, which must be the first.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: nothing was sent.
    pub fn start(&mut self, now: Timestamp, start: event::Start) -> Result<(), Misuse> {
        if self.started {
            return Err(Misuse::StartOrder);
        }
        self.push(now, codec::encode_event(&start.into()))?;
        self.started = true;
        Ok(())
    }

    /// Sends an event. `stop` goes through [`stop`](Self::stop).
    ///
    /// # Errors
    ///
    /// [`Misuse`]: nothing was sent.
    pub fn emit(&mut self, now: Timestamp, event: impl Into<Event>) -> Result<(), Misuse> {
        let event = event.into();
        if !self.started || matches!(event, Event::Start(_) | Event::Stop(_)) {
            return Err(Misuse::StartOrder);
        }
        self.push(now, codec::encode_event(&event))
    }

    /// Answers a request.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: nothing was sent, and the request still waits if it did before.
    pub fn respond(
        &mut self,
        now: Timestamp,
        token: Token,
        response: impl Into<Response>,
    ) -> Result<(), Misuse> {
        let response = response.into();
        let waiting = self.waiting(token)?;
        if waiting.request != response.name() {
            return Err(Misuse::WrongResponse { request: waiting.request, response: response.name() });
        }
        let frame = codec::encode_response(&waiting.id, &response);
        self.push(now, frame)?;
        self.waiting.remove(&token.0);
        Ok(())
    }

    /// Answers a request with an error.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: nothing was sent.
    pub fn refuse(&mut self, now: Timestamp, token: Token, error: &str) -> Result<(), Misuse> {
        let waiting = self.waiting(token)?;
        let frame = codec::encode_error(&waiting.id, error);
        self.push(now, frame)?;
        self.waiting.remove(&token.0);
        Ok(())
    }

    /// Says that a request is still being worked on. Some official SDKs cannot cope: only for what really takes long.
    ///
    /// # Errors
    ///
    /// [`Misuse`]: nothing was sent.
    pub fn progress(&mut self, now: Timestamp, token: Token) -> Result<(), Misuse> {
        let waiting = self.waiting(token)?;
        let frame = codec::encode_progress(&waiting.id);
        self.push(now, frame)
    }

    /// Sends the stop event and closes. Requests that wait are abandoned.
    ///
    /// # Errors
    ///
    /// [`Misuse::Over`] when the session has ended already.
    pub fn stop(&mut self, now: Timestamp, reason: impl Into<StopReason>) -> Result<(), Misuse> {
        let reason = reason.into();
        self.push(now, codec::encode_event(&event::Stop::new().reason(reason.clone()).into()))?;
        self.end(now, CloseReason::Stopped(reason));
        Ok(())
    }

    /// Ends the session without a stop event.
    pub fn close(&mut self, now: Timestamp, code: u16, reason: &str) {
        self.end(now, CloseReason::Local { code, reason: reason.to_string() });
    }

    // What the driver must do.

    /// The next message to write, until `None`. Write and flush each by itself: some official SDKs lose the second of
    /// two that arrive in one read.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.link.poll_transmit()
    }

    /// What the workflow asked next, until `None`. Not taking it is back-pressure, up to the backlog's limit.
    pub fn poll_asked(&mut self) -> Option<Asked> {
        let (asked, bytes) = self.asked.pop_front()?;
        self.backlog -= bytes;
        Some(asked)
    }

    /// When [`handle_timeout`](Self::handle_timeout) must be called next, and why.
    pub fn poll_timeout(&self) -> Option<(Timestamp, Deadline)> {
        self.link.poll_timeout(&self.config)
    }

    fn queue(&mut self, now: Timestamp, asked: Asked, bytes: usize) {
        let limit = self.config.max_backlog_bytes;
        if self.backlog + bytes > limit {
            return self.end(now, CloseReason::Backlog { limit });
        }
        self.backlog += bytes;
        self.asked.push_back((asked, bytes));
    }

    fn waiting(&self, token: Token) -> Result<&Waiting, Misuse> {
        match self.link.ending() {
            Some(_) => Err(Misuse::Over),
            None => self.waiting.get(&token.0).ok_or(Misuse::NotAsked),
        }
    }

    fn push(&mut self, now: Timestamp, frame: String) -> Result<(), Misuse> {
        if self.link.ending().is_some() {
            return Err(Misuse::Over);
        }
        let (bytes, limit) = (frame.len(), self.config.max_message_bytes);
        if bytes > limit {
            return Err(Misuse::TooLarge { bytes, limit });
        }
        self.send(now, frame);
        // The frame may have been the one too many.
        if self.link.ending().is_some() { Err(Misuse::Over) } else { Ok(()) }
    }

    /// Queues a frame, or ends the session with a workflow that does not read.
    fn send(&mut self, now: Timestamp, frame: String) {
        let limit = self.config.max_outbound_bytes;
        if self.link.outbox_bytes() + frame.len() > limit {
            return self.end(now, CloseReason::Outbound { limit });
        }
        self.link.send(frame);
    }

    /// Closes the connection. Requests that wait are abandoned.
    fn end(&mut self, now: Timestamp, reason: CloseReason) {
        self.waiting.clear();
        self.link.close(now, reason, &self.config);
    }
}
