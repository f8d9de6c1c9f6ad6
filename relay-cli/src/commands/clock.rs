//! `relay clock`: the time of a server that runs on virtual time.

use std::fmt;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::Cx;
use crate::client::Client;
use crate::error::{CliError, Exit, Result};

/// How long a workflow may take to answer before time goes on.
const ANSWER: Duration = Duration::from_millis(20);

/// How many times something may be due. What begins anew for ever would keep somebody waiting for hours otherwise.
const MOMENTS: u32 = 1000;

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
    /// Let time pass until no run and no trigger is under way; schedules that are due later do not count
    ///
    /// The exit code is 6 if runs or triggers are still under way in the end.
    UntilIdle {
        /// No further than this
        #[arg(long, value_name = "SPAN", default_value = "24h")]
        most: jiff::SignedDuration,
    },
}

impl Clock {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let clock = match self.what {
            None => client.get(&["v1", "clock"]).send().await?,
            Some(What::Advance { by }) => {
                virtual_now(&client).await?;
                client.post(&["v1", "clock", "advance"], json!({ "by": span(by)? })).send().await?
            }
            Some(What::UntilIdle { most }) => {
                let (clock, busy) = until_idle(&client, most).await?;
                show(cx, &clock)?;
                return busy.map_or(Ok(()), Err);
            }
        };
        show(cx, &clock)
    }
}

fn show(cx: &Cx, clock: &Value) -> Result<()> {
    let kind = if clock["virtual"] == true { "virtual" } else { "real" };
    let now = clock["now"].as_str().unwrap_or("unknown");
    cx.out.result(format_args!("{now} ({kind} time)"), clock)
}

/// From one moment at which somebody has something to do to the next, while runs or triggers are under way. The clock in
/// the end, and what still goes on.
async fn until_idle(client: &Client, most: jiff::SignedDuration) -> Result<(Value, Option<CliError>)> {
    let mut clock = virtual_now(client).await?;
    let moment = |clock: &Value, key: &str| clock[key].as_str().and_then(|at| at.parse::<Timestamp>().ok());
    let begun = moment(&clock, "now").unwrap_or_default();
    let end = begun.checked_add(most).unwrap_or(Timestamp::MAX);
    for _ in 0..MOMENTS {
        // Workflows live on real time, and get some to answer.
        sleep(ANSWER).await;
        let busy = Busy::look(client).await?;
        if busy.is_idle() {
            return Ok((clock, None));
        }
        clock = client.get(&["v1", "clock"]).send().await?;
        let now = moment(&clock, "now").unwrap_or_default();
        if now >= end {
            return Ok((clock, Some(busy.after(format_args!("{most:#} have passed, as many as may")))));
        }
        let next = moment(&clock, "next").unwrap_or(end).min(end);
        let by = next.duration_since(now).max(jiff::SignedDuration::from_millis(1));
        clock = client.post(&["v1", "clock", "advance"], json!({ "by": by.to_string() })).send().await?;
    }
    let busy = Busy::look(client).await?;
    Ok((clock, Some(busy.after(format_args!("{MOMENTS} times something was due, and more is")))))
}

/// The clock, if it is one that can be moved.
async fn virtual_now(client: &Client) -> Result<Value> {
    let clock = client.get(&["v1", "clock"]).send().await?;
    if clock["virtual"] == true {
        return Ok(clock);
    }
    Err(CliError::failed("this server runs on real time")
        .next("start it on virtual time: relay dev --virtual-time"))
}

/// What is under way.
struct Busy {
    /// Ids of runs.
    runs: Vec<String>,
    /// How many triggers have not become a run yet.
    triggers: u64,
}

impl Busy {
    async fn look(client: &Client) -> Result<Self> {
        let (runs, info) =
            tokio::join!(client.get(&["v1", "instances"]).send(), client.get(&["v1", "info"]).send());
        let (runs, info) = (runs?, info?);
        let ids = runs.as_array().into_iter().flatten().filter_map(|run| run["id"].as_str());
        // A trigger that has started is a run, or will be listed as one at once.
        let count = |state: &str| info["triggers"][state].as_u64().unwrap_or_default();
        Ok(Self {
            runs: ids.map(str::to_owned).collect(),
            triggers: ["queued", "dialing", "started"].map(count).iter().sum(),
        })
    }

    fn is_idle(&self) -> bool {
        self.runs.is_empty() && self.triggers == 0
    }

    fn after(&self, why: impl fmt::Display) -> CliError {
        let goes_on = match &self.runs[..] {
            [] => format!("triggers under way: {}", self.triggers),
            [run] => format!("the run {run} goes on"),
            [run, rest @ ..] => format!("the run {run} goes on, and {} more", rest.len()),
        };
        CliError::new(Exit::Findings, "it is not idle yet")
            .cause(goes_on)
            .cause(why)
            .next("let more time pass with --most SPAN, or end the run: relay workflow instance stop")
    }
}

fn span(span: impl fmt::Display + Copy) -> Result<String> {
    let text = span.to_string();
    if text.starts_with('-') {
        return Err(CliError::usage("time does not go back"));
    }
    Ok(text)
}
