//! What is made up for after the server was down.

use std::time::Duration;

use relay_protocol::manifest::Frequency;
use relay_server::model::Schedule;
use relay_server::schedule::{CatchUp, Patience, Timer};

use crate::{moment, spec};

fn patience(minutes: u64, most: usize) -> Patience {
    Patience { window: Duration::from_secs(minutes * 60), most }
}

/// An hourly timer that was due at eight, at twenty minutes past eleven.
fn caught_up(count: Option<u64>, patience: Patience) -> CatchUp {
    let mut hourly = spec("2027-01-15T08:00:00", "UTC", Frequency::Hourly);
    hourly.count = count;
    let timer = Timer::read(&hourly, moment("2027-01-15T07:00:00Z")).unwrap();
    let at = timer.begin(moment("2027-01-15T07:00:00Z")).unwrap();
    timer.catch_up(at, moment("2027-01-15T11:20:00Z"), patience)
}

#[test]
fn what_is_in_the_window_fires_and_the_rest_was_missed() {
    let caught_up = caught_up(None, patience(90, 10));
    assert_eq!(caught_up.fire, [moment("2027-01-15T10:00:00Z"), moment("2027-01-15T11:00:00Z")]);
    let missed = caught_up.missed.unwrap().to_string();
    assert_eq!(missed, "2 times had passed, from 2027-01-15T08:00:00.000Z to 2027-01-15T09:00:00.000Z");
    assert_eq!(caught_up.then, Schedule { next: Some(moment("2027-01-15T12:00:00Z")), past: 4 });
}

#[test]
fn only_the_latest_fire_when_they_are_many() {
    let caught_up = caught_up(None, patience(600, 1));
    assert_eq!(caught_up.fire, [moment("2027-01-15T11:00:00Z")]);
    assert_eq!(caught_up.missed.unwrap().count, 3);
    assert_eq!(caught_up.missed.unwrap().last, moment("2027-01-15T10:00:00Z"));
}

#[test]
fn what_was_missed_counts() {
    let caught_up = caught_up(Some(2), patience(90, 10));
    assert_eq!(caught_up.fire, []);
    assert_eq!(caught_up.missed.unwrap().count, 2);
    assert_eq!(caught_up.then, Schedule { next: None, past: 2 });
}

#[test]
fn without_patience_only_what_is_due_this_moment_fires() {
    let caught_up = caught_up(None, patience(0, 10));
    assert_eq!(caught_up.fire, []);
    assert_eq!(caught_up.missed.unwrap().count, 4);
}

#[test]
fn ten_years_of_minutes_are_caught_up_with() {
    let minutely = spec("2017-01-15T08:00:00", "Europe/Berlin", Frequency::Minutely);
    let timer = Timer::read(&minutely, moment("2017-01-01T00:00:00Z")).unwrap();
    let at = timer.begin(moment("2017-01-01T00:00:00Z")).unwrap();
    let caught_up = timer.catch_up(at, moment("2027-01-15T07:00:00Z"), Patience::default());
    assert_eq!(caught_up.fire.len(), 10);
    assert_eq!(caught_up.missed.unwrap().count + 10, 3652 * 1440 + 1);
}
