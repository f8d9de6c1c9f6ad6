//! `relay workflow trigger`: a start over HTTP.

use clap::Args;
use serde_json::{Value, json};

use super::find::Which;
use super::values::Values;
use crate::commands::Cx;
use crate::error::{Exit, Result};

/// Start a workflow that is registered for http.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    #[command(flatten)]
    which: Which,
    /// On whose behalf: a device or user, by id
    #[arg(short, long, value_name = "ID")]
    user_id: String,
    #[command(flatten)]
    values: Values,
}

impl Trigger {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let args = self.values.read()?;
        let client = cx.client()?;
        let workflow = self.which.find(&client).await?;
        let body = json!({ "action": "invoke", "target_device_ids": [self.user_id], "action_args": args });
        let call = client.post(&["ibot", "workflow", workflow.id()], body).query("user_id", &self.user_id);
        let answer = call.try_send().await?.map_err(|refusal| {
            let error = refusal.explained(&format!("POST /ibot/workflow/{}", workflow.id()));
            match workflow.kind().as_str() {
                _ if error.exit() == Exit::Denied => error,
                kind if !kind.starts_with("http") => error.next(format_args!(
                    "it is registered for {kind}; register it for http, too: relay workflow create http"
                )),
                _ => error,
            }
        })?;
        let instance = answer.get("workflow_instance_id").and_then(Value::as_str);
        let text = match instance {
            Some(instance) => format!("`{}` is triggered: {instance}", workflow.name()),
            None => format!("`{}` is triggered", workflow.name()),
        };
        cx.out.result(text, &answer_or(answer))
    }
}

/// An object in any case: some servers answer with nothing.
fn answer_or(answer: Value) -> Value {
    if answer.is_object() { answer } else { json!({}) }
}
