//! Leaves a host alone that has failed again and again.

use std::collections::VecDeque;
use std::time::Duration;

use relay_protocol::session::Timestamp;

/// Failures that open the breaker, if they came within [`WINDOW`].
const FAILURES: usize = 5;
const WINDOW: Duration = Duration::from_secs(30);
/// How often one dial is let through while it is open, to see whether the host is back.
const PROBE: Duration = Duration::from_secs(10);

/// The memory of one host. While it is *closed*, dials go through; while it is *open*, one every ten seconds does, and the
/// first that succeeds closes it.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    failures: VecDeque<Timestamp>,
    /// While open, when the next dial is let through.
    probe: Option<Timestamp>,
}

/// What became of a dial, as far as the host is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It answered: no matter what.
    Alive,
    /// It could not be reached, or is not able to serve.
    Failed,
}

impl Breaker {
    /// Whether a dial may begin now. If not, when the next one may.
    ///
    /// # Errors
    ///
    /// The time of the next probe.
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        match self.probe {
            Some(at) if now < at => Err(at),
            // Nobody else until this one has had its time.
            Some(_) => {
                self.probe = Some(now + PROBE);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A dial is over.
    pub fn note(&mut self, now: Timestamp, verdict: Verdict) {
        if verdict == Verdict::Alive {
            *self = Self::default();
            return;
        }
        while self.failures.front().is_some_and(|first| now - *first > WINDOW) {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        if self.failures.len() >= FAILURES {
            self.failures.pop_front();
            self.probe.get_or_insert(now + PROBE);
        }
    }

    /// Whether dials are held back.
    pub fn is_open(&self) -> bool {
        self.probe.is_some()
    }

    /// Whether nothing is remembered that would still matter.
    pub fn is_forgettable(&self, now: Timestamp) -> bool {
        !self.is_open() && self.failures.back().is_none_or(|last| now - *last > WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::new(Duration::from_secs(seconds))
    }

    fn fail(breaker: &mut Breaker, times: impl IntoIterator<Item = u64>) {
        times.into_iter().for_each(|second| breaker.note(at(second), Verdict::Failed));
    }

    #[test]
    fn five_failures_in_thirty_seconds_open_it() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, [0, 7, 14, 21]);
        assert_eq!(breaker.admit(at(21)), Ok(()));
        fail(&mut breaker, [28]);
        assert_eq!(breaker.admit(at(28)), Err(at(38)));
    }

    #[test]
    fn failures_that_are_further_apart_do_not() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, (0..20).map(|n| n * 8));
        assert!(!breaker.is_open());
    }

    #[test]
    fn while_open_it_lets_one_through_every_ten_seconds() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, [0; 5]);
        assert_eq!(breaker.admit(at(9)), Err(at(10)));
        assert_eq!(breaker.admit(at(10)), Ok(()));
        assert_eq!(breaker.admit(at(10)), Err(at(20)));
        fail(&mut breaker, [11]);
        assert_eq!(breaker.admit(at(20)), Ok(()));
    }

    #[test]
    fn a_success_closes_it_and_clears_its_memory() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, [0; 5]);
        assert_eq!(breaker.admit(at(10)), Ok(()));
        breaker.note(at(11), Verdict::Alive);
        fail(&mut breaker, [11; 4]);
        assert!(!breaker.is_open());
        assert!(!breaker.is_forgettable(at(12)));
        assert!(breaker.is_forgettable(at(42)));
    }
}
