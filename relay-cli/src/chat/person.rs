//! Whoever holds a device: does something, and perceives what comes of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::act::Act;
use crate::client::Client;
use crate::error::{CliError, Result};
use crate::stream::{Event, Feed, Item, Names, Wanted};

/// Whoever holds a device.
#[derive(Debug)]
pub(crate) struct Person {
    client: Arc<Client>,
    feed: Feed,
    pub(super) names: Names,
    pub(crate) id: String,
    pub(crate) name: String,
    /// Runs that have to do with the device.
    runs: BTreeSet<String>,
    /// Whether a workflow listens; not known for what began before us.
    listening: Option<bool>,
}

/// Who takes what a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    Somebody,
    Nobody,
    /// A workflow that does not listen (any more): wait, and try again.
    NotNow,
}

impl Person {
    /// Takes the device of this name or id.
    pub(crate) async fn with(client: Arc<Client>, device: &str) -> Result<Self> {
        let wanted =
            Wanted { kinds: vec!["device".into(), "instance".into(), "frame".into()], ..Wanted::default() };
        let feed = Feed::open(&client, wanted).await?;
        let (id, name, online) = find(&client, device).await?;
        if !online {
            return Err(CliError::failed(format_args!("{name} is offline"))
                .next(format_args!("switch it on: relay device online {name}")));
        }
        let live = client.get(&["v1", "instances"]).send().await?;
        let live = live.as_array().into_iter().flatten().filter(|run| run["device"] == *id);
        let runs: BTreeSet<String> = live.filter_map(|run| run["id"].as_str().map(str::to_owned)).collect();
        let listening = runs.is_empty().then_some(false);
        let names = Names::load(&client).await?;
        Ok(Self { client, feed, names, id, name, runs, listening })
    }

    /// Does it, and says what comes of it.
    pub(super) async fn act(&mut self, act: &Act) -> Result<Taken> {
        let (verb, body) = match act {
            Act::Say(text) => ("speak", json!({ "text": text, "assistant": self.listening == Some(false) })),
            Act::Ask(text) => ("speak", json!({ "text": text, "assistant": true })),
            Act::Do(verb, body) => (*verb, body.clone()),
        };
        let to_workflow = body["assistant"] == false;
        let answer = self.client.post(&["v1", "devices", &self.id, verb], body).send().await?;
        // Before its events come, so that what is said next is said to this run.
        self.runs.extend(answer["instance"].as_str().map(str::to_owned));
        if answer["taken"] != "nobody" {
            return Ok(Taken::Somebody);
        }
        if to_workflow {
            self.listening = Some(false);
            return Ok(Taken::NotNow);
        }
        Ok(Taken::Nobody)
    }

    /// Whether somebody takes what is said: a workflow that listens, or the Assistant.
    pub(super) fn can_speak(&self) -> bool {
        self.listening != Some(false) || self.runs.is_empty()
    }

    pub(super) fn has_run(&self) -> bool {
        !self.runs.is_empty()
    }

    /// What happens next at this device. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Event> {
        loop {
            let Item::Event(event) = self.feed.next().await? else { continue };
            if !self.names.knows(&event) {
                self.names = Names::load(&self.client).await?;
            }
            if self.is_concerned(&event) {
                return Ok(event);
            }
        }
    }

    fn is_concerned(&mut self, event: &Event) -> bool {
        let here = event.device.as_deref() == Some(&*self.id);
        let run = event.instance.clone().or_else(|| event.text("by").map(str::to_owned));
        if let (true, Some(run)) = (here, &run) {
            self.runs.insert(run.clone());
        }
        let ours = run.as_ref().is_some_and(|run| self.runs.contains(run));
        if event.is("instance", "ended") || event.is("instance", "dial_failed") {
            self.runs.retain(|known| Some(known) != run.as_ref());
        }
        if here && event.is("device", "listening") {
            self.listening = Some(event.data["on"] == true);
        }
        here || ours
    }
}

/// Id, name, and whether it is online.
async fn find(client: &Client, device: &str) -> Result<(String, String, bool)> {
    let known = client.get(&["v1", "devices"]).send().await?;
    let known: Vec<&Value> = known.as_array().into_iter().flatten().collect();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let is = |known: &&&Value| known["id"] == *device || text(&known["name"]).eq_ignore_ascii_case(device);
    let Some(found) = known.iter().find(is) else {
        let names: Vec<String> = known.iter().map(|known| text(&known["name"])).collect();
        let error = CliError::not_found(format_args!("there is no device `{device}`"));
        return Err(match &names[..] {
            [] => error.next("make one: relay device create NAME"),
            names => error.next(format_args!("these are: {}", names.join(", "))),
        });
    };
    Ok((text(&found["id"]), text(&found["name"]), found["now"]["device_status"] != "offline"))
}
