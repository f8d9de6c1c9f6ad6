//! When timers fire.

#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod catch_up;
mod clocks;
mod model;
mod refusals;
mod repetitions;

use relay_protocol::manifest::{Frequency, TimerSpec, Weekday};
use relay_server::model::UnixMs;
use relay_server::schedule::Timer;

/// A timer as the official command line registers it.
fn spec(start: &str, zone: &str, frequency: Frequency) -> TimerSpec {
    let mut spec = TimerSpec::default();
    spec.start_time = start.into();
    spec.timezone = Some(zone.into());
    spec.frequency = Some(frequency);
    spec.byweekday = Weekday::ALL.into();
    spec
}

fn moment(text: &str) -> UnixMs {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

/// The first times of a timer that was registered long ago, in its zone.
fn times(spec: &TimerSpec, number: usize) -> Vec<String> {
    let long_ago = moment("2000-01-01T00:00:00Z");
    let timer = Timer::read(spec, long_ago).unwrap();
    let zone = jiff::tz::TimeZone::get(spec.timezone.as_deref().unwrap_or("UTC")).unwrap();
    let mut at = timer.begin(long_ago).unwrap();
    let mut times = Vec::new();
    while let Some(next) = at.next.filter(|_| times.len() < number) {
        let zoned = jiff::Timestamp::from(next).to_zoned_datetime(zone.clone());
        times.push(zoned.strftime("%Y-%m-%d %H:%M %Z").to_string());
        at = timer.step(next, at.past);
    }
    times
}
