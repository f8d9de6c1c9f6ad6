//! `relay user assignments`: who used which device, and since when.

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Cx;
use super::entries::cell;
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};

/// Show who was given which device, and when. The vendor's cloud records it; our server does not
#[derive(Debug, Args)]
pub(crate) struct Assignments {
    /// Only of this user
    #[arg(short, long, value_name = "ID")]
    id: Option<String>,
    /// Not before this time
    #[arg(long, value_name = "TIME")]
    oldest: Option<String>,
    /// Not after this time
    #[arg(long, value_name = "TIME")]
    latest: Option<String>,
    /// No more than this on a page
    #[arg(long)]
    limit: Option<u64>,
    /// The page that another one named
    #[arg(long)]
    cursor: Option<String>,
    /// How times are shown
    #[arg(short = 'f', long, value_enum, default_value_t = Format::None)]
    timestamp_format: Format,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As the server tells them.
    None,
    /// How long ago.
    Relative,
}

impl Assignments {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let call = client
            .get(&["ibot", "audit"])
            .query("event_type", "ibot_user_profile")
            .query("action", "assigned")
            .maybe("user_id", self.id.as_deref())
            .maybe("oldest", self.oldest.as_deref())
            .maybe("latest", self.latest.as_deref())
            .maybe("cursor", self.cursor.as_deref())
            .maybe("limit", self.limit.map(|limit| limit.to_string()));
        let mut answer = call.send().await?;
        let Value::Array(events) = answer["data"].take() else {
            return Err(CliError::failed("the server's list of events is no list"));
        };
        let next = answer["cursor"].as_str().filter(|cursor| !cursor.is_empty());
        let mut table = Table::new([
            Column::exact("User ID"),
            Column::new("Action"),
            Column::exact("Device ID"),
            Column::new("Timestamp"),
            Column::new("Audit ID").extended(),
        ]);
        let now = Timestamp::now();
        for event in &events {
            // JSON in a text, if there is any.
            let data: Value =
                event["data"].as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            let time = cell(event, "timestamp_action");
            table.row([
                cell(&data, "id"),
                cell(event, "action"),
                cell(&data, "device_id"),
                if self.timestamp_format == Format::Relative { ago(&time, now) } else { time },
                cell(event, "audit_id"),
            ]);
        }
        cx.out.list(
            &self.list,
            &table,
            &json!({ "data": events, "cursor": next }),
            "nobody was given a device",
        )?;
        if let Some(next) = next {
            cx.out.note(format_args!("there is more: --cursor {next}"));
        }
        Ok(())
    }
}

/// In the largest unit that fits; as it is if it is no time.
fn ago(text: &str, now: Timestamp) -> String {
    let Ok(then) = text.parse::<Timestamp>() else { return text.to_owned() };
    let passed = now.duration_since(then).as_secs().max(0);
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let unit = units.into_iter().find(|(seconds, _)| passed >= *seconds).unwrap_or((1, "s"));
    format!("{} {} ago", passed / unit.0, unit.1)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn times_are_told_from_now() {
        let now: Timestamp = "2027-01-04T08:00:00Z".parse().unwrap();
        let at = |seconds: i64| ago(&now.checked_sub(seconds.seconds()).unwrap().to_string(), now);
        assert_eq!(
            [at(0), at(59), at(60), at(7200), at(200_000)],
            ["0 s ago", "59 s ago", "1 min ago", "2 h ago", "2 d ago"]
        );
        assert_eq!(ago("yesterday", now), "yesterday");
    }
}
