//! Registering what a workflow process says of itself, and forgetting what it no longer says.

use std::collections::BTreeMap;

use relay_protocol::manifest::{TriggerSpec, WorkflowManifest};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::Result;

/// In a registration: the path of its URI, which is dialled at whatever port the process has.
pub(super) const PATH: &str = "relay_dev_path";

/// In a registration: that a process declared it, which can take it back. What people made they remove themselves.
const DECLARED: &str = "relay_dev_declared";

/// Everywhere, or nobody could try it.
const EVERYWHERE: &str = "urn:relay-resource:all:device";

/// What is registered for a process.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Registered {
    pub(crate) name: String,
    pub(crate) trigger: Option<TriggerSpec>,
    pub(crate) uri: String,
}

/// Registers all triggers of `manifest`, and dials `uri(path)` for them from now on. Registrations that an earlier process
/// declared and this one does not are removed; those that people made for it are dialled at the new place too.
///
/// # Errors
///
/// If the server cannot do it; what has been done until then stays.
pub(crate) async fn register(
    client: &Client,
    manifest: &[WorkflowManifest],
    uri: impl Fn(&str) -> String,
    was_served: impl Fn(&str) -> bool,
) -> Result<Vec<Registered>> {
    let mut declared = declared(manifest);
    let mut registered = Vec::new();
    for workflow in known(client).await? {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (id, name) = (text(&workflow["workflow_id"]), text(&workflow["name"]));
        if let Some((path, trigger)) = declared.remove(&name) {
            let new = registration(&name, &path, &trigger, &uri(&path), workflow);
            registered.push(save(client, new).await?);
        } else if workflow[DECLARED] == true && !manifest.is_empty() {
            client.delete(&["ibot", "workflow", &id]).send().await?;
        } else if let Some(path) = followed(&workflow, &was_served) {
            let mut moved = workflow;
            moved[PATH] = path.as_str().into();
            moved["config"]["trigger"]["start"]["workflow"]["uri"] = uri(&path).into();
            registered.push(save(client, moved).await?);
        }
    }
    for (name, (path, trigger)) in declared {
        let new = registration(&name, &path, &trigger, &uri(&path), Value::Object(Map::new()));
        registered.push(save(client, new).await?);
    }
    Ok(registered)
}

/// Remembers the paths of what people have registered for the process meanwhile, so that it is dialled at the next one
/// too.
pub(super) async fn adopt(client: &Client, is_served: impl Fn(&str) -> bool) -> Result<()> {
    for mut workflow in known(client).await?.into_iter().filter(|workflow| workflow[PATH].is_null()) {
        if let Some(path) = followed(&workflow, &is_served) {
            workflow[PATH] = path.into();
            save(client, workflow).await?;
        }
    }
    Ok(())
}

async fn known(client: &Client) -> Result<Vec<Value>> {
    let mut known = client.get(&["ibot", "workflow"]).send().await?;
    Ok(known["results"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

/// The path of a registration that follows the process from port to port.
fn followed(workflow: &Value, is_served: impl Fn(&str) -> bool) -> Option<String> {
    let dialled = || workflow["config"]["trigger"]["start"]["workflow"]["uri"].as_str();
    let path = workflow[PATH].as_str().map(str::to_owned);
    path.or_else(|| dialled().filter(|uri| is_served(uri)).map(path_of))
}

/// By their names. A registration has one trigger: where a workflow has several, the others get a number.
fn declared(manifest: &[WorkflowManifest]) -> BTreeMap<String, (String, TriggerSpec)> {
    let all = manifest.iter().flat_map(|workflow| {
        (1..).zip(&workflow.triggers).map(|(number, trigger)| {
            let name =
                if number == 1 { workflow.name.clone() } else { format!("{}-{number}", workflow.name) };
            let trigger = match trigger {
                TriggerSpec::Timer(timer) => TriggerSpec::Timer(timer.clone().with_defaults()),
                other => other.clone(),
            };
            (name, (workflow.path.clone(), trigger))
        })
    });
    all.collect()
}

/// What people changed of it, such as its arguments, stays.
fn registration(name: &str, path: &str, trigger: &TriggerSpec, uri: &str, mut known: Value) -> Value {
    let args = known["config"]["trigger"]["start"]["workflow"]["args"].take();
    let args = if args.is_object() { args } else { json!({}) };
    let mut config = json!(trigger);
    config["start"] = json!({ "workflow": { "uri": uri, "args": args } });
    known["name"] = name.into();
    known[PATH] = path.into();
    known[DECLARED] = true.into();
    known["config"] = json!({ "trigger": config });
    if known.get("install_rule").is_none() && known["install"].as_array().is_none_or(Vec::is_empty) {
        known["install_rule"] = EVERYWHERE.into();
        known["install"] = json!([]);
    }
    known
}

async fn save(client: &Client, workflow: Value) -> Result<Registered> {
    let target = &workflow["config"]["trigger"];
    let on = target.as_object().into_iter().flatten().find(|(key, _)| key.starts_with("on_"));
    let registered = Registered {
        name: workflow["name"].as_str().unwrap_or_default().to_owned(),
        trigger: on.and_then(|(key, value)| serde_json::from_value(json!({ key.as_str(): value })).ok()),
        uri: target["start"]["workflow"]["uri"].as_str().unwrap_or_default().to_owned(),
    };
    client.post(&["ibot", "workflow"], workflow).send().await?;
    Ok(registered)
}

/// `/hello` of `wss://localhost:4711/hello`.
fn path_of(uri: &str) -> String {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    rest.split_once('/').map_or_else(String::new, |(_, path)| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trigger_has_a_name_of_its_own() {
        let mut manifest = WorkflowManifest::new("desk");
        manifest.triggers =
            vec![TriggerSpec::Phrases(vec!["check in".into()]), TriggerSpec::Http("POST".into())];
        let names: Vec<String> = declared(&[manifest]).into_keys().collect();
        assert_eq!(names, ["desk", "desk-2"]);
    }

    #[test]
    fn what_people_changed_stays() {
        let known = json!({
            "workflow_id": "wf_1", "name": "desk", "install": ["990"],
            "config": { "trigger": { "on_http": "POST", "start": { "workflow": { "uri": "wss://old", "args": { "n": 1 } } } } },
        });
        let trigger = TriggerSpec::Phrases(vec!["check in".into()]);
        let new = registration("desk", "/desk", &trigger, "wss://new", known);
        assert_eq!(
            new,
            json!({
                "workflow_id": "wf_1", "name": "desk", "install": ["990"], "relay_dev_path": "/desk",
                "relay_dev_declared": true,
                "config": { "trigger": {
                    "on_phrases": ["check in"], "start": { "workflow": { "uri": "wss://new", "args": { "n": 1 } } },
                } },
            })
        );
    }

    #[test]
    fn the_path_of_a_uri_begins_with_a_slash() {
        assert_eq!(path_of("wss://localhost:4711/a/b"), "/a/b");
        assert_eq!(path_of("wss://localhost:4711"), "");
    }
}
