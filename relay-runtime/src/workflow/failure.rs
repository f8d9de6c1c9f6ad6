//! What happens when a handler fails.

use std::fmt;
use std::sync::Arc;

use crate::Error;

/// What happens to a session when one of its handlers returns an error. It is logged and counted in any case.
///
/// For all workflows of a server with [`ServerBuilder::on_handler_error`](crate::server::ServerBuilder::on_handler_error),
/// for one with [`WorkflowEntry::on_handler_error`](super::WorkflowEntry::on_handler_error).
///
/// A panic always stops the session, because it may have left the workflow's value half changed; so does a start that no
/// trigger matches, because nothing else would ever happen.
///
/// ```
/// use relay_runtime::Cause;
/// use relay_runtime::workflow::{AfterError, OnHandlerError};
///
/// let policy = OnHandlerError::custom(|failed| match failed.error.cause() {
///     Some(Cause::TimedOut { .. }) => AfterError::Continue,
///     _ => AfterError::Stop,
/// });
/// # let _ = policy;
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum OnHandlerError {
    /// Terminates the workflow, so that no device stays captured. The default.
    #[default]
    Stop,
    /// Goes on as if the handler had ended well. What it would have done next does not happen: the device may wait until
    /// another handler calls [`terminate`](crate::Context::terminate), or Relay ends the session.
    Continue,
    /// Asks a fn, for each failure. See [`custom`](Self::custom).
    Custom(Arc<dyn Fn(&HandlerFailed<'_>) -> AfterError + Send + Sync>),
}

/// A handler that returned an error.
#[derive(Debug)]
#[non_exhaustive]
pub struct HandlerFailed<'a> {
    /// The name of its workflow.
    pub workflow: &'a str,
    /// The path of its fn.
    pub handler: &'static str,
    /// The number of its session, as in the logs.
    pub session: u64,
    /// What it returned; or why one of its parameters could not be made.
    pub error: &'a Error,
}

/// What becomes of a session after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterError {
    /// The workflow is terminated.
    Stop,
    /// The session goes on.
    Continue,
}

impl OnHandlerError {
    /// Decides case by case, or tells somebody. The fn runs in the session's task, so it must not block. If it panics, the
    /// session stops.
    pub fn custom(decide: impl Fn(&HandlerFailed<'_>) -> AfterError + Send + Sync + 'static) -> Self {
        Self::Custom(Arc::new(decide))
    }

    pub(crate) fn decide(&self, failed: &HandlerFailed<'_>) -> AfterError {
        match self {
            Self::Stop => AfterError::Stop,
            Self::Continue => AfterError::Continue,
            Self::Custom(decide) => decide(failed),
        }
    }
}

impl fmt::Debug for OnHandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stop => "Stop",
            Self::Continue => "Continue",
            Self::Custom(_) => "Custom(..)",
        })
    }
}
