//! What can go wrong, by whose fault.

use std::error::Error as StdError;
use std::fmt;

use relay_protocol::Urn;
use relay_protocol::session::{CloseReason, Failure, Refused};

/// The result of handlers and of most calls.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// Any error that a handler may return.
///
/// Every [`std::error::Error`] becomes one through `?`. It is itself no `std::error::Error`, which is what makes that
/// conversion possible; [`source`](Self::source) gives the error inside.
pub struct Error(Box<dyn StdError + Send + Sync + 'static>);

impl Error {
    /// An error that is only a message.
    pub fn msg(message: impl fmt::Display) -> Self {
        Self(message.to_string().into())
    }

    /// The error inside.
    pub fn source(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.0
    }

    /// The error inside, if it is an `E`.
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }

    /// The action that failed, if this is about one.
    pub fn request(&self) -> Option<&RequestError> {
        self.downcast_ref()
    }

    /// Why the action failed, if this is about one.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// match alice.say("Hello").await {
    ///     Err(error) if matches!(error.cause(), Some(Cause::TimedOut { .. })) => println!("nobody there: {error}"),
    ///     other => other?,
    /// }
    /// # Ok(()) }
    /// ```
    pub fn cause(&self) -> Option<&Cause> {
        self.request().map(|request| &request.cause)
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The message and its causes on one line, as a program that returns it from `main` should end.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// An action that did not succeed: which, on what, and why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RequestError {
    /// The request's name, as in `say`; where an event was waited for, that of the event.
    pub action: &'static str,
    /// Its first target, if it has one.
    pub target: Option<Urn>,
    /// The session's number, as in the logs.
    pub session: u64,
    /// Why it failed.
    pub cause: Cause,
}

/// Why an action did not succeed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// Relay refused the request, in its own words; no list of codes is known.
    Refused(String),
    /// Relay took the request, then said that it failed; the reason, if it gave one.
    Failed(Option<String>),
    /// No answer, or no end of the action, in time.
    TimedOut {
        /// How long was waited since the request, the response, or the last sign of progress.
        after: std::time::Duration,
        /// Whether Relay had accepted the request.
        accepted: bool,
    },
    /// The session ended first.
    Closed(CloseReason),
    /// The request was not sent: a limit of this side, or the session is being terminated.
    NotSent(Refused),
    /// The request was not sent: Relay could not do what it asks for.
    BadArgument {
        /// What was wrong.
        argument: &'static str,
        /// Why, and how to put it right.
        why: String,
    },
    /// The answer lacks what the protocol says must be there. The field says what.
    BadAnswer(&'static str),
    /// A variable is there, but is not of the type asked for. The field holds the parser's message.
    BadValue(String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.action)?;
        if let Some(target) = &self.target {
            write!(f, " on {target}")?;
        }
        write!(f, " in session {}: {}", self.session, self.cause)
    }
}

impl StdError for RequestError {}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "refused by Relay: {error}"),
            Self::Failed(Some(reason)) => write!(f, "failed: {reason}"),
            Self::Failed(None) => f.write_str("failed, Relay does not say why"),
            Self::TimedOut { after, accepted: false } => write!(f, "no answer within {after:?}"),
            Self::TimedOut { after, accepted: true } => write!(f, "accepted, but not done within {after:?}"),
            Self::Closed(reason) => write!(f, "the session ended: {reason}"),
            Self::NotSent(refused) => write!(f, "not sent: {refused}"),
            Self::BadArgument { argument, why } => write!(f, "not sent: bad `{argument}`: {why}"),
            Self::BadAnswer(what) => write!(f, "the answer has no {what}"),
            Self::BadValue(why) => f.write_str(why),
        }
    }
}

impl From<Refused> for Cause {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Closed(reason) => Self::Closed(reason),
            refused => Self::NotSent(refused),
        }
    }
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused { error } => Self::Refused(error),
            Failure::Failed { reason } => Self::Failed(reason),
            Failure::NoResponse { after } => Self::TimedOut { after, accepted: false },
            Failure::NoEnd { after } => Self::TimedOut { after, accepted: true },
            Failure::Closed(reason) => Self::Closed(reason),
            other => Self::Failed(Some(other.to_string())),
        }
    }
}
