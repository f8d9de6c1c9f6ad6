//! What bounds a session.

use core::time::Duration;

/// Limits and timers of a session. Either side has the same ones.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionConfig {
    /// Largest message taken or sent, in bytes. A larger one that comes in ends the session with close code 1009; a
    /// larger one to send is refused. Default: 1 MiB, the least that an official SDK accepts by its own default.
    pub max_message_bytes: usize,
    /// Requests that may wait for their end at once. Default: 1,024.
    pub max_in_flight: usize,
    /// Bytes that may wait to be written. Default: 4 MiB.
    pub max_outbound_bytes: usize,
    /// Bytes of events, or of requests, that may wait to be taken by the caller. More ends the session with close code
    /// 1008. Default: 4 MiB.
    pub max_backlog_bytes: usize,
    /// Longest wait of the workflow side for a response, and then for the event that ends the operation: whatever longer
    /// was asked for is cut to it, but for `terminate`. Default: none.
    pub max_wait: Option<Duration>,
    /// Silence after which the peer is pinged; `None` never pings. Default: 30 s.
    pub ping_interval: Option<Duration>,
    /// How long a pinged peer may stay silent. Default: 30 s.
    pub ping_timeout: Duration,
    /// How long the peer may take to close the connection once it should. Default: 5 s.
    pub close_timeout: Duration,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            max_message_bytes: 1 << 20,
            max_in_flight: 1024,
            max_outbound_bytes: 4 << 20,
            max_backlog_bytes: 4 << 20,
            max_wait: None,
            ping_interval: Some(Duration::from_secs(30)),
            ping_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
        }
    }
}
