//! The queue of triggers: from the acceptance to the one outcome.

mod accepting;
mod claiming;
mod ending;
mod history;
mod retrying;
