//! The kinds of load.

pub mod crowd;
pub mod dropped;
pub mod endurance;
pub mod idle;
pub mod requests;
pub mod sessions;
pub mod storm;

use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::sleep_until;

use crate::process::Process;
use crate::report::{Metric, Sample};
use crate::stats::Tally;

/// Load before the measurement begins.
const WARM_UP: Duration = Duration::from_millis(700);

/// A session that takes longer has failed.
const SESSION_TIMEOUT: Duration = Duration::from_secs(10);

/// When load is measured: what ends in between counts.
#[derive(Clone, Copy)]
pub struct Window {
    from: Instant,
    until: Instant,
}

impl Window {
    /// Begins after the warm-up.
    pub fn new(time: Duration) -> Self {
        let from = Instant::now() + WARM_UP;
        Self { from, until: from + time }
    }

    /// The same length, from now on.
    fn again(self) -> Self {
        Self::new(self.until - self.from)
    }

    fn over(&self) -> bool {
        Instant::now() >= self.until
    }

    fn counts(&self, at: Instant) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// The CPU time that a process uses meanwhile.
    async fn cpu(&self, server: &Process) -> Result<Duration> {
        sleep_until(self.from.into()).await;
        let before = server.cpu()?;
        sleep_until(self.until.into()).await;
        Ok(server.cpu()? - before)
    }

    fn sample(&self, mut tally: Tally, cpu: Duration) -> Sample {
        let count = tally.count() as f64;
        Sample::from([
            (Metric::Cpu, cpu.as_secs_f64() * 1e6 / count),
            (Metric::Rate, count / (self.until - self.from).as_secs_f64()),
            (Metric::P50, tally.percentile(0.5)),
            (Metric::P99, tally.percentile(0.99)),
            (Metric::Errors, tally.errors() as f64),
        ])
    }
}
