//! `relay transcript`: what was said in a run.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use relay_protocol::transcript::{Transcript, What};
use serde_json::json;
use tokio::time::sleep;

use super::Cx;
use super::replay::Replay;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::output::{Column, ListArgs, Table};
use crate::stream::Names;

/// Show what was said in runs of workflows, and keep it.
#[derive(Debug, Subcommand)]
pub(crate) enum TranscriptCommand {
    List(List),
    Show(Show),
    Replay(Replay),
    Export(Export),
}

/// List runs, the newest first.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Of this workflow, by its name or id
    #[arg(long, value_name = "WORKFLOW")]
    workflow: Option<String>,
    /// No more than these
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    #[command(flatten)]
    list: ListArgs,
}

/// Show who said what, a line each.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The id of the run, the end of it, or `last`
    #[arg(default_value = "last")]
    id: String,
}

/// Write a run to a file, for replays and tests.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The id of the run, the end of it, or `last`
    #[arg(default_value = "last")]
    id: String,
    /// The file [default: the output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Take out what people said, where they were, and who they are
    #[arg(long)]
    redact: bool,
}

impl TranscriptCommand {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(list) => list.run(cx, &cx.client()?).await,
            Self::Replay(replay) => Box::pin(replay.run(cx)).await,
            Self::Show(show) => {
                let transcript = fetch(&cx.client()?, &show.id).await?;
                // Compared with itself, all of it is the same.
                let lines = transcript.diff(&transcript).to_string();
                let lines: Vec<&str> =
                    lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
                cx.out.result(lines.join("\n"), &json!(lines))
            }
            Self::Export(export) => export.run(cx, &cx.client()?).await,
        }
    }
}

impl List {
    async fn run(self, cx: &Cx, client: &Client) -> Result<()> {
        let names = Names::load(client).await?;
        let workflow = self.workflow.as_deref().map(|name| names.workflow_id(name)).transpose()?;
        let call = client.get(&["v1", "triggers"]).maybe("workflow", workflow);
        let page = call.query("limit", self.limit.to_string()).send().await?;
        let items = page.get("items").cloned().unwrap_or_default();
        let columns = ["Instance", "Workflow", "Device", "Began", "State", "Outcome"];
        let mut table = Table::new(columns.map(|name| match name {
            "Instance" => Column::exact(name),
            _ => Column::new(name),
        }));
        for run in items.as_array().into_iter().flatten() {
            let text = |key: &str| run[key].as_str().unwrap_or_default().to_owned();
            let began = run["started_at"].as_i64().or(run["accepted_at"].as_i64());
            let outcome = &run["outcome"];
            let outcome = [&outcome["kind"], &outcome["reason"]].map(|it| it.as_str().unwrap_or_default());
            table.row([
                text("id"),
                text("workflow_name"),
                run["device"].as_str().map(|id| names.device(id).to_owned()).unwrap_or_default(),
                began
                    .and_then(|ms| Timestamp::from_millisecond(ms).ok())
                    .map(|at| at.to_string())
                    .unwrap_or_default(),
                text("state"),
                outcome.join(" ").trim().to_owned(),
            ]);
        }
        cx.out.list(&self.list, &table, &items, "nothing has run yet")
    }
}

impl Export {
    async fn run(self, cx: &Cx, client: &Client) -> Result<()> {
        let transcript = fetch(client, &self.id).await?;
        let transcript = if self.redact { transcript.redacted() } else { transcript };
        let Some(file) = self.output else { return cx.out.line(transcript.to_string().trim_end()) };
        fs::write(&file, transcript.to_string()).map_err(|error| {
            CliError::failed(format_args!("cannot write {}", file.display())).cause(error)
        })?;
        cx.out.note(format_args!("{} holds {} entries", file.display(), transcript.entries.len()));
        Ok(())
    }
}

/// The transcript of the run with this id, with this end of its id, or the last one.
pub(super) async fn fetch(client: &Client, id: &str) -> Result<Transcript> {
    let id = whole(client, id).await?;
    for _ in 0..LOOKS {
        let transcript = written(client, &id).await?;
        if transcript.as_ref().is_some_and(is_whole) || is_live(client, &id).await? {
            return transcript.ok_or_else(|| missing(&id));
        }
        sleep(PAUSE).await;
    }
    // Of what was cut off there is no more.
    written(client, &id).await?.ok_or_else(|| missing(&id))
}

/// The server writes transcripts behind: for a moment the end of a run is known, and not written yet.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(50);

fn is_whole(transcript: &Transcript) -> bool {
    transcript.entries.last().is_some_and(|last| matches!(last.what, What::Ended(_)))
}

async fn is_live(client: &Client, id: &str) -> Result<bool> {
    let live = client.get(&["v1", "instances"]).send().await?;
    Ok(live.as_array().into_iter().flatten().any(|run| run["id"] == *id))
}

fn missing(id: &str) -> CliError {
    CliError::not_found(format_args!("there is no transcript of {id}"))
        .cause("it has not begun, the server keeps none, or it has been a long time")
}

/// What is written by now, if anything is.
async fn written(client: &Client, id: &str) -> Result<Option<Transcript>> {
    let mut text = String::new();
    let mut from = 0;
    loop {
        let call = client.get(&["v1", "instances", id, "transcript"]).query("from", from.to_string());
        let lines = call.send().await?;
        let lines = lines.as_array().cloned().unwrap_or_default();
        let Some(last) = lines.last() else { break };
        from = last["number"].as_u64().unwrap_or(from) + 1;
        for line in &lines {
            // A line of a transcript, as text.
            text.push_str(line["content"].as_str().unwrap_or_default());
            text.push('\n');
        }
    }
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.parse().map(Some);
    read.map_err(|error| CliError::failed("the transcript cannot be read").cause(error))
}

async fn whole(client: &Client, id: &str) -> Result<String> {
    if id.starts_with("wfi_") {
        return Ok(id.to_owned());
    }
    let page = client.get(&["v1", "triggers"]).query("limit", "200").send().await?;
    let ids: Vec<&str> =
        page["items"].as_array().into_iter().flatten().filter_map(|run| run["id"].as_str()).collect();
    let mut fit = ids.iter().filter(|known| id == "last" || known.ends_with(id));
    match (fit.next(), fit.next()) {
        (None, _) => {
            Err(CliError::not_found(format_args!("there is no run `{id}`"))
                .next("see: relay transcript list"))
        }
        (Some(found), other) if other.is_none() || id == "last" => Ok((*found).to_owned()),
        _ => {
            Err(CliError::usage(format_args!("several runs end in `{id}`"))
                .next("see: relay transcript list"))
        }
    }
}
