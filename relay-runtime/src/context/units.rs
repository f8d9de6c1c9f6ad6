//! Times as the protocol writes them: whole numbers.

use std::time::Duration;

/// The largest number that a peer written in JavaScript reads exactly. As a time, it is longer than anybody waits.
pub(super) const LARGEST: u64 = (1 << 53) - 1;

/// Seconds, rounded up.
pub(super) fn seconds(time: Duration) -> u64 {
    time.as_secs().saturating_add(u64::from(time.subsec_nanos() > 0)).min(LARGEST)
}

/// Milliseconds, rounded up.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(1_000_000)).map_or(LARGEST, |millis| millis.min(LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_count_as_a_whole_and_nothing_is_too_long() {
        for (time, expected) in [
            (Duration::ZERO, (0, 0)),
            (Duration::from_nanos(1), (1, 1)),
            (Duration::from_secs(2), (2, 2000)),
            (Duration::MAX, (LARGEST, LARGEST)),
        ] {
            assert_eq!((seconds(time), millis(time)), expected, "{time:?}");
        }
    }
}
