//! What the Relay server knows of a workflow.

use std::time::Instant;

use relay_protocol::manifest::TriggerSpec;
use serde_json::Value;

use crate::client::Client;
use crate::config::Settings;
use crate::error::{CliError, Exit, Result};
use crate::registration::{Installed, Registration, list};
use crate::report::{Line, Section};
use crate::uri::WorkflowUri;

/// The devices that are asked for their state, at most.
const DEVICES: usize = 5;

/// What the Relay server knows.
pub(super) struct Known {
    pub(super) section: Section,
    /// What starts the workflow, if it is registered.
    pub(super) trigger: Option<TriggerSpec>,
    /// The URIs of all workflows, each once.
    pub(super) uris: Vec<String>,
}

/// Asks about the workflow at `uri`, or about all.
pub(super) async fn about(settings: Settings, uri: Option<&WorkflowUri>) -> Known {
    let mut known = Known {
        section: Section::new(&format!("Relay server {}", settings.host)),
        trigger: None,
        uris: Vec::new(),
    };
    ask(&mut known, settings, uri).await;
    known.section.fill(&["server", "token", "registration", "installed", "device"], |_| "not reached");
    known
}

async fn ask(known: &mut Known, settings: Settings, uri: Option<&WorkflowUri>) -> Option<()> {
    let begun = Instant::now();
    let has_token = settings.token.is_some() || settings.refresh_token.is_some();
    let client = match Client::new(settings) {
        Ok(client) => client,
        Err(error) => return broken(known, Line::from_error("server", "bad-settings", &error)),
    };
    let account = match client.get(&["ibot", "authz_context"]).anonymous().send().await {
        Ok(_) => client.account().await,
        Err(error) => Err(error),
    };
    let account = match account {
        Ok(account) => account.to_owned(),
        Err(error) if error.exit() == Exit::Denied => {
            known.section.push(Line::ok("server", "it answers").since(begun));
            let code = if has_token { "bad-token" } else { "no-token" };
            return broken(known, Line::from_error("token", code, &error));
        }
        Err(error) if error.exit() == Exit::Usage => {
            known.section.push(Line::ok("server", "it answers").since(begun));
            return broken(known, Line::from_error("token", "no-account", &error));
        }
        Err(error) => return broken(known, Line::from_error("server", code(&error), &error).since(begun)),
    };
    known.section.push(Line::ok("server", "it answers").since(begun));
    known.section.push(Line::ok("token", format!("valid for the account {account}")));

    let begun = Instant::now();
    let all = match list(&client).await {
        Ok(all) => all,
        Err(error) => return broken(known, Line::from_error("registration", "no-list", &error).since(begun)),
    };
    for workflow in &all {
        if !known.uris.iter().any(|known| known == workflow.uri()) && workflow.uri().starts_with("ws") {
            known.uris.push(workflow.uri().to_owned());
        }
    }
    let Some(uri) = uri else {
        let line = match all.len() {
            0 => Line::warn("registration", "none", "no workflow is registered")
                .next("register one: relay workflow create"),
            1 => Line::ok("registration", "1 workflow is registered"),
            count => Line::ok("registration", format!("{count} workflows are registered")),
        };
        known.section.push(line.since(begun));
        let unused: Vec<&Registration> =
            all.iter().filter(|workflow| workflow.nobody_can_trigger()).collect();
        for workflow in &unused {
            known.section.push(uninstalled(workflow));
        }
        if unused.is_empty() {
            known.section.push(Line::ok("installed", "each can be triggered by somebody"));
        }
        devices(&mut known.section, &client, &account).await;
        return Some(());
    };
    let here: Vec<&Registration> = all.iter().filter(|workflow| uri.is(workflow.uri())).collect();
    let Some(first) = here.first() else {
        let near = all.iter().find(|workflow| {
            WorkflowUri::parse(workflow.uri())
                .is_ok_and(|other| other.host == uri.host && other.port == uri.port)
        });
        let next = match near {
            Some(near) => format!("`{}` has nearly this URI: {}", near.name(), near.uri()),
            None => {
                "register it: relay workflow create phrase --name NAME --uri URI --trigger TEXT --install-all"
                    .into()
            }
        };
        let line = Line::fail("registration", "not-registered", "no workflow is registered with this URI")
            .next(next);
        return broken(known, line.since(begun));
    };
    known.trigger = first.trigger();
    for workflow in &here {
        let what = format!("{} ({}), on {}", workflow.id(), workflow.name(), workflow.kind());
        known.section.push(Line::ok("registration", what).since(begun));
    }
    for workflow in here {
        known.section.push(match workflow.installed() {
            _ if workflow.nobody_can_trigger() => uninstalled(workflow),
            Installed::Everywhere => Line::ok("installed", "on all devices"),
            Installed::Rule(rule) => Line::ok("installed", format!("on the group {rule}")),
            Installed::On(ids) if ids.is_empty() => {
                Line::ok("installed", "on no device, which this trigger does not need")
            }
            Installed::On(ids) => Line::ok("installed", format!("on {}", ids.join(", "))),
        });
        if let Installed::On(ids) = workflow.installed() {
            for id in ids.iter().take(DEVICES) {
                device(&mut known.section, &client, id).await;
            }
        } else {
            devices(&mut known.section, &client, &account).await;
        }
    }
    Some(())
}

