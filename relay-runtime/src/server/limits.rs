//! What a stranger, a slow peer or a busy day may cost.

use std::sync::Arc;
use std::time::Duration;

use relay_protocol::session::SessionConfig;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::extract::States;
use crate::session::SessionSettings;

/// Bounds of a server and its sessions.
///
/// ```
/// # use relay_runtime::server::Limits;
/// let mut limits = Limits::default();
/// limits.max_sessions = 500;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Sessions that run at once. One more is refused during the upgrade with HTTP 503 and `Retry-After`.
    /// Default: 65,536. Each costs one file descriptor, so the process limit (`ulimit -n`) must allow as many.
    pub max_sessions: usize,

    /// Connections in their TLS or HTTP handshake at once. More wait in the kernel's queue. At least 1.
    /// Default: 1,024.
    pub max_handshakes: usize,

    /// Time from the accepted connection to the finished upgrade, TLS included; then the connection is cut.
    /// Default: 10 s.
    pub handshake_timeout: Duration,

    /// Largest message, in bytes of payload, that is taken from the peer; a larger one ends its session.
    /// Default: 1 MiB. A session may hold on to a buffer of this size once it has received such a message.
    pub max_message_bytes: usize,

    /// Bytes that may wait to be sent to a peer that reads too slowly; also the largest message that can be sent.
    /// Default: 1 MiB.
    pub max_outbound_bytes: usize,

    /// Bytes of events that may wait for their handlers; more ends the session. Default: 1 MiB.
    pub max_backlog_bytes: usize,

    /// Requests of one session that may wait for their answer at once. Default: 1,024.
    pub max_in_flight: usize,

    /// Longest that any action may wait for Relay to accept it, and then for its end; progress starts the time anew. What
    /// an action would wait longer, by itself or by its `within`, is cut to this, but for terminating. Waits for people, such
    /// as for a button or for missed messages being played, are as long as they are. Default: none.
    pub max_action_time: Option<Duration>,

    /// Handlers of one session that run at once; further events wait. Default: 256.
    pub max_handlers: usize,

    /// Time that the handlers of a session get to finish once it is over; then they are dropped. Default: 5 s.
    pub handler_grace: Duration,

    /// Silence of the peer after which it is pinged. Default: 30 s, as in the official SDK for JavaScript.
    pub ping_interval: Duration,

    /// Time in which the peer has to answer a ping; then the session ends as disconnected. Default: 20 s.
    pub ping_timeout: Duration,

    /// Time that running sessions get to end by themselves after the first shutdown signal. Default: 30 s.
    pub drain_timeout: Duration,

    /// Time that sessions get to finish the closing handshake (code 1001) after that; then they are aborted.
    /// Default: 5 s.
    pub close_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_sessions: 65_536,
            max_handshakes: 1_024,
            handshake_timeout: Duration::from_secs(10),
            max_message_bytes: 1 << 20,
            max_outbound_bytes: 1 << 20,
            max_backlog_bytes: 1 << 20,
            max_in_flight: 1_024,
            max_action_time: None,
            max_handlers: 256,
            handler_grace: Duration::from_secs(5),
            ping_interval: Duration::from_secs(30),
            ping_timeout: Duration::from_secs(20),
            drain_timeout: Duration::from_secs(30),
            close_timeout: Duration::from_secs(5),
        }
    }
}

/// Read buffer of a session, in bytes. It is allocated at once and kept, so it is most of what an idle session costs
/// beside TLS; Relay's messages mostly fit. Not smaller: `BytesMut` only remembers capacities from 1 KiB on, and
/// tungstenite would fall back to reads of a few bytes when a message outlives the next read.
const READ_BUFFER: usize = 1024;

/// Bytes that may gather before they are written without being asked to, so that messages sent in one go share a
/// system call and a TLS record. Allocated only when something is sent.
const WRITE_BUFFER: usize = 1024;

/// What may stand in the socket's buffer beside one message of the largest size: its header, what gathered before it,
/// and pongs. The session bounds its messages itself; the socket's own bound is for the pongs of a peer that pings
/// without reading, and a message that met it would break the connection.
const WRITE_BUFFER_SLACK: usize = 4 * 1024;

impl Limits {
    /// What sessions need of them.
    pub(crate) fn session(&self, states: States) -> SessionSettings {
        let mut protocol = SessionConfig::default();
        protocol.max_message_bytes = self.max_message_bytes;
        protocol.max_in_flight = self.max_in_flight;
        protocol.max_wait = self.max_action_time;
        protocol.max_outbound_bytes = self.max_outbound_bytes;
        protocol.max_backlog_bytes = self.max_backlog_bytes;
        protocol.ping_interval = Some(self.ping_interval);
        protocol.ping_timeout = self.ping_timeout;
        protocol.close_timeout = self.close_timeout;
        SessionSettings {
            protocol,
            max_handlers: self.max_handlers.max(1),
            handler_grace: self.handler_grace,
            states: Arc::new(states),
            observers: Vec::new(),
        }
    }

    pub(crate) fn websocket(&self) -> WebSocketConfig {
        WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(self.max_outbound_bytes.saturating_add(WRITE_BUFFER_SLACK))
            .max_message_size(Some(self.max_message_bytes))
            .max_frame_size(Some(self.max_message_bytes))
    }
}
