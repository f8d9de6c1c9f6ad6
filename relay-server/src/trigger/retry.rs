//! When a trigger is tried again: pure functions.

use std::time::Duration;

use crate::model::{Class, UnixMs};

/// Attempts of a trigger that somebody waits for, counted from when it was accepted. Somebody who has spoken to a device
/// stands there and listens.
const INTERACTIVE: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Pauses of a trigger that nobody waits for, each counted from the end of the attempt before it; the last one repeats.
const DURABLE: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * MINUTE),
    Duration::from_secs(10 * MINUTE),
    Duration::from_secs(30 * MINUTE),
    Duration::from_secs(2 * HOUR),
    Duration::from_secs(6 * HOUR),
    Duration::from_secs(12 * HOUR),
    Duration::from_secs(24 * HOUR),
];
const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// How long a trigger is worth starting, unless it says so itself. Attempts of an interactive one begin within four
/// seconds; the rest is for the last of them.
pub(super) const INTERACTIVE_LIFE: Duration = Duration::from_secs(10);
pub(super) const DURABLE_LIFE: Duration = Duration::from_secs(24 * HOUR);
/// The longest that a client may ask for.
pub(super) const LONGEST_LIFE: Duration = Duration::from_secs(72 * HOUR);

/// The longest `Retry-After` that is honoured.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(HOUR);

/// A failed attempt, as far as the next one depends on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failed {
    pub(super) class: Class,
    pub(super) accepted_at: UnixMs,
    pub(super) not_after: UnixMs,
    /// When it failed.
    pub(super) at: UnixMs,
    /// How many attempts have failed, this one included.
    pub(super) attempts: u32,
    /// What the workflow server asked for.
    pub(super) retry_after: Option<Duration>,
}

/// When the next attempt is due, if there is to be one. `random` is from 0 to 1, and spreads those that failed together.
pub(super) fn next_attempt(failed: Failed, random: f64) -> Option<UnixMs> {
    let n = usize::try_from(failed.attempts).unwrap_or(usize::MAX);
    let due = match failed.class {
        Class::Interactive => (failed.accepted_at + *INTERACTIVE.get(n)?).max(failed.at),
        Class::Durable => {
            let pause = DURABLE[n.saturating_sub(1).min(DURABLE.len() - 1)];
            let pause = if n <= 1 { pause } else { pause.mul_f64(random.clamp(0.0, 1.0)) };
            failed.at + pause
        }
    };
    let asked = failed.at + failed.retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
    Some(due.max(asked)).filter(|due| *due < failed.not_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCEPTED: UnixMs = UnixMs::new(1_000_000);

    fn failed(class: Class, attempts: u32, at_ms: u64) -> Failed {
        let life = if class == Class::Interactive { INTERACTIVE_LIFE } else { LONGEST_LIFE };
        Failed {
            class,
            accepted_at: ACCEPTED,
            not_after: ACCEPTED + life,
            at: ACCEPTED + Duration::from_millis(at_ms),
            attempts,
            retry_after: None,
        }
    }

    fn due(failed: Failed) -> Option<u128> {
        next_attempt(failed, 1.0).map(|due| (due - ACCEPTED).as_millis())
    }

    #[test]
    fn somebody_who_waits_is_served_or_told_within_seconds() {
        let dues: Vec<_> = (1..=5).map(|attempts| due(failed(Class::Interactive, attempts, 10))).collect();
        assert_eq!(dues, [Some(500), Some(1000), Some(2000), Some(4000), None]);
    }

    #[test]
    fn an_attempt_that_took_longer_is_followed_at_once() {
        assert_eq!(due(failed(Class::Interactive, 1, 3000)), Some(3000));
        assert_eq!(due(failed(Class::Interactive, 1, 10_000)), None);
    }

    #[test]
    fn what_nobody_waits_for_is_tried_more_and_more_rarely_until_it_is_too_old() {
        let (mut at, mut pauses) = (0, Vec::new());
        for attempts in 1.. {
            let Some(next) = due(failed(Class::Durable, attempts, at)) else { break };
            let next = u64::try_from(next).unwrap();
            pauses.push((next - at) / 1000);
            at = next;
        }
        assert_eq!(pauses, [5, 30, 120, 600, 1800, 7200, 21_600, 43_200, 86_400, 86_400]);
    }

    #[test]
    fn after_the_first_retry_the_pauses_are_spread() {
        let pause = |attempts, random| {
            next_attempt(failed(Class::Durable, attempts, 0), random).map(|due| (due - ACCEPTED).as_millis())
        };
        assert_eq!(pause(1, 0.0), Some(5000));
        assert_eq!([pause(2, 0.0), pause(2, 0.5), pause(2, 1.0)], [Some(0), Some(15_000), Some(30_000)]);
    }

    #[test]
    fn a_server_that_asks_for_time_gets_it_within_reason() {
        let asks = |class, seconds| {
            let failed = Failed { retry_after: Some(Duration::from_secs(seconds)), ..failed(class, 1, 0) };
            due(failed)
        };
        assert_eq!(asks(Class::Durable, 120), Some(120_000));
        assert_eq!(asks(Class::Durable, 1), Some(5000), "not sooner than otherwise");
        assert_eq!(asks(Class::Durable, 1_000_000), Some(3_600_000));
        assert_eq!(asks(Class::Interactive, 3), Some(3000));
        assert_eq!(asks(Class::Interactive, 120), None, "nobody stands there that long");
    }
}
