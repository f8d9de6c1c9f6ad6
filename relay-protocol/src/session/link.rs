//! What both sides need of their connection: a bounded outbox, pings, and an orderly close.

use alloc::string::String;

use super::queue::Queue;
use super::{CloseReason, Deadline, SessionConfig, Timestamp};

/// What the driver must put on the wire. Pongs are the WebSocket library's business.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transmit {
    /// One text message.
    Text(String),
    /// A ping without payload.
    Ping,
    /// A close frame. Nothing follows it.
    Close {
        /// The WebSocket close code.
        code: u16,
        /// The text beside it.
        reason: String,
    },
}

#[derive(Debug)]
pub(super) struct Link {
    outbox: Queue<String>,
    outbox_bytes: usize,
    ping_due: bool,
    close_due: Option<(u16, String)>,
    /// Whether this side's close frame is sent or due.
    close_said: bool,
    last_heard: Timestamp,
    pinged_at: Option<Timestamp>,
    state: State,
}

#[derive(Debug)]
enum State {
    Open,
    /// The end is decided. The peer has until `until` to close the connection.
    Closing {
        reason: CloseReason,
        until: Timestamp,
    },
    Closed(CloseReason),
}

impl Link {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            outbox: Queue::new(),
            outbox_bytes: 0,
            ping_due: false,
            close_due: None,
            close_said: false,
            last_heard: now,
            pinged_at: None,
            state: State::Open,
        }
    }

    /// Why the session is over or about to be; `None` while it is open.
    pub(super) fn ending(&self) -> Option<&CloseReason> {
        match &self.state {
            State::Open => None,
            State::Closing { reason, .. } | State::Closed(reason) => Some(reason),
        }
    }

    pub(super) fn closed(&self) -> Option<&CloseReason> {
        match &self.state {
            State::Closed(reason) => Some(reason),
            _ => None,
        }
    }

    pub(super) fn outbox_bytes(&self) -> usize {
        self.outbox_bytes
    }

    pub(super) fn send(&mut self, frame: String) {
        self.outbox_bytes += frame.len();
        self.outbox.push(frame);
    }

    pub(super) fn heard(&mut self, now: Timestamp) {
        self.last_heard = now;
        self.pinged_at = None;
    }

    /// Decides the end without a close frame of ours yet: the peer is expected to close.
    pub(super) fn expect_close(&mut self, now: Timestamp, reason: CloseReason, config: &SessionConfig) {
        if matches!(self.state, State::Open) {
            self.state = State::Closing { reason, until: now + config.close_timeout };
        }
    }

    /// Decides the end and sends a close frame after what is already in the outbox.
    pub(super) fn close(&mut self, now: Timestamp, reason: CloseReason, config: &SessionConfig) {
        if matches!(self.state, State::Open) {
            let (code, text) = reason.frame();
            self.close_due = Some((code, text.into()));
            self.close_said = true;
            self.state = State::Closing { reason, until: now + config.close_timeout };
        }
    }

    /// The connection is gone. A reason decided before stays the reason.
    pub(super) fn disconnected(&mut self, code: Option<u16>) {
        let reason = match core::mem::replace(&mut self.state, State::Open) {
            State::Open => CloseReason::Disconnected { code },
            State::Closing { reason, .. } | State::Closed(reason) => reason,
        };
        self.state = State::Closed(reason);
        self.outbox.clear();
        self.outbox_bytes = 0;
        self.ping_due = false;
        self.close_due = None;
    }

    pub(super) fn poll_transmit(&mut self) -> Option<Transmit> {
        if let Some(frame) = self.outbox.pop() {
            self.outbox_bytes -= frame.len();
            return Some(Transmit::Text(frame));
        }
        if core::mem::take(&mut self.ping_due) {
            return Some(Transmit::Ping);
        }
        self.close_due.take().map(|(code, reason)| Transmit::Close { code, reason })
    }

    pub(super) fn poll_timeout(&self, config: &SessionConfig) -> Option<(Timestamp, Deadline)> {
        match (&self.state, config.ping_interval) {
            (State::Open, None) | (State::Closed(_), _) => None,
            (State::Open, Some(interval)) => Some(match self.pinged_at {
                None => (self.last_heard + interval, Deadline::Ping),
                Some(at) => (at + config.ping_timeout, Deadline::Pong),
            }),
            (State::Closing { until, .. }, _) => Some((*until, Deadline::Close)),
        }
    }

    /// Acts on the link's own deadline if it has passed. True when the link is the reason that the session ends now.
    pub(super) fn handle_timeout(&mut self, now: Timestamp, config: &SessionConfig) -> bool {
        let Some((due, deadline)) = self.poll_timeout(config) else { return false };
        if now < due {
            return false;
        }
        match deadline {
            Deadline::Ping => {
                self.pinged_at = Some(now);
                self.ping_due = true;
                false
            }
            Deadline::Pong => {
                self.close(now, CloseReason::PingTimeout, config);
                true
            }
            // The peer had its time: count the connection as gone. If no close frame was sent yet, send one.
            _ => {
                let unsaid = (!self.close_said).then(|| self.ending().map(|r| r.frame())).flatten();
                let unsaid = unsaid.map(|(code, text)| (code, text.into()));
                self.disconnected(None);
                self.close_due = unsaid;
                true
            }
        }
    }
}
