//! What cannot be registered, and what is said then.

use relay_protocol::manifest::{Frequency, TimerSpec};
use relay_server::schedule::Timer;

use crate::{moment, spec};

fn refused(change: impl FnOnce(&mut TimerSpec)) -> String {
    let now = moment("2027-01-15T08:00:00Z");
    let mut spec = spec("2027-01-16T08:00:00", "Europe/Berlin", Frequency::Daily);
    change(&mut spec);
    Timer::read(&spec, now).and_then(|timer| timer.begin(now)).unwrap_err().to_string()
}

#[test]
fn a_time_is_a_time_without_a_zone() {
    for text in ["Invalid DateTimeTInvalid DateTime", "", "tomorrow", "2027-02-30T08:00:00"] {
        let expected = format!(
            "start_time is {text:?}, not a time such as 2027-01-04T08:00:00; the zone stands in timezone"
        );
        assert_eq!(refused(|spec| spec.start_time = text.into()), expected);
    }
    for text in ["2027-01-16T08:00:00Z", "2027-01-16T08:00:00-05:00", "2027-01-16T08:00:00[Europe/Berlin]"] {
        assert!(refused(|spec| spec.until = Some(text.into())).starts_with("until is"), "{text}");
    }
}

#[test]
fn a_zone_is_one_that_exists() {
    let said = refused(|spec| spec.timezone = Some("Mars/Olympus".into()));
    assert_eq!(said, r#"there is no time zone "Mars/Olympus"; use a name such as Europe/Berlin or UTC"#);
}

#[test]
fn numbers_make_sense() {
    assert_eq!(refused(|spec| spec.interval = Some(0)), "interval is 0, but has to be from 1 to 1000000");
    assert_eq!(refused(|spec| spec.count = Some(0)), "count is 0, but has to be from 1 to 100000");
    assert!(refused(|spec| spec.interval = Some(u64::MAX)).starts_with("interval is 18446744073709551615"));
}

#[test]
fn a_repetition_says_what_is_repeated() {
    let said = refused(|spec| (spec.frequency, spec.interval) = (None, Some(2)));
    assert_eq!(said, "interval needs a frequency: minutely, hourly, daily, weekly, monthly or yearly");
}

#[test]
fn what_would_never_fire_is_refused() {
    let past = "the timer would never fire: after 2027-01-15T08:00:00.000Z there is no time that fits";
    assert_eq!(refused(|spec| spec.until = Some("2027-01-15T08:00:00".into())), past);
    let once = |spec: &mut TimerSpec| {
        *spec = TimerSpec::default();
        spec.start_time = "2027-01-15T07:59:59".into();
    };
    assert_eq!(refused(once), past);
    let over = |spec: &mut TimerSpec| {
        spec.start_time = "2026-01-01T00:00:00".into();
        spec.count = Some(10);
    };
    assert_eq!(refused(over), past);
    let never = |spec: &mut TimerSpec| {
        // Every seventh day from a Saturday on is a Saturday.
        spec.interval = Some(7);
        spec.byweekday.truncate(5);
    };
    assert_eq!(refused(never), past);
}
