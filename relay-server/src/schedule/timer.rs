//! A timer, read and checked.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use relay_protocol::manifest::TimerSpec;

use super::TimerError;
use super::rule::{Days, Rule, instant};
use crate::model::{Schedule, UnixMs};

/// The greatest interval: in minutes, nearly two years.
const INTERVAL: u64 = 1_000_000;
/// The greatest count: times that are over are counted one by one.
const COUNT: u64 = 100_000;

/// When a workflow is started by the clock: a [`TimerSpec`] that makes sense.
#[derive(Debug, Clone)]
pub struct Timer {
    start: DateTime,
    zone: TimeZone,
    rule: Rule,
    /// How many times in all, if there is an end to them.
    count: Option<u64>,
    until: Timestamp,
}

impl Timer {
    /// Reads what was registered at this time, which is what `immediately` means.
    ///
    /// # Errors
    ///
    /// [`TimerError`], with what to do about it.
    pub fn read(spec: &TimerSpec, registered: UnixMs) -> Result<Self, TimerError> {
        let zone = match spec.timezone.as_deref() {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|_| TimerError::Zone(name.to_owned()))?,
        };
        let start = match spec.start_time.as_str() {
            "immediately" => zone.to_datetime(registered.into()),
            text => civil("start_time", text)?,
        };
        let until = match &spec.until {
            None => None,
            Some(text) => instant(&zone, civil("until", text)?),
        };
        let interval = number("interval", spec.interval.unwrap_or(1), INTERVAL)?;
        let days = Days::read(&spec.byweekday);
        let rule = match spec.frequency {
            Some(frequency) => Rule::read(frequency, i64::try_from(interval).unwrap_or(1), days),
            None if spec.interval.is_some() => return Err(TimerError::NoFrequency("interval")),
            None if !spec.byweekday.is_empty() => return Err(TimerError::NoFrequency("byweekday")),
            None if spec.count.is_some_and(|count| count != 1) => {
                return Err(TimerError::NoFrequency("a count other than 1"));
            }
            None => Rule::Once,
        };
        let count = spec.count.map(|count| number("count", count, COUNT)).transpose()?;
        Ok(Self { start, zone, rule, count, until: until.unwrap_or(Timestamp::MAX) })
    }

    /// Where the timer is when it is registered at this time. Times before that are over; they are counted if there is a
    /// count.
    ///
    /// # Errors
    ///
    /// [`TimerError::Never`] if all are.
    pub fn begin(&self, registered: UnixMs) -> Result<Schedule, TimerError> {
        let from =
            if self.count.is_some() { UnixMs::new(i64::MIN) } else { registered - Duration::from_millis(1) };
        let mut at = Schedule { next: self.after(from, 0), past: 0 };
        while let Some(over) = at.next
            && over < registered
        {
            at = self.step(over, at.past);
        }
        if at.next.is_some() { Ok(at) } else { Err(TimerError::Never(registered.to_string())) }
    }

    /// The first time after this moment, when so many are over.
    pub fn after(&self, moment: UnixMs, past: u64) -> Option<UnixMs> {
        if self.count.is_some_and(|count| past >= count) {
            return None;
        }
        self.rule
            .after(self.start, &self.zone, moment.into())
            .filter(|time| *time <= self.until)
            .map(UnixMs::from)
    }

    /// Where the timer is when the time that it waited for is over, and so many were before it.
    pub fn step(&self, over: UnixMs, past: u64) -> Schedule {
        let past = past.saturating_add(1);
        Schedule { next: self.after(over, past), past }
    }
}

fn civil(key: &'static str, text: &str) -> Result<DateTime, TimerError> {
    let wrong = || TimerError::Time { key, text: text.to_owned() };
    // An offset would be read over, and the time be another one than was meant.
    let zoned = text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-', '[']));
    if zoned { Err(wrong()) } else { text.parse().map_err(|_| wrong()) }
}

fn number(key: &'static str, number: u64, most: u64) -> Result<u64, TimerError> {
    if (1..=most).contains(&number) { Ok(number) } else { Err(TimerError::Number { key, number, most }) }
}
