//! Who may call the interface: tokens, and how often somebody may guess. And what proves to workflow servers that it is
//! us who dials.
//!
//! A token is 256 random bits behind a readable prefix. We keep its hash. What a client sends is hashed and looked up by
//! that, so that the time it takes tells nothing about a token.

mod failures;
mod gate;
mod header;
mod secret;
mod session;
mod signing;

pub use gate::{Caller, Gate, Refused};
pub use secret::{PREFIX, Secret, hash};
pub use signing::{OVERLAP, SigningError, rotate, signing};
