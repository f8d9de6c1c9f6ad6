//! `relay broadcast`: something is said on devices, without a workflow server.

use std::collections::BTreeSet;

use clap::{ArgGroup, Args};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Cx;
use super::device::Which;
use super::entries::{cell, items};
use super::times::Times;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::registration::Registration;

/// What a server carries out itself.
const BUILT_IN: &str = "relay-local://broadcast";

/// Say something on devices, now or at a time, once or again and again.
///
/// It becomes a workflow that the server carries out itself. `relay workflow list` shows it, and `relay workflow delete` takes
/// back what is yet to come.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("whom").required(true).multiple(true).args(["everyone", "group", "device"]))]
pub(crate) struct Broadcast {
    /// What is said
    #[arg(short, long)]
    text: String,
    /// On every device
    #[arg(long)]
    everyone: bool,
    /// On the devices of a group, by its name or id
    #[arg(short, long, num_args = 1..)]
    group: Vec<String>,
    /// On a device, by its name or id
    #[arg(long, num_args = 1..)]
    device: Vec<String>,
    /// Again and again, until the people there tap Talk
    #[arg(short, long, overrides_with = "no_acknowledgement")]
    acknowledgement: bool,
    /// Once [default]
    #[arg(long, overrides_with = "acknowledgement")]
    no_acknowledgement: bool,
    #[command(flatten)]
    times: Times,
    /// Show what would be sent
    #[arg(short = 'N', long)]
    dry_run: bool,
}

impl Broadcast {
    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        if self.text.trim().is_empty() {
            return Err(CliError::usage("--text is empty"));
        }
        let times = self.times.spec()?;
        let client = cx.client()?;
        let targets: Vec<String> = self.targets(&client).await?.into_iter().collect();
        if targets.is_empty() {
            return Err(CliError::not_found("nobody would hear it: there is no device in there"));
        }
        let args = json!({
            "targets": targets.join(" "), "confirmation_required": self.acknowledgement, "text": self.text,
        });
        let trigger =
            json!({ "start": { "workflow": { "uri": BUILT_IN, "args": args } }, "on_timer": times });
        let workflow = json!({
            "name": format!("broadcast-{:x}", Timestamp::now().as_microsecond()),
            "options": { "transient": false, "hidden": true },
            "config": { "trigger": trigger }, "install": targets,
        });
        if self.dry_run {
            return cx.out.json(&workflow);
        }
        let (count, plural) = (targets.len(), if targets.len() == 1 { "" } else { "s" });
        cx.out.confirm(format_args!("say `{}` on {count} device{plural}?", self.text))?;
        let saved = Registration::new(&workflow)
            .ok_or_else(|| CliError::failed("the broadcast cannot be written"))?
            .save(&client)
            .await?;
        cx.out.result(format_args!("`{}` is for {count} device{plural}", saved.name()), &saved.document())
    }

    async fn targets(&self, client: &Client) -> Result<BTreeSet<String>> {
        let account = client.account().await?;
        let mut answer =
            client.get(&["ibot", "subscriber", account, "device_ids"]).anonymous().send().await?;
        // Users are told at their devices.
        let ids =
            items(answer["devices"].take())?.into_iter().filter_map(|id| id.as_str().map(str::to_owned));
        let ids: BTreeSet<String> = ids.filter(|id| !id.starts_with("USER")).collect();
        if self.everyone {
            return Ok(ids);
        }
        let mut targets = BTreeSet::new();
        for wanted in &self.device {
            let id = Which::of(wanted.clone()).find(client).await?;
            if !ids.contains(&id) {
                return Err(CliError::not_found(format_args!("there is no device `{wanted}`"))
                    .next("`relay devices` shows those that there are"));
            }
            targets.insert(id);
        }
        if !self.group.is_empty() {
            let groups = groups(client, account).await?;
            for wanted in &self.group {
                targets.extend(members(&groups, account, wanted)?);
            }
        }
        Ok(targets)
    }
}

/// Those of this account. Some servers send JSON in a text.
async fn groups(client: &Client, account: &str) -> Result<Vec<Value>> {
    let answer = match client.get(&["ibot", "groups"]).send().await? {
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        other => other,
    };
    Ok(items(answer)?.into_iter().filter(|group| group["owner"] == *account).collect())
}

fn members(groups: &[Value], account: &str, wanted: &str) -> Result<Vec<String>> {
    let is_meant =
        |group: &&Value| group["group_id"] == *wanted || cell(group, "name").eq_ignore_ascii_case(wanted);
    let group = groups.iter().find(is_meant).ok_or_else(|| {
        let names: Vec<String> = groups.iter().map(|group| cell(group, "name")).collect();
        let error = CliError::not_found(format_args!("there is no group `{wanted}`"));
        if names.is_empty() { error } else { error.next(format_args!("these are: {}", names.join(", "))) }
    })?;
    let own =
        group["subscribers"].as_array().into_iter().flatten().filter(|it| it["subscriber_id"] == *account);
    let users = own.filter_map(|own| own["users"].as_array()).flatten();
    Ok(users.filter_map(|user| user.as_str().map(str::to_owned)).collect())
}
