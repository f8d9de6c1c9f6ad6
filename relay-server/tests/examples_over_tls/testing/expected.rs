//! What a script expects, and where it says so.

use std::panic::Location;
use std::pin::Pin;

/// Something that a test waits for.
pub(crate) type Expectation<'a, T = ()> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// How things stand with an expectation.
pub(super) enum Verdict<T> {
    Met(T),
    NotYet,
    /// Something else has come; in words that follow "but".
    Failed(String),
}

pub(super) struct Expected {
    what: String,
    place: &'static Location<'static>,
}

impl Expected {
    #[track_caller]
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), place: Location::caller() }
    }

    pub(super) fn fail(&self, why: &str, story: &str) -> ! {
        panic!("expected {}\n  at {}\nbut {why}\n\n{story}", self.what, self.place)
    }
}
