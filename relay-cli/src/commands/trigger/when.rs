//! `--at`: a moment by the server's clock.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::client::Client;
use crate::error::{CliError, Result};

/// A moment, a time of day here, or so long from now.
pub(super) async fn read(client: &Client, text: &str) -> Result<Timestamp> {
    let clock = client.get(&["v1", "clock"]).send().await?;
    let now = clock["now"].as_str().and_then(|now| now.parse().ok()).unwrap_or_else(Timestamp::now);
    moment(text, now, &TimeZone::system())
}

fn moment(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp> {
    let here = || zone.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    let later = || now.checked_add(text.parse::<SignedDuration>().ok()?).ok();
    let at = text.parse().ok().or_else(here).or_else(later).ok_or_else(|| {
        CliError::usage(format_args!("--at {text} is no time"))
            .next("write 2027-01-04T08:00, 2027-01-04T08:00:00Z, or a time span such as 5m")
    })?;
    if at < now {
        return Err(CliError::usage(format_args!("--at {text} is over"))
            .cause(format_args!("by the server's clock it is {now}")));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_three_ways() {
        let now = "2027-01-01T12:00:00Z".parse().unwrap();
        let at =
            |text: &str| moment(text, now, &TimeZone::fixed(jiff::tz::offset(2))).map(|at| at.to_string());
        assert_eq!(at("2027-01-04T08:00:00Z").unwrap(), "2027-01-04T08:00:00Z");
        assert_eq!(at("2027-01-04T08:00").unwrap(), "2027-01-04T06:00:00Z");
        assert_eq!(at("1h30m").unwrap(), "2027-01-01T13:30:00Z");
        assert!(at("soon").unwrap_err().to_string().contains("no time"));
        assert!(at("2027-01-01T11:59:59Z").unwrap_err().to_string().contains("is over"));
        assert!(at("-5m").unwrap_err().to_string().contains("is over"));
    }
}
