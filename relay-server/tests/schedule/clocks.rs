//! When people change the clocks.

use relay_protocol::manifest::Frequency;

use crate::{spec, times};

#[test]
fn a_time_that_is_skipped_comes_as_much_later() {
    let daily = spec("2027-03-13T02:30:00", "America/New_York", Frequency::Daily);
    assert_eq!(times(&daily, 3), ["2027-03-13 02:30 EST", "2027-03-14 03:30 EDT", "2027-03-15 02:30 EDT"]);
    let once = spec("2027-03-14T02:30:00", "America/New_York", Frequency::Yearly);
    assert_eq!(times(&once, 1), ["2027-03-14 03:30 EDT"]);
}

#[test]
fn of_a_time_that_comes_twice_the_first_is_meant() {
    let daily = spec("2027-11-06T01:30:00", "America/New_York", Frequency::Daily);
    assert_eq!(times(&daily, 3), ["2027-11-06 01:30 EDT", "2027-11-07 01:30 EDT", "2027-11-08 01:30 EST"]);
}

#[test]
fn each_hour_is_an_hour_after_the_one_before() {
    let hourly = spec("2027-03-28T00:15:00", "Europe/London", Frequency::Hourly);
    assert_eq!(times(&hourly, 3), ["2027-03-28 00:15 GMT", "2027-03-28 02:15 BST", "2027-03-28 03:15 BST"]);
    let hourly = spec("2027-10-31T00:15:00", "Europe/London", Frequency::Hourly);
    let expected =
        ["2027-10-31 00:15 BST", "2027-10-31 01:15 BST", "2027-10-31 01:15 GMT", "2027-10-31 02:15 GMT"];
    assert_eq!(times(&hourly, 4), expected);
}

#[test]
fn half_an_hour_may_be_skipped_too() {
    let daily = spec("2027-10-02T02:15:00", "Australia/Lord_Howe", Frequency::Daily);
    let expected = ["2027-10-02 02:15 +1030", "2027-10-03 02:45 +11", "2027-10-04 02:15 +11"];
    assert_eq!(times(&daily, 3), expected);
}

#[test]
fn a_whole_day_may_be_skipped_and_does_not_come_twice() {
    // Samoa went over the date line: there was no 30th of December.
    let daily = spec("2011-12-29T08:00:00", "Pacific/Apia", Frequency::Daily);
    assert_eq!(times(&daily, 3), ["2011-12-29 08:00 -10", "2011-12-31 08:00 +14", "2012-01-01 08:00 +14"]);
}

#[test]
fn midnight_may_be_skipped() {
    // In Santiago the clocks are changed at midnight.
    let daily = spec("2027-09-04T00:00:00", "America/Santiago", Frequency::Daily);
    let expected = ["2027-09-04 00:00 -04", "2027-09-05 01:00 -03", "2027-09-06 00:00 -03"];
    assert_eq!(times(&daily, 3), expected);
}
