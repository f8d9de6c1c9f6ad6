//! `relay clock`: the time of a server that runs on virtual time.

use std::fmt;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::Cx;
use crate::client::Client;
use crate::error::{CliError, Result};

/// How long a workflow may take to answer before time goes on.
const ANSWER: Duration = Duration::from_millis(20);

/// Show the server's time, or let it pass where it is virtual.
#[derive(Debug, Args)]
pub(crate) struct Clock {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let time pass
    Advance {
        /// How much: 30s, 5m, 1h30m
        by: jiff::SignedDuration,
    },
    /// Let time pass until no run and no trigger is under way
    UntilIdle {
        /// No further than this
        #[arg(long, value_name = "SPAN", default_value = "24h")]
        most: jiff::SignedDuration,
    },
}

impl Clock {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let advance = |body: Value| client.post(&["v1", "clock", "advance"], body);
        let clock = match self.what {
            None => client.get(&["v1", "clock"]).send().await?,
            Some(What::Advance { by }) => advance(json!({ "by": span(by)? })).send().await?,
            Some(What::UntilIdle { most }) => until_idle(&client, most).await?,
        };
        let kind = if clock["virtual"] == true { "virtual" } else { "real" };
        let now = clock["now"].as_str().unwrap_or("unknown");
        cx.out.result(format_args!("{now} ({kind} time)"), &clock)
    }
}

/// From one moment at which somebody has something to do to the next, while runs or triggers are under way.
async fn until_idle(client: &Client, most: jiff::SignedDuration) -> Result<Value> {
    let mut clock = client.get(&["v1", "clock"]).send().await?;
    if clock["virtual"] != true {
        return Err(CliError::failed("this server runs on real time")
            .next("start it on virtual time: relay dev --virtual-time"));
    }
    let moment = |clock: &Value, key: &str| clock[key].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let begun = moment(&clock, "now").unwrap_or_default();
    let end = begun.checked_add(most).unwrap_or(Timestamp::MAX);
    loop {
        // Workflows live on real time, and get some to answer.
        sleep(ANSWER).await;
        let now = moment(&clock, "now").unwrap_or_default();
        if now >= end || is_idle(client).await? {
            return Ok(clock);
        }
        clock = client.get(&["v1", "clock"]).send().await?;
        let next = moment(&clock, "next").unwrap_or(end).min(end);
        let by = next.duration_since(now).max(jiff::SignedDuration::from_millis(1));
        clock = client.post(&["v1", "clock", "advance"], json!({ "by": by.to_string() })).send().await?;
    }
}

async fn is_idle(client: &Client) -> Result<bool> {
    let (runs, info) =
        tokio::join!(client.get(&["v1", "instances"]).send(), client.get(&["v1", "info"]).send());
    let waiting = &info?["triggers"];
    let waits = ["queued", "dialing", "started"].iter().any(|state| waiting[state].as_u64() != Some(0));
    Ok(!waits && runs?.as_array().is_none_or(Vec::is_empty))
}

fn span(span: impl fmt::Display + Copy) -> Result<String> {
    let text = span.to_string();
    if text.starts_with('-') {
        return Err(CliError::usage("time does not go back"));
    }
    Ok(text)
}
