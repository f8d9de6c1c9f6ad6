//! One session: the sans-IO core of `relay-protocol`, driven over a WebSocket, with the handlers in the same task.

mod alarm;
mod closing;
mod driver;
mod handlers;
mod observe;
mod shared;
mod turn;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use relay_protocol::session::CloseReason;

pub(crate) use closing::Closing;
pub(crate) use driver::run;
pub(crate) use handlers::HandlerFailure;
#[cfg(feature = "testing")]
pub(crate) use handlers::panic_message;
pub(crate) use observe::{Observer, Probe};
pub(crate) use shared::{SessionInfo, Shared};
pub(crate) use watch::{Seen, Wanted, Watch};

use crate::extract::States;

/// What all sessions of a server have in common.
#[derive(Debug)]
pub(crate) struct SessionSettings {
    /// Limits and timers of the protocol.
    pub(crate) protocol: relay_protocol::session::SessionConfig,
    /// Handlers of one session that run at once; later events wait in the session's backlog.
    pub(crate) max_handlers: usize,
    /// How long handlers may go on after their session has ended.
    pub(crate) handler_grace: Duration,
    /// Values that handlers ask for by type.
    pub(crate) states: Arc<States>,
    /// Who else wants to see the sessions.
    pub(crate) observers: Vec<Arc<dyn Observer>>,
}

/// How a session ended.
#[derive(Debug)]
pub(crate) struct SessionEnd {
    pub(crate) reason: CloseReason,
    /// Handlers that did not finish in time and were dropped.
    pub(crate) abandoned: usize,
}
