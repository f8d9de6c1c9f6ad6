//! `relay logs`: what happens, as it happens.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::Cx;
use crate::error::Result;
use crate::output::{DIM, WARN};
use crate::stream::{Event, Feed, Item, Line, Names, Story, Wanted};

/// Show what happens: at devices, in workflows, on the server.
///
/// It goes on when the server restarts or the network is away, and says where something may be missing.
#[derive(Debug, Args)]
pub(crate) struct Logs {
    /// Go on until Ctrl-C, also through restarts of the server
    #[arg(short, long)]
    follow: bool,
    /// Of one instance, `wfi_…`, or the end of its id
    #[arg(long, value_name = "ID")]
    instance: Option<String>,
    /// Of one device, by its name or id
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
    /// Of one workflow, by its name or id
    #[arg(long, value_name = "WORKFLOW")]
    workflow: Option<String>,
    /// Some of instance, frame, device, trigger and log
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kinds: Vec<String>,
    /// Everything, the frames on the wire too
    #[arg(short, long)]
    all: bool,
}

impl Logs {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = Arc::new(cx.client()?);
        let mut names = Names::load(&client).await?;
        let wanted = Wanted {
            kinds: self.kinds.clone(),
            device: self.device.as_deref().map(|name| names.device_id(name)).transpose()?,
            workflow: self.workflow.as_deref().map(|name| names.workflow_id(name)).transpose()?,
            instance: None,
        };
        // What the server still knows of before now, unless only the future is wanted.
        let mut feed = Feed::open_after(&client, wanted, (!self.follow).then(|| "0-0".to_owned())).await?;
        if self.follow {
            cx.out.note(format_args!("{DIM}following {}; Ctrl-C ends it{DIM:#}", client.host()));
        }
        let story = Story { all: self.all };
        loop {
            let item = match self.follow {
                true => feed.next().await?,
                false => match tokio::time::timeout(QUIET, feed.next()).await {
                    Ok(item) => item?,
                    Err(_) => return Ok(()),
                },
            };
            match item {
                Item::Gap(_) | Item::Lost if !self.follow => {}
                Item::Lost => cx.out.note(format_args!("{DIM}the server is away: waiting for it{DIM:#}")),
                Item::Gap(silent) => gap(cx, silent)?,
                Item::Event(event) if self.is_wanted(&event) => {
                    if !names.knows(&event) {
                        names = Names::load(feed.client()).await?;
                    }
                    if cx.out.is_json() {
                        cx.out.line(serde_json::json!(event))?;
                    } else if let Some(line) = story.tell(&event, &names) {
                        cx.out.line(line.fit(cx.out.live_width()))?;
                    }
                }
                Item::Event(_) => {}
            }
        }
    }

    /// The server knows whole ids only.
    fn is_wanted(&self, event: &Event) -> bool {
        let Some(wanted) = &self.instance else { return true };
        let run = event.instance.as_deref().or_else(|| event.text("by"));
        run.is_some_and(|run| run.ends_with(&**wanted))
    }
}

/// What is known already comes at once.
const QUIET: Duration = Duration::from_millis(300);

fn gap(cx: &Cx, silent: i64) -> Result<()> {
    if cx.out.is_json() {
        return cx.out.line(serde_json::json!({ "kind": "gap", "milliseconds": silent }));
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let span = match silent {
        0 => String::new(),
        silent if silent < 1000 => format!(" of {silent} ms"),
        silent => format!(" of {} s", (silent + 500) / 1000),
    };
    cx.out.line(Line::new(now, format!("·· a gap{span}: what happened in it is not known ··")).style(WARN))
}
