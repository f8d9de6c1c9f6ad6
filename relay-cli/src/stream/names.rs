//! What people call devices and workflows.

use std::collections::HashMap;

use serde_json::Value;

use crate::client::Client;
use crate::error::{CliError, Result};

/// Names by ids.
#[derive(Debug, Default)]
pub(crate) struct Names {
    devices: HashMap<String, String>,
    workflows: HashMap<String, String>,
}

impl Names {
    /// Asks the server for all of them.
    pub(crate) async fn load(client: &Client) -> Result<Self> {
        let devices = client.get(&["v1", "devices"]).send();
        let workflows = client.get(&["ibot", "workflow"]).send();
        let (devices, workflows) = tokio::join!(devices, workflows);
        Ok(Self { devices: names(&devices?, "id"), workflows: names(&workflows?, "workflow_id") })
    }

    /// The device's name, else its id.
    pub(crate) fn device<'a>(&'a self, id: &'a str) -> &'a str {
        self.devices.get(id).map_or(id, String::as_str)
    }

    /// The workflow's name, else its id.
    pub(crate) fn workflow<'a>(&'a self, id: &'a str) -> &'a str {
        self.workflows.get(id).map_or(id, String::as_str)
    }

    /// The id of the device that has this name or id.
    pub(crate) fn device_id(&self, name: &str) -> Result<String> {
        find(&self.devices, name, "device")
    }

    /// The id of the workflow that has this name or id.
    pub(crate) fn workflow_id(&self, name: &str) -> Result<String> {
        find(&self.workflows, name, "workflow")
    }

    pub(crate) fn knows(&self, event: &super::Event) -> bool {
        event.device.as_ref().is_none_or(|id| self.devices.contains_key(id))
            && event.workflow.as_ref().is_none_or(|id| self.workflows.contains_key(id))
    }
}

fn find(known: &HashMap<String, String>, wanted: &str, kind: &str) -> Result<String> {
    if known.contains_key(wanted) {
        return Ok(wanted.to_owned());
    }
    if let Some((id, _)) = known.iter().find(|(_, name)| name.eq_ignore_ascii_case(wanted)) {
        return Ok(id.clone());
    }
    let mut names: Vec<&str> = known.values().map(String::as_str).collect();
    names.sort_unstable();
    let error = CliError::not_found(format_args!("there is no {kind} `{wanted}`"));
    Err(if names.is_empty() { error } else { error.next(format_args!("these are: {}", names.join(", "))) })
}

/// From a list, be it bare or under `results`, `devices` and the like.
fn names(answer: &Value, id: &str) -> HashMap<String, String> {
    let list = match answer {
        Value::Array(list) => Some(list),
        Value::Object(map) => map.values().find_map(Value::as_array),
        _ => None,
    };
    let text = |object: &Value, key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
    list.into_iter().flatten().filter_map(|object| Some((text(object, id)?, text(object, "name")?))).collect()
}
