//! Repetitions, on the calendar or by elapsed time.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use relay_protocol::manifest::{Frequency, Weekday};

/// Periods without a day that fits, after which there will never be one. The rarest pattern that does come is the 29th of
/// February in every hundredth year.
const PATIENCE: i64 = 1000;

/// What is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Once,
    /// Every so many milliseconds, on these days.
    Elapsed(i64, Days),
    /// Every so many of them, on these days; without any, on the day of the first time.
    Calendar(Unit, i64, Days),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

/// Days of the week; none means that none were chosen. A bit each, the lowest for Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Days(u8);

impl Days {
    pub(super) fn read(days: &[Weekday]) -> Self {
        let bits = days.iter().fold(0, |bits, day| bits | 1 << (u8::from(*day) - 1));
        if bits == 0b111_1111 { Self(0) } else { Self(bits) }
    }

    fn chosen(self) -> bool {
        self.0 != 0
    }

    fn fits(self, date: Date) -> bool {
        !self.chosen() || self.0 & 1 << date.weekday().to_monday_zero_offset() != 0
    }
}

impl Rule {
    pub(super) fn read(frequency: Frequency, every: i64, days: Days) -> Self {
        match frequency {
            Frequency::Minutely => Self::Elapsed(every * 60_000, days),
            Frequency::Hourly => Self::Elapsed(every * 3_600_000, days),
            Frequency::Daily => Self::Calendar(Unit::Day, every, days),
            Frequency::Weekly => Self::Calendar(Unit::Week, every, days),
            Frequency::Monthly => Self::Calendar(Unit::Month, every, days),
            Frequency::Yearly => Self::Calendar(Unit::Year, every, days),
        }
    }

    /// The first time after this moment.
    pub(super) fn after(self, start: DateTime, zone: &TimeZone, moment: Timestamp) -> Option<Timestamp> {
        let first = instant(zone, start)?;
        match self {
            Self::Once => (first > moment).then_some(first),
            Self::Elapsed(every, days) => elapsed(first.as_millisecond(), every, days, zone, moment),
            Self::Calendar(unit, every, days) => {
                let seen = zone.to_datetime(moment).date().max(start.date());
                // One earlier, since what the clocks skip is moved on, perhaps to another day.
                let period = (unit.between(start.date(), seen) / every - 1).max(0);
                (period..period + PATIENCE)
                    .map_while(|period| unit.dates(start.date(), period.checked_mul(every)?, days))
                    .flatten()
                    .map(|date| date.to_datetime(start.time()))
                    .filter(|time| *time >= start)
                    .filter_map(|time| instant(zone, time))
                    .find(|time| *time > moment)
            }
        }
    }
}

/// A civil time as a moment: of two, the first; of none, as much later as the clocks skip.
pub(super) fn instant(zone: &TimeZone, time: DateTime) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(time).compatible().ok()
}

fn elapsed(first: i64, every: i64, days: Days, zone: &TimeZone, moment: Timestamp) -> Option<Timestamp> {
    let moment = moment.as_millisecond();
    let mut number = if moment < first { 0 } else { (moment - first) / every + 1 };
    for _ in 0..PATIENCE {
        let time = first.checked_add(number.checked_mul(every)?)?;
        let time = Timestamp::from_millisecond(time).ok()?;
        let date = zone.to_datetime(time).date();
        if days.fits(date) {
            return Some(time);
        }
        // On to the first one of another day.
        let midnight = instant(zone, date.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight()))?;
        let missing = (midnight.as_millisecond() - first).div_euclid(every);
        number = missing.max(number + 1);
    }
    None
}

impl Unit {
    /// How many periods after that of the start the date lies, give or take one.
    fn between(self, start: Date, date: Date) -> i64 {
        let days = date.duration_since(start).as_hours() / 24;
        match self {
            Self::Day => days,
            Self::Week => days / 7,
            Self::Month => months(date) - months(start),
            Self::Year => i64::from(date.year()) - i64::from(start.year()),
        }
    }

    /// The days that fit in the period so many after that of the start, in order. None beyond the end of the calendar.
    fn dates(self, start: Date, periods: i64, days: Days) -> Option<Vec<Date>> {
        let dates = match self {
            Self::Day => vec![later(start, periods)?].into_iter().filter(|date| days.fits(*date)).collect(),
            Self::Week if days.chosen() => {
                let monday = later(start, -i64::from(start.weekday().to_monday_zero_offset()))?;
                span(later(monday, periods.checked_mul(7)?)?, 7, days)
            }
            Self::Week => vec![later(start, periods.checked_mul(7)?)?],
            Self::Month => {
                let month = months(start).checked_add(periods)?;
                let (year, month) =
                    (i16::try_from(month.div_euclid(12)).ok()?, month.rem_euclid(12) as i8 + 1);
                let first = Date::new(year, month, 1).ok()?;
                if days.chosen() {
                    span(first, first.days_in_month().into(), days)
                } else {
                    Date::new(year, month, start.day()).into_iter().collect()
                }
            }
            Self::Year => {
                let year = i16::try_from(i64::from(start.year()).checked_add(periods)?).ok()?;
                let first = Date::new(year, 1, 1).ok()?;
                if days.chosen() {
                    span(first, first.days_in_year().into(), days)
                } else {
                    Date::new(year, start.month(), start.day()).into_iter().collect()
                }
            }
        };
        Some(dates)
    }
}

/// Months since the year 0.
fn months(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

fn later(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// Those of so many days that fit.
fn span(first: Date, number: i64, days: Days) -> Vec<Date> {
    (0..number).map_while(|day| later(first, day)).filter(|date| days.fits(*date)).collect()
}
