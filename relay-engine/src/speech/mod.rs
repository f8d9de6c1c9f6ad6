//! What devices say, play and hear.

mod translate;

pub use translate::{MarkOnly, Translator};
