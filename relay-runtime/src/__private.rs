//! What the expansion of `#[workflow]` says, one word for each thing that it does. Not for use by hand: it may change in
//! any release.

pub use relay_protocol::event;

pub use crate::workflow::trigger::Trigger;
pub use crate::workflow::{Any, Filter, Routes, Tale, Told, Unknown};

/// The word lists that settings take.
pub mod words {
    pub use relay_protocol::manifest::{Frequency, Weekday};
    pub use relay_protocol::types::*;
}

use crate::Error;
use crate::extract::{Delivery, FromEvent};
use crate::workflow::{EventKind, IntoOutcome};

/// One parameter of a handler.
pub fn arg<T: FromEvent<E>, E: EventKind>(delivery: &Delivery<'_, E>) -> Result<T, Error> {
    T::from_event(delivery)
}

/// What a handler returned.
pub fn done<T: IntoOutcome>(returned: T) -> Result<(), Error> {
    returned.into_outcome()
}
