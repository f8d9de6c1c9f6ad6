//! `relay doctor`: one rung after the other, until something is wrong.
//!
//! ```text
//!  name ─► connection ─► certificate ─► upgrade ─► path ─► start      the workflow, as a Relay server meets it
//!  server ─► token ─► registration ─► installed ─► device             what the Relay server knows of it
//! ```

mod reach;
mod server;
mod start;
mod tls;
mod upgrade;

use std::time::Duration;

use clap::Args;
use serde_json::Value;

use crate::certs::Trust;
use crate::commands::Cx;
use crate::error::Result;
use crate::report::{Report, Section};
use crate::uri::WorkflowUri;

/// Find out why a workflow does not run.
///
/// With the URI of a workflow, goes the way that a Relay server goes: name, connection, certificate, upgrade, path, and a
/// dry start, in which the workflow runs until it asks something of its device and is then stopped. Without one, looks at
/// the Relay server and at every workflow registered there.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The workflow's URI, as it is registered
    uri: Option<String>,
    /// Do not start the workflow
    #[arg(long)]
    no_start: bool,
    /// The phrase to start it with, if it is not registered
    #[arg(long, value_name = "TEXT", default_value = "hello")]
    phrase: String,
    /// How long each rung may take
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    timeout: Duration,
}

/// What all rungs share.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) timeout: Duration,
    pub(crate) trust: Trust,
}

impl Doctor {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let mut report = Report::default();
        // That there is no server is something to report, not an error.
        let settings = cx.settings();
        let ca = settings.as_ref().ok().and_then(|settings| settings.ca.clone());
        let ca = ca.or_else(|| cx.global.ca.clone().map(Into::into));
        let visit = Visit { timeout: self.timeout, trust: Trust::new(ca.as_deref())? };
        let progress = cx.out.progress("looking");

        if let Some(uri) = &self.uri {
            let uri = WorkflowUri::parse(uri)?;
            let known = match settings {
                Ok(settings) => {
                    progress.say("asking the Relay server");
                    Some(server::about(settings, Some(&uri)).await)
                }
                Err(error) => {
                    cx.out.note(format_args!("the Relay server is left out: {error}"));
                    None
                }
            };
            progress.say(uri.as_str());
            let trigger = known.as_ref().and_then(|known| known.trigger.clone());
            let start = (!self.no_start).then(|| start::event(trigger.as_ref(), &self.phrase)).transpose()?;
            report.push(self.visit(&visit, &uri, start).await);
            report.sections.extend(known.map(|known| known.section));
        } else {
            progress.say("asking the Relay server");
            let known = server::about(settings?, None).await;
            report.push(known.section);
            for uri in known.uris {
                progress.say(&uri);
                match WorkflowUri::parse(&uri) {
                    Ok(uri) => report.push(self.visit(&visit, &uri, None).await),
                    Err(error) => report.push(Section::impossible(&uri, &error)),
                }
            }
        }
        drop(progress);
        let whole = serde_json::to_value(&report).unwrap_or(Value::Null);
        cx.out.result(report.text(cx.out.width()), &whole)?;
        report.verdict()
    }

    /// The rungs of one workflow.
    async fn visit(
        &self,
        visit: &Visit,
        uri: &WorkflowUri,
        start: Option<relay_protocol::event::Start>,
    ) -> Section {
        let mut section = Section::new(uri.as_str());
        climb(&mut section, visit, uri, start).await;
        section.fill(&["name", "connection", "certificate", "upgrade", "path", "start"], |rung| match rung {
            "certificate" if !uri.encrypted => "plain ws",
            "start" if self.no_start || self.uri.is_none() => "not asked for",
            _ => "not reached",
        });
        section
    }
}

/// None if a rung is broken: what comes after it cannot be looked at.
async fn climb(
    section: &mut Section,
    visit: &Visit,
    uri: &WorkflowUri,
    start: Option<relay_protocol::event::Start>,
) -> Option<()> {
    let addrs = reach::resolve(section, visit, &uri.host, uri.port).await?;
    let tcp = reach::connect(section, visit, &addrs).await?;
    let stream = if uri.encrypted {
        tls::encrypt(section, visit, &uri.host, tcp).await?
    } else {
        tls::plain(section, uri, tcp)
    };
    let socket = upgrade::upgrade(section, visit, uri, stream).await?;
    if let Some(start) = start {
        start::dry(section, visit, socket, start).await;
    }
    Some(())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "not a time".to_owned())
}
