//! `relay clock`: the time of a server that runs on virtual time.

use std::fmt;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::Cx;
use crate::error::{CliError, Result};

/// Show the server's time, or let time pass where it is virtual.
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
    /// Let time pass until nobody waits for a time any more
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
            Some(What::UntilIdle { most }) => {
                advance(json!({ "by": span(most)?, "until_idle": true })).send().await?
            }
        };
        let kind = if clock["virtual"] == true { "virtual" } else { "real" };
        let now = clock["now"].as_str().unwrap_or("unknown");
        cx.out.result(format_args!("{now} ({kind} time)"), &clock)
    }
}

fn span(span: impl fmt::Display + Copy) -> Result<String> {
    let text = span.to_string();
    if text.starts_with('-') {
        return Err(CliError::usage("time does not go back"));
    }
    Ok(text)
}
