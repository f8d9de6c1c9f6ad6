//! Both ends of a session as state machines that do no I/O.
//!
//! ```text
//!             handle_text ─┐                        ┌─► poll_transmit   frames for the socket
//!          handle_timeout ─┤   WorkflowSession /    ├─► poll_completed  ends of operations
//!       handle_disconnect ─┤    EngineSession       ├─► poll_event      what handlers react to
//!   request, respond, … ───┘                        └─► poll_timeout    when to call handle_timeout
//! ```
//!
//! Methods come in four kinds: getters; `handle_*` for what came from the network or the clock; verbs for what the
//! application wants; `poll_*` for what the caller must now do. Any number of inputs may come before the polls: a late
//! drain is late, never wrong. Time is a parameter and must not go back; randomness comes from an [`IdSource`]. Given
//! the same inputs, a session gives the same outputs.
//!
//! The **workflow side** asks and waits; the **engine side** pushes events and answers. Neither is called client or
//! server, because the workflow is the WebSocket server and the one who calls.

mod close;
mod config;
mod engine;
mod ids;
mod link;
mod pending;
mod queue;
mod scratch;
mod time;
mod workflow;

pub use close::CloseReason;
pub use config::SessionConfig;
pub use engine::{Asked, EngineSession, Misuse, Token};
pub use ids::IdSource;
pub use link::Transmit;
pub use pending::{Failure, Operation, Outcome, Reply, RequestOptions};
pub use time::Timestamp;
pub use workflow::{Incoming, Op, Refused, WorkflowSession};

/// What a session's next deadline is for. In logs it explains why a session woke up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deadline {
    /// The response to a request, or the event that ends it.
    Answer,
    /// The stop event after `terminate`.
    Stop,
    /// The peer was silent and will be pinged.
    Ping,
    /// The peer should have answered a ping.
    Pong,
    /// The peer should have closed the connection.
    Close,
}
