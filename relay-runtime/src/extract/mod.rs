//! What a handler's parameters may be, and how each is made from the event that the handler gets.
//!
//! A handler names the types it wants, in any order. Each implements [`FromEvent`] for the events that can provide it,
//! so that asking for the wrong thing does not compile.
//!
//! | parameter | provides | in handlers of |
//! | --- | --- | --- |
//! | [`Context`] | the session: requests, devices, events | anything |
//! | the event's struct, such as [`event::Button`](crate::event::Button) | the event | that event |
//! | [`Start<T>`] | why the session started, typed by the trigger | triggers |
//! | [`Args<T>`] | what the caller sent along, as your type | the HTTP trigger |
//! | [`State<T>`] | a value registered with the server | anything |
//! | [`Event`](crate::Event) | the event | `any` |
//! | [`Raw`] | the event as a member of the [`Event`](crate::Event) enum | anything but `unknown` |
//! | [`Unrecognised`] | the message | `unknown` |

mod args;
mod event;
mod rejection;
mod start;
mod state;

pub use args::Args;
pub use event::Raw;
pub use rejection::Rejection;
pub use relay_protocol::codec::Unrecognised;
pub use start::{Source, Start};
pub use state::State;
pub(crate) use state::States;

use std::fmt;
use std::sync::Arc;

use crate::workflow::EventKind;
use crate::{Context, Error};

/// A type that a handler of `E` may have as a parameter.
///
/// Your own types may implement it, to share a check or a look-up among handlers:
///
/// ```
/// use relay_runtime::extract::{Delivery, FromEvent, Start};
/// use relay_runtime::workflow::trigger::Phrase;
///
/// /// What was said after the phrase, as a number.
/// struct Floor(u32);
///
/// impl FromEvent<Phrase> for Floor {
///     fn from_event(delivery: &Delivery<'_, Phrase>) -> relay_runtime::Result<Self> {
///         let start = Start::<Phrase>::from_event(delivery)?;
///         Ok(Self(start.spillover().parse()?))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a handler of `{E}` cannot have a parameter of type `{Self}`",
    label = "`{E}` does not provide this",
    note = "handlers of any kind take `Context` and `State<T>`; handlers of an event also take that event's struct;\n\
            handlers of a trigger `Start<..>` of that trigger, or plain `Start`; only those of `http` take `Args<T>`"
)]
pub trait FromEvent<E: EventKind>: Sized {
    /// Makes the parameter.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being made. The handler is then not called, and the error counts as its own.
    fn from_event(delivery: &Delivery<'_, E>) -> Result<Self, Error>;
}

/// An event on its way to a handler.
pub struct Delivery<'a, E: EventKind> {
    cx: &'a Context,
    event: &'a E::Body,
}

impl<'a, E: EventKind> Delivery<'a, E> {
    pub(crate) fn new(cx: &'a Context, event: &'a E::Body) -> Self {
        Self { cx, event }
    }

    /// The session it belongs to.
    pub fn context(&self) -> &'a Context {
        self.cx
    }

    /// The event itself; for a trigger, the start event.
    pub fn event(&self) -> &'a E::Body {
        self.event
    }

    /// The value of this type that was registered with the server, if one was.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.cx.states().get()
    }

    /// A parameter of a handler.
    #[doc(hidden)]
    pub fn arg<T: FromEvent<E>>(&self) -> Result<T, Error> {
        T::from_event(self)
    }
}

impl<E: EventKind> fmt::Debug for Delivery<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("event", &self.event).finish_non_exhaustive()
    }
}

impl<E: EventKind> FromEvent<E> for Context {
    fn from_event(delivery: &Delivery<'_, E>) -> Result<Self, Error> {
        Ok(delivery.cx.clone())
    }
}
