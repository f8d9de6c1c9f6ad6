//! `relay workflow logs`: what the server says of workflows, as it happens.

use clap::Args;
use reqwest::Response;
use serde_json::Value;

use super::find::Which;
use crate::client::{Client, until_answered};
use crate::commands::Cx;
use crate::error::Result;
use crate::output::{BAD, DIM, WARN};

/// Follow what the server says of workflows, through its restarts, until Ctrl-C.
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
        let workflow = match &self.workflow_id {
            Some(id) => Some(Which::of(id.clone()).find(&client).await?.id().to_owned()),
            None => None,
        };
        let open = async || self.open(&client, workflow.as_deref()).await;
        let mut stream = open().await?;
        cx.out.note(format_args!("{DIM}connected to {}{DIM:#}", client.host()));
        loop {
            follow(cx, stream).await?;
            let lost = format_args!("{WARN}the connection is lost; waiting for {}{WARN:#}", client.host());
            cx.out.note(lost);
            stream = until_answered(open).await?;
            cx.out.note(format_args!("{WARN}connected again: what was said meanwhile is not known{WARN:#}"));
        }
    }

    async fn open(&self, client: &Client, workflow: Option<&str>) -> Result<Response> {
        let call = client.get(&["ibot", "workflowdebug"]);
        call.maybe("workflow_id", workflow).maybe("user_id", self.user_id.as_deref()).stream().await
    }
}

/// Shows lines until the stream ends or breaks.
async fn follow(cx: &Cx, mut stream: Response) -> Result<()> {
    let mut pending = Vec::new();
    while let Ok(Some(chunk)) = stream.chunk().await {
        pending.extend_from_slice(&chunk);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            show(cx, &line)?;
        }
    }
    show(cx, &pending)
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
    // The vendor's cloud does not name instances.
    let instance = text("/context/workflow_instance_id").map(|id| format!(" {id}")).unwrap_or_default();
    let about = format!("[{}{instance}]", text("/context/workflow_id").unwrap_or("-"));
    match text("/level") {
        Some("error") => {
            cx.out.line(format_args!("{DIM}{time}{DIM:#} {BAD}E{BAD:#} {DIM}{about}{DIM:#} {message}"))
        }
        _ => cx.out.line(format_args!("{DIM}{time}{DIM:#} I {DIM}{about}{DIM:#} {message}")),
    }
}
