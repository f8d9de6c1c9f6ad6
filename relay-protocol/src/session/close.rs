//! How a session ends.

use alloc::string::String;
use core::fmt;

use crate::types::StopReason;

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The engine said `stop`: the regular end.
    Stopped(StopReason),
    /// The peer closed the connection, or it broke, without a `stop`.
    Disconnected {
        /// The WebSocket close code, if there was a close frame.
        code: Option<u16>,
    },
    /// This side closed it.
    Local {
        /// The WebSocket close code sent.
        code: u16,
        /// The text sent with it.
        reason: String,
    },
    /// The peer answered no ping.
    PingTimeout,
    /// The peer sent a message above the limit.
    MessageTooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Events, or requests, came faster than they were taken.
    Backlog {
        /// The limit in bytes.
        limit: usize,
    },
    /// The engine side: the workflow left no way to answer it, the outbound queue being full.
    Outbound {
        /// The limit in bytes.
        limit: usize,
    },
}

impl CloseReason {
    /// The WebSocket close code and text to send for this reason.
    pub(super) fn frame(&self) -> (u16, &str) {
        match self {
            Self::Stopped(_) | Self::Disconnected { .. } => (1000, ""),
            Self::Local { code, reason } => (*code, reason),
            Self::PingTimeout => (1001, "no answer to a ping"),
            Self::MessageTooLarge { .. } => (1009, "message too large"),
            Self::Backlog { .. } => (1008, "messages came faster than they were handled"),
            Self::Outbound { .. } => (1008, "messages were not read fast enough"),
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped(reason) => write!(f, "stopped ({reason})"),
            Self::Disconnected { code: None } => f.write_str("the connection broke without a stop event"),
            Self::Disconnected { code: Some(code) } => {
                write!(f, "the peer closed the connection without a stop event (code {code})")
            }
            Self::Local { code, reason } => write!(f, "closed by this side with code {code}: {reason}"),
            Self::PingTimeout => f.write_str("the peer answered no ping"),
            Self::MessageTooLarge { bytes, limit } => {
                write!(f, "the peer sent a message of {bytes} bytes, {limit} are allowed")
            }
            Self::Backlog { limit } => {
                write!(f, "more than {limit} bytes of messages were waiting to be handled")
            }
            Self::Outbound { limit } => write!(f, "more than {limit} bytes were waiting to be sent"),
        }
    }
}
