//! `relay workflow logs`: what the server says of workflows, as it happens.

use clap::Args;
use serde_json::Value;

use super::find::Which;
use crate::commands::Cx;
use crate::error::{CliError, Exit, Result};
use crate::output::{BAD, DIM};

/// Follow what the server says of workflows.
#[derive(Debug, Args)]
pub(crate) struct Logs {
    /// Of this workflow only: its id, its name, or a beginning of its id
    #[arg(short, long, value_name = "ID", env = "RELAY_WORKFLOW_ID", hide_env = true)]
    workflow_id: Option<String>,
    /// Of this device or user only
    #[arg(short, long, value_name = "ID")]
    user_id: Option<String>,
}

impl Logs {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let client = cx.client()?;
        let workflow = match self.workflow_id {
            Some(id) => Some(Which::of(id).find(&client).await?.id().to_owned()),
            None => None,
        };
        let call = client
            .get(&["ibot", "workflowdebug"])
            .maybe("workflow_id", workflow)
            .maybe("user_id", self.user_id);
        let mut stream = call.stream().await?;
        cx.out.note(format_args!("{DIM}connected to {}{DIM:#}", client.host()));
        let mut pending = Vec::new();
        loop {
            let chunk = stream.chunk().await.map_err(|error| {
                CliError::new(Exit::Unreachable, "the connection to the server broke")
                    .cause(error.without_url())
            })?;
            let Some(chunk) = chunk else { break };
            pending.extend_from_slice(&chunk);
            while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = pending.drain(..=end).collect();
                show(cx, &line)?;
            }
        }
        show(cx, &pending)?;
        cx.out.note(format_args!("{DIM}the server has ended the stream{DIM:#}"));
        Ok(())
    }
}

/// One line of the stream. Programs get it as it came; empty ones only keep the connection open.
fn show(cx: &Cx, line: &[u8]) -> Result<()> {
    let line = String::from_utf8_lossy(line);
    let line = line.trim();
    if line.is_empty() {
        return Ok(());
    }
    let entry: Value = serde_json::from_str(line).unwrap_or_default();
    let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
    let Some(message) = text("/message").filter(|_| !cx.out.is_json()) else { return cx.out.line(line) };
    let time =
        text("/timestamp").map(|time| time.get(5..23).unwrap_or(time).replace('T', " ")).unwrap_or_default();
    let workflow = text("/context/workflow_id").unwrap_or("-");
    match text("/level") {
        Some("error") => {
            cx.out.line(format_args!("{DIM}{time}{DIM:#} {BAD}E{BAD:#} {DIM}[{workflow}]{DIM:#} {message}"))
        }
        _ => cx.out.line(format_args!("{DIM}{time}{DIM:#} I {DIM}[{workflow}]{DIM:#} {message}")),
    }
}
