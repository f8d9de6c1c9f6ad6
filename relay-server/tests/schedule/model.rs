//! All timers, against a model that walks through the calendar day by day.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use relay_protocol::manifest::{Frequency, TimerSpec, Weekday};
use relay_server::model::UnixMs;
use relay_server::schedule::Timer;

/// Zones with gaps and folds of an hour, of half an hour, of two, at midnight, of a day, and none.
const ZONES: [&str; 8] = [
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "America/Santiago",
    "Pacific/Apia",
    "Asia/Kolkata",
    "UTC",
];
/// Days that the model walks through.
const WALK: i32 = 800;

/// Whether the calendar has a time on this day.
fn comes(spec: &TimerSpec, start: Date, day: Date) -> bool {
    let every = spec.interval.unwrap_or(1) as i64;
    let days = &spec.byweekday;
    let listed = days.iter().any(|it| u8::from(*it) == day.weekday().to_monday_one_offset() as u8);
    let chosen = !days.is_empty() && days.len() < 7;
    let monday = |date: Date| date - i64::from(date.weekday().to_monday_zero_offset()).days();
    let between = |from: Date, to: Date| to.duration_since(from).as_hours() / 24;
    match spec.frequency.unwrap() {
        Frequency::Daily => between(start, day) % every == 0 && (!chosen || listed),
        Frequency::Weekly => {
            let fits = if chosen { listed } else { day.weekday() == start.weekday() };
            between(monday(start), monday(day)) / 7 % every == 0 && fits
        }
        Frequency::Monthly => {
            let months = i64::from(day.year() - start.year()) * 12 + i64::from(day.month() - start.month());
            months % every == 0 && if chosen { listed } else { day.day() == start.day() }
        }
        Frequency::Yearly => {
            let fits = if chosen { listed } else { (day.month(), day.day()) == (start.month(), start.day()) };
            i64::from(day.year() - start.year()) % every == 0 && fits
        }
        Frequency::Minutely | Frequency::Hourly => unreachable!("these go by elapsed time"),
    }
}

fn walked(spec: &TimerSpec, start: DateTime, zone: &TimeZone) -> Vec<UnixMs> {
    let resolve = |time: DateTime| zone.to_ambiguous_timestamp(time).compatible().unwrap();
    let mut times: Vec<Timestamp> = match spec.frequency.unwrap() {
        frequency @ (Frequency::Minutely | Frequency::Hourly) => {
            let minutes =
                if frequency == Frequency::Hourly { 60 } else { 1 } * spec.interval.unwrap_or(1) as i64;
            let chosen = !spec.byweekday.is_empty() && spec.byweekday.len() < 7;
            let fits = |time: &Timestamp| {
                let day = zone.to_datetime(*time).weekday().to_monday_one_offset() as u8;
                !chosen || spec.byweekday.iter().any(|it| u8::from(*it) == day)
            };
            (0..20_000).map(|n| resolve(start) + (n * minutes).minutes()).filter(fits).collect()
        }
        _ => (0..WALK)
            .map(|day| start.date() + day.days())
            .filter(|day| comes(spec, start.date(), *day))
            .map(|day| resolve(day.to_datetime(start.time())))
            .collect(),
    };
    times.dedup();
    times.into_iter().map(UnixMs::from).collect()
}

prop_compose! {
    fn timers()(
        day in 0i32..600,
        minute in prop_oneof![0i32..1440, 0i32..240],
        year in prop_oneof![Just(2011i16), Just(2026)],
        zone in prop::sample::select(&ZONES[..]),
        frequency in prop::sample::select(&[
            Frequency::Minutely, Frequency::Hourly, Frequency::Daily,
            Frequency::Weekly, Frequency::Monthly, Frequency::Yearly,
        ][..]),
        interval in prop_oneof![Just(1u64), 1u64..50],
        days in prop::sample::subsequence(&Weekday::ALL[..], 0..=7),
    ) -> (TimerSpec, DateTime) {
        let start = jiff::civil::date(year, 6, 1).at(0, 0, 0, 0) + day.days() + minute.minutes();
        let mut spec = TimerSpec::default();
        spec.start_time = start.strftime("%Y-%m-%dT%H:%M:%S").to_string();
        spec.timezone = Some(zone.into());
        (spec.frequency, spec.interval, spec.byweekday) = (Some(frequency), Some(interval), days);
        (spec, start)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_timer_fires_when_the_calendar_says((spec, start) in timers(), skip in 0usize..40) {
        let zone = TimeZone::get(spec.timezone.as_deref().unwrap()).unwrap();
        let expected = walked(&spec, start, &zone);
        let timer = Timer::read(&spec, UnixMs::new(0)).unwrap();
        let mut moment = UnixMs::new(i64::MIN);
        for (past, time) in expected.iter().take(60).enumerate() {
            let next = timer.after(moment, past as u64);
            prop_assert_eq!(next, Some(*time), "after {} of {:?}", moment, spec);
            moment = *time;
        }
        // From any moment, not only from the time before.
        if let [before, after, ..] = expected.get(skip..).unwrap_or_default() {
            let between = UnixMs::new(i64::midpoint(before.get(), after.get()));
            prop_assert_eq!(timer.after(between, 0), Some(*after), "after {} of {:?}", between, spec);
            let begun = timer.begin(between).unwrap();
            prop_assert_eq!(begun.next, Some(*after));
        }
    }
}
