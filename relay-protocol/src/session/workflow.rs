//! The workflow side of a session: asks, waits, and hears events.

use alloc::string::ToString;
use core::fmt;

use super::ids::RequestIds;
use super::link::Link;
use super::pending::{Operation, Pending};
use super::queue::Queue;
use super::scratch::Scratch;
use super::{
    CloseReason, Deadline, Failure, IdSource, Outcome, RequestOptions, SessionConfig, Timestamp, Transmit,
};
use crate::codec::{self, FromEngine, Unrecognised};
use crate::types::{LifecycleType, PromptType};
use crate::{Ends, Event, RequestBody, Response, Urn};

/// An operation under way, as a number that is never used again in its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Op(u64);

impl Op {
    /// The number itself, for logs.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// Something for the workflow's handlers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Incoming {
    /// An event of the schema.
    Event(Event),
    /// A message that the schema does not know, or that does not fit it.
    Unrecognised(Unrecognised),
}

/// Why a request was not even sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The session is over, or about to be.
    Closed(CloseReason),
    /// `terminate` was sent: nothing can follow it.
    Terminating,
    /// Too many requests are waiting for their end.
    TooManyInFlight {
        /// The limit.
        limit: usize,
    },
    /// Too many bytes are waiting to be written.
    Backlog {
        /// The limit in bytes.
        limit: usize,
    },
    /// The request is larger than a message may be.
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl core::error::Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(reason) => write!(f, "the session is over: {reason}"),
            Self::Terminating => f.write_str("the workflow has asked to be terminated"),
            Self::TooManyInFlight { limit } => {
                write!(f, "{limit} requests are in flight, which is the limit")
            }
            Self::Backlog { limit } => write!(f, "{limit} bytes wait to be sent, which is the limit"),
            Self::TooLarge { bytes, limit } => {
                write!(f, "the message has {bytes} bytes, {limit} are allowed")
            }
        }
    }
}

/// The workflow side of one session. See the [module](super) for how it is driven.
#[derive(Debug)]
pub struct WorkflowSession {
    config: SessionConfig,
    link: Link,
    scratch: Scratch,
    ids: RequestIds,
    next: u64,
    pending: Queue<(u64, Pending)>,
    completed: Queue<(Op, Outcome)>,
    events: Queue<(Incoming, usize)>,
    backlog: usize,
    /// Not later than the first deadline in `pending`. A lower bound, so that completing costs no search.
    answer_due: Option<Timestamp>,
    terminating: bool,
    /// When the engine must have stopped, as it was asked to.
    stop_due: Option<Timestamp>,
    /// Whether this engine names the request of a prompt. Old ones do not.
    prompts_have_ids: bool,
}

impl WorkflowSession {
    /// A session whose connection was opened at `now`.
    pub fn new(now: Timestamp, config: SessionConfig, ids: &mut dyn IdSource) -> Self {
        Self {
            config,
            link: Link::new(now),
            scratch: Scratch::default(),
            ids: RequestIds::new(ids.next()),
            next: 0,
            pending: Queue::new(),
            completed: Queue::new(),
            events: Queue::new(),
            backlog: 0,
            answer_due: None,
            terminating: false,
            stop_due: None,
            prompts_have_ids: false,
        }
    }

    // Getters.

    /// Why the session is over or is about to be; `None` while it is open.
    pub fn ending(&self) -> Option<&CloseReason> {
        self.link.ending()
    }

    /// Why the session is over, once it is: the connection is gone, or must be dropped after what
    /// [`poll_transmit`](Self::poll_transmit) still has.
    pub fn closed(&self) -> Option<&CloseReason> {
        self.link.closed()
    }

    /// Operations that wait for their end.
    pub fn in_flight(&self) -> usize {
        self.pending.len()
    }

