//! `relay workflow sync`: registrations as the workflow server itself says.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use relay_protocol::manifest::{TriggerSpec, WorkflowManifest};
use reqwest::header::AUTHORIZATION;
use serde::Deserialize;

use super::apply::joined;
use super::installation::Installation;
use super::lint;
use super::plan::{Options, Wanted, carry_out};
use crate::commands::Cx;
use crate::error::{CliError, Exit, Result};

/// Register what a workflow server declares. Shows the difference first.
///
/// The manifest is read from a file, or from the server's admin port with the token in RELAY_ADMIN_TOKEN. A workflow with
/// several triggers is registered once for each, as NAME, NAME-2 and so on.
#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Where the workflows are served, without their paths: wss://host:8443
    #[arg(short, long)]
    uri: String,
    /// The manifest as a file
    #[arg(long, value_name = "FILE", required_unless_present = "admin", conflicts_with = "admin")]
    manifest: Option<PathBuf>,
    /// The admin port of the workflow server: 9090, or http://host:9090
    #[arg(long, value_name = "PORT")]
    admin: Option<String>,
    #[command(flatten)]
    installation: Installation,
    /// Show the difference only
    #[arg(short = 'N', long)]
    dry_run: bool,
    /// Delete what is registered and not in the manifest
    #[arg(long)]
    prune: bool,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    workflows: Vec<WorkflowManifest>,
}

impl Sync {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let (text, place) = match (&self.manifest, &self.admin) {
            (Some(file), _) => {
                let place = file.display().to_string();
                let text = fs::read_to_string(file);
                (
                    text.map_err(|error| {
                        CliError::not_found(format_args!("cannot read {place}")).cause(error)
                    })?,
                    place,
                )
            }
            (None, admin) => ask(admin.as_deref().unwrap_or_default()).await?,
        };
        let manifest: Manifest = serde_json::from_str(&text)
            .map_err(|error| CliError::usage(format_args!("{place} has no manifest")).cause(error))?;
        let mut wanted = Vec::new();
        for workflow in &manifest.workflows {
            if workflow.triggers.is_empty() {
                cx.out.warn(format_args!("`{}` declares no trigger: nothing would start it", workflow.name));
            }
            for (number, trigger) in (1..).zip(&workflow.triggers) {
                wanted.push(self.wanted(workflow, number, trigger)?);
            }
        }
        carry_out(cx, &wanted, Options { dry_run: self.dry_run, prune: self.prune }).await
    }

    fn wanted(&self, workflow: &WorkflowManifest, number: usize, trigger: &TriggerSpec) -> Result<Wanted> {
        let name = if number == 1 { workflow.name.clone() } else { format!("{}-{number}", workflow.name) };
        let trigger = match trigger {
            TriggerSpec::Phrases(phrases) => TriggerSpec::Phrases(lint::phrases(phrases)?),
            TriggerSpec::Timer(timer) => TriggerSpec::Timer(timer.clone().with_defaults()),
            other => other.clone(),
        };
        Ok(Wanted {
            name,
            uri: joined(&self.uri, &workflow.path),
            trigger,
            args: None,
            installed: self.installation.read(),
            transient: None,
            hidden: None,
            absorb: Vec::new(),
        })
    }
}

/// Asks the admin port.
async fn ask(admin: &str) -> Result<(String, String)> {
    let base = match admin {
        port if port.parse::<u16>().is_ok() => format!("http://127.0.0.1:{port}"),
        url if url.contains("://") => url.trim_end_matches('/').to_owned(),
        host => format!("http://{host}"),
    };
    let place = format!("{base}/manifest");
    let token = std::env::var("RELAY_ADMIN_TOKEN").unwrap_or_default();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build();
    let unreachable = |error: reqwest::Error| {
        let error = error.without_url();
        CliError::new(Exit::Unreachable, format_args!("{base} does not answer"))
            .cause(error)
            .next("is the workflow server running with RELAY_ADMIN set?")
    };
    let request = client.map_err(unreachable)?.get(&place).header(AUTHORIZATION, format!("Bearer {token}"));
    let response = request.send().await.map_err(unreachable)?;
    match response.status().as_u16() {
        200 => {}
        401 => {
            return Err(CliError::new(Exit::Denied, format_args!("{base} does not take the token"))
                .next("set RELAY_ADMIN_TOKEN to the one that the workflow server was started with"));
        }
        404 => {
            return Err(CliError::not_found(format_args!("{base} shows no manifest"))
                .next("start the workflow server with RELAY_ADMIN_TOKEN set"));
        }
        status => return Err(CliError::failed(format_args!("{place} answers HTTP {status}"))),
    }
    Ok((response.text().await.map_err(unreachable)?, place))
}
