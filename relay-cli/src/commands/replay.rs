//! `relay replay`: a run once more, against the code of today.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use relay_protocol::transcript::Transcript;
use serde_json::json;

use super::Cx;
use super::transcript::fetch;
use crate::client::Client;
use crate::error::{CliError, Exit, Result};
use crate::output::{BAD, DIM, GOOD};
use crate::registration;
use crate::replay::{Pace, replay};

/// Do a run again, and show what the workflow does differently now.
///
/// What the platform did is done again, in the time that the workflow needs. The exit code is 0 if the workflow does the same,
/// and 6 if not.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The id of a run, the end of it, `last`, or a file with a transcript
    #[arg(default_value = "last", value_name = "RUN")]
    run: String,
    /// Where the workflow is served [default: where it is registered]
    #[arg(long)]
    uri: Option<String>,
    /// Take as long as it took then
    #[arg(long)]
    real_time: bool,
    /// How long the workflow may think before it counts as waiting
    #[arg(long, value_name = "SPAN", default_value = "100ms")]
    patience: jiff::SignedDuration,
    /// Write the transcript and a test that replays it, instead of replaying it now
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "")]
    export_test: Option<String>,
}

impl Replay {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let file = Path::new(&self.run);
        let (transcript, client) = match file.extension().is_some() && file.exists() {
            true => (read(file)?, None),
            false => {
                let client = cx.client()?;
                (fetch(&client, &self.run).await?, Some(client))
            }
        };
        if let Some(file) = &self.export_test {
            return export(cx, file, &transcript);
        }
        let uri = match (&self.uri, client) {
            (Some(uri), _) => uri.clone(),
            (None, Some(client)) => registered(&client, &transcript).await?,
            (None, None) => registered(&cx.client()?, &transcript).await?,
        };
        let development = cx.paths()?.certificates().join("ca.pem");
        let given = cx.global.ca.as_deref().map(Path::new);
        let authorities: Vec<&Path> =
            given.into_iter().chain(development.exists().then_some(&*development)).collect();
        let quiet = Duration::try_from(self.patience).unwrap_or_default();
        let pace = Pace { quiet, real_time: self.real_time };
        let played = replay(&uri, &authorities, &transcript, pace).await?;
        let diff = transcript.diff(&played);
        if cx.out.is_json() {
            let lines: Vec<String> = diff.to_string().lines().map(str::to_owned).collect();
            cx.out.json(&json!({ "same": diff.is_empty(), "differences": diff.count(), "diff": lines }))?;
        } else if !diff.is_empty() {
            for line in diff.to_string().lines() {
                let style = match line.chars().next() {
                    Some('-') => BAD,
                    Some('+') => GOOD,
                    _ => DIM,
                };
                cx.out.line(format_args!("{style}{line}{style:#}"))?;
            }
        }
        if diff.is_empty() {
            cx.out.note(format_args!("{GOOD}the workflow does the same{GOOD:#}"));
            return Ok(());
        }
        let what = match diff.count() {
            1 => "1 line differs".to_owned(),
            count => format!("{count} lines differ"),
        };
        Err(CliError::new(Exit::Findings, format_args!("the workflow does not do the same: {what}")))
    }
}

fn read(file: &Path) -> Result<Transcript> {
    let failed = |why: &dyn std::fmt::Display| {
        CliError::usage(format_args!("{} cannot be replayed", file.display())).cause(why)
    };
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    text.parse().map_err(|error| failed(&error))
}

/// Where the workflow of the transcript is served now.
async fn registered(client: &Client, transcript: &Transcript) -> Result<String> {
    let name = &transcript.head.workflow;
    let known = registration::list(client).await?;
    let found = known.iter().find(|known| known.name() == name);
    found.map(|known| known.uri().to_owned()).ok_or_else(|| {
        CliError::not_found(format_args!("no workflow `{name}` is registered"))
            .next("say where it is served: --uri wss://localhost:8443/hello")
    })
}

/// Beside the project's tests, and how to run it.
fn export(cx: &Cx, file: &str, transcript: &Transcript) -> Result<()> {
    let workflow = &transcript.head.workflow;
    let word: String = workflow.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let end: String =
        transcript.head.session.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    let file = match file {
        "" => PathBuf::from(format!("tests/transcripts/{word}-{end}.relay.jsonl")),
        file => PathBuf::from(file),
    };
    let failed = |error| CliError::failed(format_args!("cannot write {}", file.display())).cause(error);
    fs::create_dir_all(file.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    fs::write(&file, transcript.tidied().to_string()).map_err(failed)?;
    cx.out.note(format_args!("{} is written. Put this beside the workflow:\n", file.display()));
    cx.out.line(format_args!(
        "\
#[cfg(test)]
#[relay_runtime::test]
async fn {word}_does_as_in_{end}() {{
    let seen = relay_runtime::testing::transcript(\"{}\");
    relay_runtime::testing::replay({word}, &seen).await.assert_same();
}}",
        file.display()
    ))
}
