//! A device in the terminal: somebody types what its person says, or a script does.
//!
//! ```text
//!  script or keys ─► Act ─► Person ──► REST: speak, tap, …
//!                             ▲
//!                             └─────── events: what is heard, felt, seen
//! ```

mod act;
mod mode;
mod person;
mod play;
mod script;
mod terminal;

pub(crate) use person::Person;
pub(crate) use play::play;
pub(crate) use script::Script;
pub(crate) use terminal::{converse, is_there};
