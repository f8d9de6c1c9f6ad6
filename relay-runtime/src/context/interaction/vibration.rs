//! Vibration patterns.

use std::sync::Arc;
use std::time::Duration;

use relay_protocol::Urn;
use relay_protocol::request::Vibrate;

use super::Action;
use crate::context::units;
use crate::session::Shared;

/// A pattern of pulses and pauses.
///
/// ```
/// # use relay_runtime::prelude::*;
/// use relay_runtime::Vibration;
///
/// let sos = Vibration::new().pulse(millis(500)).pause(millis(500)).pulse(millis(500));
/// let three_times = Vibration::default();
/// ```
///
/// On the wire it is a list of milliseconds, pauses and pulses in turn. That it begins with a pause is our conclusion:
/// the guide says that `[100, 500, 500, 500, 500, 500]` vibrates three times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vibration {
    /// Pauses at even places, pulses at odd ones.
    pattern: Vec<u64>,
}

impl Vibration {
    /// An empty pattern, to be added to. Vibrating it is an error.
    pub const fn new() -> Self {
        Self { pattern: Vec::new() }
    }

    /// Vibrates this long; whole milliseconds, rounded up. Right after another pulse it prolongs that one.
    #[must_use]
    pub fn pulse(self, time: Duration) -> Self {
        self.add(time, 1)
    }

    /// Pauses this long; whole milliseconds, rounded up. Right after another pause it prolongs that one.
    #[must_use]
    pub fn pause(self, time: Duration) -> Self {
        self.add(time, 0)
    }

    fn add(mut self, time: Duration, parity: usize) -> Self {
        let millis = units::millis(time);
        let length = self.pattern.len();
        if length % 2 == parity {
            self.pattern.push(millis);
        } else if let Some(last) = self.pattern.last_mut() {
            *last = last.saturating_add(millis).min(units::LARGEST);
        } else {
            self.pattern = vec![0, millis]; // the pause before the first pulse
        }
        self
    }
}

/// Three pulses of half a second, as the official Python SDK vibrates by default.
impl Default for Vibration {
    fn default() -> Self {
        Self { pattern: vec![100, 500, 500, 500, 500, 500] }
    }
}

pub(super) fn vibrate(
    shared: &Arc<Shared>,
    target: impl IntoIterator<Item = Urn>,
    vibration: Vibration,
) -> Action<Vibrate> {
    let pulses = vibration.pattern.iter().skip(1).step_by(2).any(|pulse| *pulse > 0);
    let action = Action::new(shared, target, Vibrate::new().pattern(vibration.pattern));
    if pulses { action } else { action.refuse("pattern", "it has no pulse: add one with `pulse`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_and_pulses_take_turns_and_a_pause_comes_first() {
        let ms = Duration::from_millis;
        let pattern =
            Vibration::new().pulse(ms(1)).pulse(ms(2)).pause(ms(3)).pause(ms(4)).pulse(ms(5)).pattern;
        assert_eq!(pattern, [0, 3, 7, 5]);
        assert_eq!(Vibration::new().pause(ms(1)).pulse(Duration::from_micros(1)).pattern, [1, 1]);
        assert_eq!(Vibration::new().pulse(Duration::MAX).pulse(ms(1)).pattern, [0, units::LARGEST]);
    }
}
