//! Time as a number, so that a test's clock is one too.

use core::ops::{Add, Sub};
use core::time::Duration;

/// A moment on a clock that only goes forward, counted from wherever the caller likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(Duration);

impl Timestamp {
    /// Where the clock begins.
    pub const ZERO: Self = Self(Duration::ZERO);

    /// The moment `elapsed` after the clock's beginning.
    pub const fn new(elapsed: Duration) -> Self {
        Self(elapsed)
    }

    /// How long after the clock's beginning.
    pub const fn elapsed(self) -> Duration {
        self.0
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// Saturates, so that a deadline of `Duration::MAX` means never.
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl Sub for Timestamp {
    type Output = Duration;

    /// The time between; zero if `earlier` is not earlier.
    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}
