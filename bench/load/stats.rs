//! Figures from many measurements.

use std::time::Duration;

/// What one worker saw.
#[derive(Default)]
pub struct Tally {
    latencies: Vec<Duration>,
    errors: usize,
}

impl Tally {
    pub fn done(&mut self, latency: Duration) {
        self.latencies.push(latency);
    }

    pub fn failed(&mut self) {
        self.errors += 1;
    }

    pub fn errors(&self) -> usize {
        self.errors
    }

    pub fn count(&self) -> usize {
        self.latencies.len()
    }

    /// The latency in milliseconds that this part of all stays below.
    pub fn percentile(&mut self, part: f64) -> f64 {
        self.latencies.sort_unstable();
        let rank = (self.latencies.len() as f64 * part).ceil() as usize;
        let latency = self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        latency.as_secs_f64() * 1e3
    }
}

impl Extend<Tally> for Tally {
    fn extend<I: IntoIterator<Item = Tally>>(&mut self, tallies: I) {
        for Tally { latencies, errors } in tallies {
            self.latencies.extend(latencies);
            self.errors += errors;
        }
    }
}

/// The middle of the values; the mean of the two in the middle of an even number.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_few() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_percentile_is_a_value_that_was_seen() {
        let mut tally = Tally::default();
        (1..=1000).rev().for_each(|ms| tally.done(Duration::from_millis(ms)));
        let percentiles = [0.5, 0.99, 0.999, 1.0].map(|part| tally.percentile(part));
        assert_eq!(percentiles, [500.0, 990.0, 999.0, 1000.0]);
    }
}
