//! Wall-clock time as a number.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970 in UTC. Written as a number in JSON, as RFC 3339 for people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMs(i64);

impl UnixMs {
    /// Later than everything.
    pub const MAX: Self = Self(i64::MAX);

    /// So many milliseconds after 1970 began.
    pub const fn new(millis: i64) -> Self {
        Self(millis)
    }

    /// In milliseconds.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl Add<Duration> for UnixMs {
    type Output = Self;

    /// Saturates.
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for UnixMs {
    type Output = Self;

    /// Saturates.
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub for UnixMs {
    type Output = Duration;

    /// The time between; zero if `earlier` is not earlier.
    fn sub(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<jiff::Timestamp> for UnixMs {
    fn from(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }
}

impl From<UnixMs> for jiff::Timestamp {
    /// What lies beyond the years that can be written becomes the first or the last of them.
    fn from(moment: UnixMs) -> Self {
        let beyond = if moment.0 < 0 { Self::MIN } else { Self::MAX };
        Self::from_millisecond(moment.0).unwrap_or(beyond)
    }
}

impl fmt::Display for UnixMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", jiff::Timestamp::from(*self))
    }
}

impl fmt::Debug for UnixMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_people_write_it() {
        assert_eq!(UnixMs::new(1_800_000_000_007).to_string(), "2027-01-15T08:00:00.007Z");
        assert_eq!(
            UnixMs::MAX.to_string(),
            jiff::Timestamp::MAX.strftime("%Y-%m-%dT%H:%M:%S.999Z").to_string()
        );
    }

    #[test]
    fn arithmetic_does_not_overflow() {
        assert_eq!(UnixMs::MAX + Duration::MAX, UnixMs::MAX);
        assert_eq!(UnixMs::new(1) - UnixMs::MAX, Duration::ZERO);
        assert_eq!(UnixMs::new(1500) - UnixMs::new(500), Duration::from_secs(1));
    }
}
