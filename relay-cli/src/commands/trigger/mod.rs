//! `relay trigger`: a workflow is started, whatever starts it.

mod change;
mod edit;
mod when;

use clap::Args;
use serde_json::{Map, Value, json};

use super::Cx;
use super::entries::own;
use super::workflow::Which;
use crate::client::Client;
use crate::error::{CliError, Result};

/// Start a workflow as if its trigger had happened.
///
/// A phrase, a tap, a tag, a timer, a call, and all the others. The workflow is told what it would be told then, but for
/// what you change. It is recorded as any trigger. Nothing else happens: no device moves, and no call rings. For that there
/// are `relay device speak`, `tap`, `call` and the others.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    /// The workflow: its name, its id, or a beginning of its id that no other has
    workflow: String,
    /// At which device [default: the first that it is installed on]
    #[arg(short, long, value_name = "DEVICE")]
    device: Option<String>,
    /// Another value in what the workflow is told; JSON, or else text
    #[arg(long = "set", value_name = "PATH=VALUE")]
    values: Vec<String>,
    /// Change what the workflow is told in $EDITOR, as JSON
    #[arg(long)]
    edit: bool,
    /// When: 2027-01-04T08:00, 2027-01-04T08:00:00Z, or in 5m, by the server's clock
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Show what the workflow would be told
    #[arg(long)]
    dry_run: bool,
}

impl Trigger {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let workflow = Which::of(self.workflow.clone()).find(&client).await?;
        let id = workflow.id();
        let mut wanted = Map::new();
        if let Some(device) = &self.device {
            wanted.insert("device".into(), device.as_str().into());
        }
        if let Some(at) = &self.at {
            wanted.insert("not_before".into(), when::read(&client, at).await?.to_string().into());
        }
        if self.edit || self.dry_run || !self.values.is_empty() {
            let likely = simulate(&client, id, &wanted, true).await?;
            let args = self.changed(&likely["trigger"]["args"])?;
            wanted.insert("args".into(), args.into());
        }
        let answer = simulate(&client, id, &wanted, self.dry_run).await?;
        if self.dry_run {
            return cx.out.json(&json!({ "device": answer["device"], "trigger": answer["trigger"] }));
        }
        if let Some(at) = wanted.get("not_before").and_then(Value::as_str) {
            cx.out.note(format_args!("`{}` starts at {at}", workflow.name()));
        }
        cx.out.result(answer["id"].as_str().unwrap_or_default(), &answer)
    }

    /// What is to be told otherwise.
    fn changed(&self, before: &Value) -> Result<Map<String, Value>> {
        let mut after = before.clone();
        for value in &self.values {
            change::set(&mut after, value)?;
        }
        if self.edit {
            after = edit::edit(&after)?;
        }
        change::difference(before, &after)
            .ok_or_else(|| CliError::usage("what a workflow is told is a JSON object"))
    }
}

async fn simulate(client: &Client, id: &str, wanted: &Map<String, Value>, dry_run: bool) -> Result<Value> {
    let mut body = Value::Object(wanted.clone());
    body["dry_run"] = dry_run.into();
    let answer = client.post(&["v1", "workflows", id, "simulate"], body).try_send().await?;
    own(answer, "POST /v1/workflows/{id}/simulate")
}
