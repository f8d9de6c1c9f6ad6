//! What is repeated, and how often.

use relay_protocol::manifest::{Frequency, TimerSpec, Weekday};
use relay_server::schedule::Timer;

use crate::{moment, spec, times};

fn days(mut spec: TimerSpec, days: &[Weekday]) -> TimerSpec {
    spec.byweekday = days.into();
    spec
}

#[test]
fn immediately_is_when_it_is_registered_and_once() {
    let now = moment("2027-01-15T08:00:00.007Z");
    let timer = Timer::read(&TimerSpec::default().with_defaults(), now).unwrap();
    let at = timer.begin(now).unwrap();
    assert_eq!(at.next, Some(now));
    assert_eq!(timer.step(now, 0).next, None);
}

#[test]
fn a_time_comes_once() {
    let mut once = TimerSpec::default();
    once.start_time = "2027-01-04T08:00:00".into();
    once.timezone = Some("America/New_York".into());
    assert_eq!(times(&once.with_defaults(), 9), ["2027-01-04 08:00 EST"]);
}

#[test]
fn without_a_zone_it_is_utc() {
    let mut once = TimerSpec::default();
    once.start_time = "2027-01-04T08:00:00".into();
    assert_eq!(times(&once, 9), ["2027-01-04 08:00 UTC"]);
}

#[test]
fn all_seven_days_mean_that_none_were_chosen() {
    let weekly = spec("2027-01-04T08:00:00", "UTC", Frequency::Weekly);
    assert_eq!(times(&weekly, 3), ["2027-01-04 08:00 UTC", "2027-01-11 08:00 UTC", "2027-01-18 08:00 UTC"]);
    let monthly = spec("2027-01-04T08:00:00", "UTC", Frequency::Monthly);
    assert_eq!(times(&monthly, 2), ["2027-01-04 08:00 UTC", "2027-02-04 08:00 UTC"]);
    let yearly = spec("2027-01-04T08:00:00", "UTC", Frequency::Yearly);
    assert_eq!(times(&yearly, 2), ["2027-01-04 08:00 UTC", "2028-01-04 08:00 UTC"]);
}

#[test]
fn every_second_week_on_monday_and_friday() {
    // It begins on a Wednesday: the Monday of that week is over.
    let mut fortnightly =
        days(spec("2027-01-06T08:00:00", "UTC", Frequency::Weekly), &[Weekday::Fr, Weekday::Mo]);
    fortnightly.interval = Some(2);
    let expected =
        ["2027-01-08 08:00 UTC", "2027-01-18 08:00 UTC", "2027-01-22 08:00 UTC", "2027-02-01 08:00 UTC"];
    assert_eq!(times(&fortnightly, 4), expected);
}

#[test]
fn the_weekdays_of_a_month_or_a_year_all_come() {
    let mut mondays = days(spec("2027-01-20T08:00:00", "UTC", Frequency::Monthly), &[Weekday::Mo]);
    mondays.interval = Some(2);
    let expected = ["2027-01-25 08:00 UTC", "2027-03-01 08:00 UTC", "2027-03-08 08:00 UTC"];
    assert_eq!(times(&mondays, 3), expected);
    let yearly = days(spec("2027-12-20T08:00:00", "UTC", Frequency::Yearly), &[Weekday::Mo]);
    let expected = ["2027-12-20 08:00 UTC", "2027-12-27 08:00 UTC", "2028-01-03 08:00 UTC"];
    assert_eq!(times(&yearly, 3), expected);
}

#[test]
fn weekdays_limit_what_comes_more_often() {
    let daily = days(spec("2027-01-01T08:00:00", "UTC", Frequency::Daily), &[Weekday::Mo, Weekday::Tu]);
    assert_eq!(times(&daily, 3), ["2027-01-04 08:00 UTC", "2027-01-05 08:00 UTC", "2027-01-11 08:00 UTC"]);
    let mut hourly = days(spec("2027-01-01T22:30:00", "UTC", Frequency::Hourly), &[Weekday::Sa, Weekday::Mo]);
    hourly.interval = Some(23);
    assert_eq!(times(&hourly, 3), ["2027-01-02 21:30 UTC", "2027-01-04 19:30 UTC", "2027-01-09 14:30 UTC"]);
    let minutely = days(spec("2027-01-01T23:58:00", "UTC", Frequency::Minutely), &[Weekday::Fr]);
    assert_eq!(times(&minutely, 3), ["2027-01-01 23:58 UTC", "2027-01-01 23:59 UTC", "2027-01-08 00:00 UTC"]);
}

#[test]
fn what_a_month_does_not_have_is_left_out() {
    let last = spec("2027-01-31T08:00:00", "UTC", Frequency::Monthly);
    assert_eq!(times(&last, 3), ["2027-01-31 08:00 UTC", "2027-03-31 08:00 UTC", "2027-05-31 08:00 UTC"]);
    let leap = spec("2096-02-29T08:00:00", "UTC", Frequency::Yearly);
    assert_eq!(times(&leap, 2), ["2096-02-29 08:00 UTC", "2104-02-29 08:00 UTC"]);
}

#[test]
fn a_count_counts_from_the_first_time_on() {
    let mut thrice = spec("2027-01-04T08:00:00", "UTC", Frequency::Daily);
    thrice.count = Some(3);
    assert_eq!(times(&thrice, 9).len(), 3);
    let timer = Timer::read(&thrice, moment("2027-01-05T12:00:00Z")).unwrap();
    let at = timer.begin(moment("2027-01-05T12:00:00Z")).unwrap();
    assert_eq!((at.next, at.past), (Some(moment("2027-01-06T08:00:00Z")), 2));
    assert_eq!(timer.step(moment("2027-01-06T08:00:00Z"), at.past).next, None);
}

#[test]
fn the_last_time_is_included() {
    let mut daily = spec("2027-01-04T08:00:00", "America/New_York", Frequency::Daily);
    daily.until = Some("2027-01-06T08:00:00".into());
    assert_eq!(times(&daily, 9).len(), 3);
    daily.until = Some("2027-01-06T07:59:59".into());
    assert_eq!(times(&daily, 9).len(), 2);
}
