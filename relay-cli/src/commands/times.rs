//! Times: now, once, or again and again, in any zone.

use clap::{Args, ValueEnum};
use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use relay_protocol::manifest::{Frequency, TimerSpec, Weekday};

use crate::error::{CliError, Result};

/// When something happens. The flags are those of the official command line.
#[derive(Debug, Args)]
pub(crate) struct Times {
    /// Now, once, or again and again
    #[arg(long, value_enum, default_value_t = When::Immediately)]
    trigger: When,
    /// The zone of all times, as in Europe/Berlin; `local` is that of this machine
    #[arg(short = 'z', long, value_name = "ZONE", default_value = "local")]
    timezone: String,
    /// The first time, as in 2027-01-04T08:00 [default: the next full hour]
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// The last possible time
    #[arg(short = 'l', long, value_name = "TIME", conflicts_with = "count")]
    until: Option<String>,
    /// How many times in all
    #[arg(short, long, value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// What is repeated [default: daily]
    #[arg(short, long, value_enum)]
    frequency: Option<Every>,
    /// Every how many of them [default: 1]
    #[arg(short = 'I', long, value_parser = clap::value_parser!(u64).range(1..))]
    interval: Option<u64>,
    /// Only on these days: MO TU WE TH FR SA SU
    #[arg(short, long, value_enum, ignore_case = true, num_args = 1.., hide_possible_values = true)]
    day: Vec<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Immediately,
    Schedule,
    Repeat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Every {
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Day {
    Mo,
    Tu,
    We,
    Th,
    Fr,
    Sa,
    Su,
}

impl Times {
    pub(crate) fn spec(&self) -> Result<TimerSpec> {
        self.at(Timestamp::now())
    }

    fn at(&self, now: Timestamp) -> Result<TimerSpec> {
        let repeats = self.count.is_some()
            || self.until.is_some()
            || self.frequency.is_some()
            || self.interval.is_some()
            || !self.day.is_empty();
        if repeats && self.trigger != When::Repeat {
            return Err(CliError::usage("what is repeated needs --trigger repeat"));
        }
        if self.trigger == When::Immediately {
            if self.start.is_some() {
                return Err(CliError::usage("--start needs --trigger schedule or repeat"));
            }
            let mut spec = TimerSpec::default();
            spec.start_time = "immediately".into();
            return Ok(spec);
        }
        if self.trigger == When::Repeat && self.count.is_none() && self.until.is_none() {
            return Err(
                CliError::usage("nobody says when it ends").next("add --count NUMBER or --until TIME")
            );
        }
        let zone = zone(&self.timezone)?;
        let start = match &self.start {
            Some(text) => local("--start", text, &zone)?,
            None => next_hour(now, &zone)?,
        };
        let until = self.until.as_ref().map(|text| local("--until", text, &zone)).transpose()?;
        if until.is_some_and(|until| until < start) {
            return Err(CliError::usage(format_args!("--until is before the start, which is {start}")));
        }
        if self.trigger == When::Schedule && zone.to_timestamp(start).is_ok_and(|start| start < now) {
            return Err(CliError::usage(format_args!("--start is over: {start} in {}", self.timezone)));
        }
        let mut spec = TimerSpec::default();
        spec.start_time = written(start);
        spec.timezone = zone.iana_name().map(str::to_owned);
        spec.until = until.map(written);
        spec.count = self.count;
        if self.trigger == When::Repeat {
            let every = self.frequency.unwrap_or(Every::Daily);
            spec.frequency = Some(every.frequency());
            spec.interval = Some(self.interval.unwrap_or(1));
            spec.byweekday = self.day.iter().map(|day| day.weekday()).collect();
            spec.byweekday.sort();
            spec.byweekday.dedup();
            // All seven days of each week is what weekly would mean else.
            if every == Every::Weekly && spec.byweekday.is_empty() {
                spec.byweekday
                    .extend(Weekday::try_from(start.weekday().to_monday_one_offset().unsigned_abs()));
            }
        }
        Ok(spec.with_defaults())
    }
}

fn zone(name: &str) -> Result<TimeZone> {
    if name == "local" {
        let zone = TimeZone::system();
        if zone.iana_name().is_none() {
            return Err(CliError::usage("this machine does not say in which zone it is")
                .next("name the zone: --timezone Europe/Berlin"));
        }
        return Ok(zone);
    }
    TimeZone::get(name).map_err(|error| {
        CliError::usage(format_args!("`{name}` is no time zone"))
            .cause(error)
            .next("it looks like Europe/Berlin")
    })
}

/// A wall-clock time in the zone. One with an offset is converted, not stripped of it.
fn local(flag: &str, text: &str, zone: &TimeZone) -> Result<DateTime> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(zone.to_datetime(instant));
    }
    if let Ok(date) = text.parse::<civil::Date>().and_then(|_| text.parse::<DateTime>()) {
        return Ok(date);
    }
    Err(CliError::usage(format_args!("{flag} {text}: this is no time"))
        .next("write it as 2027-01-04T08:00, or with an offset as 2027-01-04T08:00-05:00"))
}