    /// The same one by one, the oldest first: for those who ask why nothing happens.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = Operation<'_>> {
        self.pending.iter().map(|(_, pending)| pending.show())
    }

    /// Bytes that wait to be written.
    pub fn outbound_bytes(&self) -> usize {
        self.link.outbox_bytes()
    }

    /// Bytes of events that wait to be taken.
    pub fn backlog_bytes(&self) -> usize {
        self.backlog
    }

    /// The event that came last and its size in bytes, unless it was taken. For those who watch events besides the
    /// handlers, and must not depend on whether a handler has time for them.
    pub fn newest_event(&self) -> Option<(&Incoming, usize)> {
        self.events.last().map(|(incoming, bytes)| (incoming, *bytes))
    }

    // What came from the network or the clock.

    /// Takes a text message.
    pub fn handle_text(&mut self, now: Timestamp, frame: &str) {
        if self.link.ending().is_some() {
            return; // nothing that comes after the end counts
        }
        self.link.heard(now);
        let limit = self.config.max_message_bytes;
        if frame.len() > limit {
            return self.close_with(now, CloseReason::MessageTooLarge { bytes: frame.len(), limit });
        }
        match codec::from_engine(frame) {
            FromEngine::Response { id, response } => self.response(now, &id, response, frame),
            FromEngine::Refused { id, error } => {
                if let Some(op) = self.op(&id) {
                    self.complete(op, Err(Failure::Refused { error }));
                }
            }
            FromEngine::Progress { id } => {
                if let Some(pending) = self.op(&id).and_then(|op| self.pending.get_mut(op.0)) {
                    pending.rearm(now);
                    // The lower bound may have become too low; it is corrected when it passes.
                    if pending.waits_for(Ends::Stop) {
                        self.stop_due = pending.deadline;
                    }
                }
            }
            FromEngine::Event(event) => self.event(now, event, frame.len()),
            FromEngine::Unrecognised(unrecognised) => {
                self.queue(now, Incoming::Unrecognised(unrecognised), frame.len())
            }
        }
    }

    /// A message above the limit came in, which whoever read it refused to hold.
    pub fn handle_oversized(&mut self, now: Timestamp, bytes: usize) {
        self.close_with(now, CloseReason::MessageTooLarge { bytes, limit: self.config.max_message_bytes });
    }

    /// Takes a binary message: some peers accept text that is sent as such, so it is read if it is UTF-8.
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
            self.fail_all();
        }
        if self.answer_due.is_some_and(|due| due <= now) {
            self.answer_due = None;
            let mut late = alloc::vec::Vec::new();
            for &(count, ref pending) in self.pending.iter() {
                match pending.deadline {
                    Some(due) if due <= now => late.push(count),
                    due => self.answer_due = earlier(self.answer_due, due),
                }
            }
            for count in late {
                if let Some(pending) = self.pending.take(count) {
                    self.completed.push((Op(count), Err(pending.timed_out())));
                }
            }
        }
        if self.stop_due.is_some_and(|due| due <= now) {
            self.close(now, 1011, "asked to be terminated, and was not stopped");
        }
    }

    /// The connection is gone; `code` is that of the peer's close frame, if there was one.
    pub fn handle_disconnect(&mut self, _now: Timestamp, code: Option<u16>) {
        self.link.disconnected(code);
        self.fail_all();
    }

    // What the application wants.

    /// Sends a request and begins to wait for its end, which [`poll_completed`](Self::poll_completed) reports exactly
    /// once unless it is [forgotten](Self::forget).
    ///
    /// `terminate` passes the limits on what is in flight and outbound. An engine that does not stop in the time for it
    /// is left, with close code 1011, whether or not somebody still waits.
    ///
    /// # Errors
    ///
    /// [`Refused`]: the request was not sent, and nothing waits.
    pub fn request<R: RequestBody>(
        &mut self,
        now: Timestamp,
        target: &[Urn],
        body: &R,
        options: RequestOptions,
    ) -> Result<Op, Refused> {
        if let Some(reason) = self.link.ending() {
            return Err(Refused::Closed(reason.clone()));
        }
        if self.terminating {
            return Err(Refused::Terminating);
        }
        let terminates = R::ENDS == Ends::Stop;
        if self.pending.len() >= self.config.max_in_flight && !terminates {
            return Err(Refused::TooManyInFlight { limit: self.config.max_in_flight });
        }
        let count = self.next;
        let frame = self.scratch.text(|frame| {
            codec::append_request(frame, &self.ids.with(count), target, body);
        });
        let (bytes, limit) = (frame.len(), self.config.max_message_bytes);
        if bytes > limit {
            return Err(Refused::TooLarge { bytes, limit });
        }
        if self.link.outbox_bytes() + bytes > self.config.max_outbound_bytes && !terminates {
            return Err(Refused::Backlog { limit: self.config.max_outbound_bytes });
        }
        // The wait is registered before the request can leave: its end may come with the very next read.
        let options = match self.config.max_wait {
            Some(longest) if !terminates => options.no_longer_than(longest),
            _ => options,
        };
        let pending = Pending::new(now, target, body, options);
        self.answer_due = earlier(self.answer_due, pending.deadline);
        if terminates {
            (self.terminating, self.stop_due) = (true, pending.deadline);
        }
        self.pending.push((count, pending));
        self.next += 1;
        self.link.send(frame);
        Ok(Op(count))
    }

    /// Stops waiting. The request is not unsent; its answer will be ignored.
    pub fn forget(&mut self, op: Op) {
        if !self.pending.discard(op.0) {
            self.completed.retain(|(done, _)| *done != op);
        }
    }

    /// Ends the session from this side with a WebSocket close frame.
    pub fn close(&mut self, now: Timestamp, code: u16, reason: &str) {
        self.close_with(now, CloseReason::Local { code, reason: reason.to_string() });
    }

    // What the driver must do.

    /// The next message to write, until `None`.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.link.poll_transmit()
    }

    /// The next operation that ended, until `None`.
    pub fn poll_completed(&mut self) -> Option<(Op, Outcome)> {
        self.completed.pop()
    }

    /// The operations that ended and were not taken yet.
    pub fn completed(&self) -> impl Iterator<Item = Op> {
        self.completed.iter().map(|(op, _)| *op)
    }

    /// The end of one operation, for callers that wait for each by itself. `None` while it goes on.
    pub fn take_completed(&mut self, op: Op) -> Option<Outcome> {
        let at = self.completed.iter().position(|(done, _)| *done == op)?;
        self.completed.remove(at).map(|(_, outcome)| outcome)
    }

    /// The next event for the handlers, until `None`. Not taking them is back-pressure, up to the backlog's limit.
    pub fn poll_event(&mut self) -> Option<Incoming> {
        let (incoming, bytes) = self.events.pop()?;
        self.backlog -= bytes;
        Some(incoming)
    }

    /// When [`handle_timeout`](Self::handle_timeout) must be called next, and why. May be early, never late.
    pub fn poll_timeout(&self) -> Option<(Timestamp, Deadline)> {
        let answer = self.answer_due.map(|due| (due, Deadline::Answer));
        let stop = self.stop_due.filter(|_| self.ending().is_none()).map(|due| (due, Deadline::Stop));
        [answer, stop, self.link.poll_timeout(&self.config)].into_iter().flatten().min_by_key(|(due, _)| *due)
    }

    fn op(&self, id: &str) -> Option<Op> {
        let count = self.ids.count_in(id)?;
        self.pending.get(count).map(|_| Op(count))
    }

    fn response(&mut self, now: Timestamp, id: &str, response: Response, frame: &str) {
        let Some(op) = self.op(id) else { return };
        let Some(pending) = self.pending.get_mut(op.0).filter(|p| p.expects(&response)) else {
            // The right id with the wrong type answers nothing; somebody may want to know.
            let unrecognised = Unrecognised {
                kind: Some(response.type_name().to_string()),
                id: Some(id.to_string()),
                frame: frame.to_string(),
                why: codec::Why::Invalid("not the response that this request waits for".to_string()),
            };
            return self.queue(now, Incoming::Unrecognised(unrecognised), frame.len());
        };
        match pending.respond(now, response) {
            Some(reply) => self.complete(op, Ok(reply)),
            None => self.answer_due = earlier(self.answer_due, pending.deadline),
        }
    }

    fn event(&mut self, now: Timestamp, event: Event, bytes: usize) {
        if let Some(op) = self.ended_by(&event)
            && let Some(mut pending) = self.pending.take(op.0)
        {
            let outcome = pending.end(&event);
            self.completed.push((op, outcome));
        }
        if let Event::Stop(stop) = &event {
            // The engine closes now. What still waits will never end.
            let reason = CloseReason::Stopped(stop.reason.clone());
            self.queue(now, Incoming::Event(event), bytes);
            self.link.expect_close(now, reason, &self.config);
            return self.fail_all();
        }
        self.queue(now, Incoming::Event(event), bytes);
    }

    /// The operation that `event` ends, if any.
    fn ended_by(&mut self, event: &Event) -> Option<Op> {
        let op = match event {
            Event::Prompt(prompt) => {
                self.prompts_have_ids |= prompt.id.is_some();
                if !matches!(prompt.kind, PromptType::Stopped | PromptType::Failed) {
                    return None;
                }
                let op = match &prompt.id {
                    Some(id) => self.op(id)?,
                    // Engines of 2022 did not say which prompt it was: then it is the oldest on that interaction.
                    None if !self.prompts_have_ids => {
                        let source = prompt.source_uri.as_ref()?;
                        self.oldest(Ends::Prompt, |pending| pending.plays_on(source))?
                    }
                    None => return None,
                };
                let pending = self.pending.get_mut(op.0).filter(|p| p.waits_for(Ends::Prompt))?;
                let done =
                    pending.prompt_stopped(prompt.source_uri.as_ref()) || prompt.kind == PromptType::Failed;
                return done.then_some(op);
            }
            Event::Speech(speech) => {
                let op = self.op(speech.request_id.as_deref()?)?;
                return self.pending.get(op.0)?.waits_for(Ends::Speech).then_some(op);
            }
            Event::InteractionLifecycle(lifecycle) => {
                let ends = match lifecycle.kind {
                    LifecycleType::Started | LifecycleType::Failed => Ends::Started,
                    LifecycleType::Ended => Ends::Ended,
                    _ => return None,
                };
                self.oldest(ends, |pending| pending.concerns(&lifecycle.source_uri))?
            }
            Event::Stop(_) => self.oldest(Ends::Stop, |_| true)?,
            _ => return None,
        };
        Some(op)
    }

    fn oldest(&self, ends: Ends, mut which: impl FnMut(&Pending) -> bool) -> Option<Op> {
        self.pending.iter().find(|(_, p)| p.waits_for(ends) && which(p)).map(|(count, _)| Op(*count))
    }

    fn complete(&mut self, op: Op, outcome: Outcome) {
        if self.pending.discard(op.0) {
            self.completed.push((op, outcome));
        }
    }

    fn queue(&mut self, now: Timestamp, incoming: Incoming, bytes: usize) {
        let limit = self.config.max_backlog_bytes;
        if self.backlog + bytes > limit {
            return self.close_with(now, CloseReason::Backlog { limit });
        }
        self.backlog += bytes;
        self.events.push((incoming, bytes));
    }

    fn close_with(&mut self, now: Timestamp, reason: CloseReason) {
        self.link.close(now, reason, &self.config);
        self.fail_all();
    }

    /// Ends everything that waits, when the session is over: nobody will answer.
    fn fail_all(&mut self) {
        let Some(reason) = self.link.ending().cloned() else { return };
        self.answer_due = None;
        for (count, _) in core::mem::replace(&mut self.pending, Queue::new()) {
            self.completed.push((Op(count), Err(Failure::Closed(reason.clone()))));
        }
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
