//! What devices say, play and hear.

mod listen;
mod phrase;
mod prompt;
mod speaker;
mod talk;
mod translate;

pub(crate) use listen::Listening;
pub use listen::Utterance;
pub use phrase::normalised;
pub(crate) use phrase::words;
pub use speaker::Sound;
pub(crate) use speaker::{Cut, Prompt, Source, Speaker};
pub use translate::{MarkOnly, Translator};