fn next_hour(now: Timestamp, zone: &TimeZone) -> Result<DateTime> {
    let late = |error: jiff::Error| CliError::failed("the clock of this machine is wrong").cause(error);
    let here = zone.to_datetime(now.checked_add(1.hour()).map_err(late)?);
    here.with().minute(0).second(0).subsec_nanosecond(0).build().map_err(late)
}

fn written(time: DateTime) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

impl Every {
    fn frequency(self) -> Frequency {
        match self {
            Self::Minutely => Frequency::Minutely,
            Self::Hourly => Frequency::Hourly,
            Self::Daily => Frequency::Daily,
            Self::Weekly => Frequency::Weekly,
            Self::Monthly => Frequency::Monthly,
            Self::Yearly => Frequency::Yearly,
        }
    }
}

impl Day {
    fn weekday(self) -> Weekday {
        match self {
            Self::Mo => Weekday::Mo,
            Self::Tu => Weekday::Tu,
            Self::We => Weekday::We,
            Self::Th => Weekday::Th,
            Self::Fr => Weekday::Fr,
            Self::Sa => Weekday::Sa,
            Self::Su => Weekday::Su,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        times: Times,
    }

    fn timer(line: &str) -> Result<Value, String> {
        let words = format!("timer {line}");
        let parsed = Line::try_parse_from(words.split_whitespace()).map_err(|error| error.to_string())?;
        let now = "2026-11-23T22:30:00Z".parse().unwrap();
        parsed
            .times
            .at(now)
            .map(|spec| serde_json::to_value(spec).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_three_ways() {
        assert_eq!(timer("").unwrap(), json!({ "start_time": "immediately" }));
        assert_eq!(
            timer("--trigger schedule -z Europe/Berlin").unwrap(),
            json!({ "start_time": "2026-11-24T00:00:00", "timezone": "Europe/Berlin", "count": 1 })
        );
        assert_eq!(
            timer("--trigger repeat -z America/New_York --start 2027-01-04T08:00 -c 3 -d fr mo").unwrap(),
            json!({
                "start_time": "2027-01-04T08:00:00", "timezone": "America/New_York", "count": 3,
                "frequency": "daily", "interval": 1, "byweekday": [1, 5],
            })
        );
    }

    #[test]
    fn an_offset_is_converted() {
        let spec = timer("--trigger schedule -z America/Chicago --start 2026-12-01T08:00-08:00").unwrap();
        assert_eq!(spec["start_time"], "2026-12-01T10:00:00");
    }

    #[test]
    fn weekly_means_the_day_of_the_start() {
        let spec =
            timer("--trigger repeat -z Asia/Tokyo --start 2027-01-05 -f weekly --until 2027-03-01").unwrap();
        assert_eq!((&spec["byweekday"], &spec["until"]), (&json!([2]), &json!("2027-03-01T00:00:00")));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (line, why) in [
            ("--trigger repeat -z Asia/Tokyo", "when it ends"),
            ("--count 3", "needs --trigger repeat"),
            ("--start 2027-01-01", "needs --trigger schedule"),
            ("--trigger schedule -z Mars/Olympus", "no time zone"),
            ("--trigger schedule -z Asia/Tokyo --start soon", "no time"),
            ("--trigger schedule -z Asia/Tokyo --start 2020-01-01", "is over"),
            ("--trigger repeat -z Asia/Tokyo --start 2027-01-02 --until 2027-01-01", "before the start"),
            ("--trigger repeat -z Asia/Tokyo --count 0", "0"),
        ] {
            let error = timer(line).unwrap_err();
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}
