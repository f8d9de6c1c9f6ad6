//! What the expansion of `#[workflow]` says, one word for each thing that it does. Not for use by hand: it may change in
//! any release.

pub use std::result::Result::Ok;

pub use relay_protocol::event;

pub use crate::workflow::trigger::Trigger;
pub use crate::workflow::{Any, Filter, Routes, Tale, Told, Unknown};

/// The word lists that settings take.
pub mod words {
    pub use relay_protocol::manifest::{Frequency, Weekday};
    pub use relay_protocol::types::*;
}

use crate::Error;
use crate::workflow::IntoOutcome;

/// What a handler returned.
pub fn done<T: IntoOutcome>(returned: T) -> Result<(), Error> {
    returned.into_outcome()
}
