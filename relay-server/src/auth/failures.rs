//! Addresses that sent wrong tokens.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(60);
/// Addresses that are remembered; the others share one count.
const MAX_ADDRESSES: usize = 10_000;

/// Counts failures by address, minute by minute.
#[derive(Debug)]
pub(super) struct Failures {
    limit: u32,
    counts: Mutex<HashMap<Option<IpAddr>, Count>>,
}

#[derive(Debug)]
struct Count {
    since: Instant,
    failures: u32,
}

impl Failures {
    pub(super) fn new(limit: u32) -> Self {
        Self { limit, counts: Mutex::default() }
    }

    /// How long this address has to wait, if it has failed too often.
    pub(super) fn wait(&self, address: IpAddr) -> Option<Duration> {
        let counts = self.counts();
        let key = key(&counts, address);
        let count = counts.get(&key).filter(|count| count.failures >= self.limit)?;
        WINDOW.checked_sub(count.since.elapsed()).filter(|wait| !wait.is_zero())
    }

    pub(super) fn record(&self, address: IpAddr) {
        let mut counts = self.counts();
        let now = Instant::now();
        if counts.len() >= MAX_ADDRESSES {
            counts.retain(|_, count| now - count.since < WINDOW);
        }
        let key = key(&counts, address);
        let count = counts.entry(key).or_insert(Count { since: now, failures: 0 });
        if now - count.since >= WINDOW {
            *count = Count { since: now, failures: 0 };
        }
        count.failures += 1;
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<Option<IpAddr>, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose count this is. With IPv6, one customer has a whole /64.
fn key(counts: &HashMap<Option<IpAddr>, Count>, address: IpAddr) -> Option<IpAddr> {
    let address = match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    };
    (counts.len() < MAX_ADDRESSES || counts.contains_key(&Some(address))).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_fails_too_often_waits_out_the_minute() {
        let failures = Failures::new(2);
        let [one, other]: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        failures.record(one);
        assert_eq!(failures.wait(one), None);
        failures.record(one);
        assert_eq!(failures.wait(one), Some(WINDOW));
        assert_eq!(failures.wait(other), None);
        tokio::time::advance(WINDOW).await;
        assert_eq!(failures.wait(one), None);
        failures.record(one);
        assert_eq!(failures.wait(one), None, "a new minute");
    }

    #[tokio::test(start_paused = true)]
    async fn a_network_of_ipv6_counts_as_one() {
        let failures = Failures::new(1);
        failures.record("2001:db8::1".parse().unwrap());
        assert!(failures.wait("2001:db8::2".parse().unwrap()).is_some());
        assert!(failures.wait("2001:db8:0:1::1".parse().unwrap()).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_beyond_what_is_remembered_share_a_count() {
        let failures = Failures::new(1);
        for n in 0..MAX_ADDRESSES as u32 + 5 {
            failures.record(IpAddr::from(n.to_be_bytes()));
        }
        assert!(failures.counts().len() <= MAX_ADDRESSES + 1);
        assert!(failures.wait("203.0.113.9".parse().unwrap()).is_some());
    }
}
