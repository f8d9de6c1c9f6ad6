//! What every workflow needs: `use relay_runtime::prelude::*;`

use std::time::Duration;

pub use crate::event::{self, Button};
pub use crate::extract::{Args, Start, State};
pub use crate::types::Language;
pub use crate::urn::{DeviceUrn, GroupUrn, InteractionUrn, Urn};
pub use crate::workflow::trigger::{Http, Phrase};
pub use crate::{
    Cause, Color, Context, Device, Error, Group, Heard, Interaction, Interactions, RequestError, Result,
    Server,
};
/// The runtime, so that a program needs no dependency but this crate for `#[tokio::main]` and `tokio::select!`.
#[doc(no_inline)]
pub use tokio;

pub use relay_macros::workflow; // not from the crate's root, where a module has the same name

/// A duration of whole milliseconds.
pub const fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A duration of whole seconds.
pub const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A duration of whole minutes.
pub const fn mins(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}
