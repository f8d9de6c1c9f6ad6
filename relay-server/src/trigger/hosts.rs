//! The breakers of all hosts.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use relay_protocol::session::Timestamp;

use crate::dial::{Breaker, Verdict};

/// Hosts that are remembered before those are looked for that need not be.
const MANY: usize = 1024;

/// A breaker for each host that has failed lately.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<HashMap<String, Breaker>>);

impl Hosts {
    /// Whether a host may be dialled now; if not, when it may.
    pub(super) fn admit(&self, now: Timestamp, host: &str) -> Result<(), Timestamp> {
        self.hosts().get_mut(host).map_or(Ok(()), |breaker| breaker.admit(now))
    }

    /// A dial is over. True if that has opened or closed the breaker.
    pub(super) fn note(&self, now: Timestamp, host: &str, verdict: Verdict) -> bool {
        let mut hosts = self.hosts();
        if verdict == Verdict::Alive {
            return hosts.remove(host).is_some_and(|breaker| breaker.is_open());
        }
        if hosts.len() >= MANY {
            hosts.retain(|_, breaker| !breaker.is_forgettable(now));
        }
        let breaker = hosts.entry(host.to_owned()).or_default();
        let before = breaker.is_open();
        breaker.note(now, verdict);
        breaker.is_open() != before
    }

    /// The hosts that are left alone at present.
    pub(super) fn open(&self) -> Vec<String> {
        let mut open: Vec<_> = self
            .hosts()
            .iter()
            .filter(|(_, breaker)| breaker.is_open())
            .map(|(host, _)| host.clone())
            .collect();
        open.sort();
        open
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Breaker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
