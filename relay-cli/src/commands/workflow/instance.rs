//! `relay workflow instance`: what runs.

use std::time::{Duration, Instant};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::find::Which;
use crate::client::Client;
use crate::commands::{Cx, analytics};
use crate::error::{CliError, Exit, Result};
use crate::output::{Column, ListArgs, Table};
use crate::registration::{Registration, list};

/// Show or stop what runs.
#[derive(Debug, Subcommand)]
pub(crate) enum Instance {
    /// Show what runs, and what ran
    List(List),
    /// Stop what runs
    Stop(Stop),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Also those that are over
    #[arg(short = 'H', long)]
    include_history: bool,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct Stop {
    /// This one [RELAY_WORKFLOW_INSTANCE_ID]
    #[arg(short, long, value_name = "ID", env = "RELAY_WORKFLOW_INSTANCE_ID", hide_env = true)]
    #[arg(required_unless_present = "workflow_id", conflicts_with = "workflow_id")]
    instance_id: Option<String>,
    /// All of this workflow: its id, its name, or a beginning of its id
    #[arg(short, long, value_name = "ID")]
    workflow_id: Option<String>,
    /// Do not wait until they are over
    #[arg(long, visible_alias = "nowait")]
    no_wait: bool,
    /// Wait until they are over [default]
    #[arg(short = 'W', long, overrides_with = "no_wait", hide = true)]
    wait: bool,
    /// Same as --yes
    #[arg(short = 'C', long, hide = true)]
    confirm: bool,
    /// How long to wait
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,
    /// Only show what would be stopped
    #[arg(short = 'N', long)]
    dry_run: bool,
}

impl Instance {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        match self {
            Self::List(command) => command.run(cx).await,
            Self::Stop(command) => command.run(cx).await,
        }
    }
}

impl List {
    async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let workflows = list(&client).await?;
        let mut entries = running(&client).await?;
        for entry in &mut entries {
            entry["status"] = "running".into();
        }
        if self.include_history {
            let ended =
                analytics::Query::of("workflow").ask(&client, None).await?.into_iter().filter_map(ended);
            let ended =
                ended.filter(|one| !entries.iter().any(|known| known["instance_id"] == one["instance_id"]));
            let ended: Vec<Value> = ended.collect();
            entries.extend(ended);
        }
        show(cx, &self.list, &workflows, entries)
    }
}

impl Stop {
    async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let (key, wanted) = match (self.instance_id, self.workflow_id) {
            (Some(id), _) => ("instance_id", id),
            (None, workflow) => {
                let found = Which::of(workflow.unwrap_or_default()).find(&client).await?;
                ("workflow_id", found.id().to_owned())
            }
        };
        let mut found = running(&client).await?;
        found.retain(|instance| instance[key] == *wanted);
        if found.is_empty() {
            return match key {
                "instance_id" => Err(CliError::not_found(format_args!("`{wanted}` does not run"))
                    .next("`relay workflow instance list` shows what runs")),
                _ => cx.out.result("nothing runs", &json!([])),
            };
        }
        if self.dry_run {
            return show(cx, &ListArgs::default(), &list(&client).await?, found);
        }
        let count = found.len();
        if !self.confirm {
            let plural = if count == 1 { "" } else { "s" };
            cx.out.confirm(format_args!("stop {count} instance{plural}?"))?;
        }
        let progress = cx.out.progress("stopping");
        let ids: Vec<&str> = found.iter().filter_map(|instance| instance["instance_id"].as_str()).collect();
        for id in &ids {
            progress.say(format!("stopping {id}"));
            // One that has ended in between needs no stop.
            if let Err(refusal) = client.delete(&["ibot", "workflow_instances", id]).try_send().await?
                && refusal.status != 404
            {
                return Err(refusal.explained(&format!("DELETE /ibot/workflow_instances/{id}")));
            }
        }
        if !self.no_wait {
            wait(&client, &ids, Duration::from_secs(self.timeout)).await?;
        }
        drop(progress);
        let text = if self.no_wait { "is told to stop" } else { "is over" };
        if cx.out.is_json() {
            return cx.out.json(&json!(ids));
        }
        ids.iter().try_for_each(|id| cx.out.line(format_args!("{id} {text}")))
    }
}

async fn running(client: &Client) -> Result<Vec<Value>> {
    match client.get(&["ibot", "workflow_instances"]).send().await? {
        Value::Array(instances) => Ok(instances),
        Value::Null => Ok(Vec::new()),
        _ => Err(CliError::failed("the server's list of instances is no list")),
    }
}

async fn wait(client: &Client, ids: &[&str], patience: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let left = running(client).await?;
        let left =
            left.iter().filter_map(|instance| instance["instance_id"].as_str()).find(|id| ids.contains(id));
        let Some(left) = left else { return Ok(()) };
        if begun.elapsed() > patience {
            return Err(CliError::new(Exit::Failed, format_args!("{left} still runs"))
                .cause(format_args!("it was told to stop {} s ago", patience.as_secs()))
                .next("its workflow server does not close the session, it seems: look at its log"));
        }
        sleep(Duration::from_millis(250)).await;
    }
}

/// The end of an instance, out of its event.
fn ended(event: Value) -> Option<Value> {
    let content: Value = serde_json::from_str(event["content"].as_str()?).ok()?;
    if content["command"] != "terminate" {
        return None;
    }
    // Erlang's way of writing a tuple.
    let reason = content["terminate_reason"]
        .as_str()
        .unwrap_or_default()
        .replace(['{', '}', '|'], "")
        .replace(',', ":");
    Some(json!({
        "instance_id": event["workflow_instance_id"], "workflow_id": event["workflow_id"],
        "triggering_user_id": event["user_id"], "workflow_uri": content["workflow_uri"], "status": "terminated",
        "terminate_reason": reason, "end_time": content["end_time"],
    }))
}

fn show(cx: &Cx, args: &ListArgs, workflows: &[Registration], entries: Vec<Value>) -> Result<()> {
    let mut table = Table::new([
        Column::exact("Instance id"),
        Column::exact("Workflow id"),
        Column::new("Name"),
        Column::new("Triggered By"),
        Column::new("Status"),
        Column::new("Terminate reason").extended(),
        Column::new("End time").extended(),
        Column::new("Type").extended(),
        Column::new("Uri").extended(),
    ]);
    for entry in &entries {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        // A workflow may have been deleted while it ran.
        let workflow = workflows.iter().find(|workflow| workflow.id() == text("workflow_id"));
        table.row([
            text("instance_id"),
            text("workflow_id"),
            workflow.map(|workflow| workflow.name().to_owned()).unwrap_or_default(),
            text("triggering_user_id"),
            text("status"),
            text("terminate_reason"),
            text("end_time"),
            workflow.map(Registration::kind).unwrap_or_default(),
            text("workflow_uri"),
        ]);
    }
    cx.out.list(args, &table, &entries.into(), "nothing runs")
}
