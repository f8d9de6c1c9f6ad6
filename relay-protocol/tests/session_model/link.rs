//! What both sides do with their connection: pings, the close frame, and the time that the peer has to close.

use crate::input::{CLOSE, PING, PONG};

/// Times are in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Link {
    pub(crate) now: u64,
    ping: bool,
    close: bool,
    close_said: bool,
    last_heard: u64,
    pinged: Option<u64>,
    /// When the peer must have closed.
    closing: Option<u64>,
    pub(crate) closed: bool,
}

/// What waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Ping,
    Close,
}

impl Link {
    pub(crate) fn over(&self) -> bool {
        self.closed || self.closing.is_some()
    }

    pub(crate) fn heard(&mut self) {
        (self.last_heard, self.pinged) = (self.now, None);
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        match self.pinged {
            _ if self.closed => None,
            _ if self.over() => self.closing,
            Some(at) => Some(at + PONG),
            None => Some(self.last_heard + PING),
        }
    }

    pub(crate) fn sent(&mut self) -> Option<Control> {
        let ping = std::mem::take(&mut self.ping).then_some(Control::Ping);
        ping.or_else(|| std::mem::take(&mut self.close).then_some(Control::Close))
    }

    /// Acts on what is due. True when the session ends by it.
    pub(crate) fn wait(&mut self, time: u64) -> bool {
        self.now += time;
        if self.deadline().is_none_or(|due| due > self.now) {
            return false;
        }
        if self.over() {
            self.disconnect();
            self.close = !self.close_said;
        } else if self.pinged.is_some() {
            self.end(true);
        } else {
            (self.pinged, self.ping) = (Some(self.now), true);
        }
        self.over()
    }

    /// Decides the end. `ours`: with a close frame from this side.
    pub(crate) fn end(&mut self, ours: bool) {
        if !self.over() {
            (self.close, self.close_said) = (ours, ours);
            self.closing = Some(self.now + CLOSE);
        }
    }

    pub(crate) fn disconnect(&mut self) {
        (self.closed, self.ping, self.close) = (true, false, false);
    }
}