fn uninstalled(workflow: &Registration) -> Line {
    Line::fail(
        "installed",
        "not-installed",
        format!("nobody can trigger `{}`: it is on no device", workflow.name()),
    )
    .next(format!("relay workflow install -w {} --install-all", workflow.id()))
}

/// Some devices of the account, for a workflow that is on all of them.
async fn devices(section: &mut Section, client: &Client, account: &str) {
    let answer = client.get(&["ibot", "subscriber", account, "device_ids"]).anonymous().send().await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => return section.push(Line::from_error("device", "no-list", &error)),
    };
    let ids: Vec<&str> = answer
        .get("devices")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if ids.is_empty() {
        section.push(
            Line::fail("device", "no-devices", "the account has no device").next("make one on the server"),
        );
    }
    for id in ids.into_iter().take(DEVICES) {
        let begun = Instant::now();
        match ask_device(client, id).await {
            // The list has users, too.
            Err(error) if error.exit() == Exit::NotFound => {}
            answer => section.push(state(id, answer).since(begun)),
        }
    }
}

async fn device(section: &mut Section, client: &Client, id: &str) {
    let begun = Instant::now();
    let answer = ask_device(client, id).await;
    section.push(state(id, answer).since(begun));
}

async fn ask_device(client: &Client, id: &str) -> Result<Value> {
    client.get(&["relaypro", "api", "v1", "device", id]).send().await
}

fn state(id: &str, answer: Result<Value>) -> Line {
    match answer {
        Ok(device) => {
            let text = |key: &str| device.get(key).and_then(Value::as_str).unwrap_or_default();
            let name = if text("device_label").is_empty() {
                id.to_owned()
            } else {
                format!("{} ({id})", text("device_label"))
            };
            match text("device_status") {
                "online" => Line::ok("device", format!("{name} is online")),
                "" => Line::ok("device", format!("{name} is known")),
                _ => Line::warn("device", "offline", format!("{name} is offline"))
                    .next("switch it on, and see that it has a network"),
            }
        }
        Err(error) if error.exit() == Exit::NotFound => {
            Line::fail("device", "unknown-device", format!("there is no device {id}"))
                .next("`relay devices` shows those that there are")
        }
        Err(error) => Line::from_error("device", "no-device", &error),
    }
}

fn broken(known: &mut Known, line: Line) -> Option<()> {
    known.section.push(line);
    None
}

fn code(error: &CliError) -> &'static str {
    match error.exit() {
        Exit::Unreachable => "unreachable",
        _ => "server-failed",
    }
}
