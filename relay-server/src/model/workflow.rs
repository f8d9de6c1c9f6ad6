//! A registration, as the official object of the REST interface.

use relay_protocol::manifest::TriggerSpec;
use serde::{Deserialize, Serialize};

use super::{Rest, UnixMs, WorkflowId};

/// A registration: what is dialled, when, and for whom.
///
/// Official clients send back the whole of what they were given, so that fields we do not know are kept, at each level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// Given by the server, and never changed.
    #[serde(rename = "workflow_id")]
    pub id: WorkflowId,
    /// Unique in the account.
    pub name: String,
    /// How it behaves at devices.
    #[serde(default)]
    pub options: Options,
    /// What starts what.
    pub config: Config,
    /// The devices and users that can start it. Always written, even where the rule decides: an old client needs it.
    #[serde(default)]
    pub install: Vec<String>,
    /// A URN for many devices; it wins over the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install_rule: Option<String>,
    /// Since when the workflow side says that there is nothing at the URI. Never set by clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_since: Option<UnixMs>,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// How a workflow behaves at devices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Whether a run goes on after the person has left its channel. Default: true, as in the official command line.
    #[serde(default = "yes")]
    pub transient: bool,
    /// Whether the channel is kept from the person. Default: false.
    #[serde(default)]
    pub hidden: bool,
    /// The triggers that go into a run which has the device already: `on_call_request`, `on_incoming_call`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorb_triggers: Vec<String>,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Default for Options {
    fn default() -> Self {
        Self { transient: true, hidden: false, absorb_triggers: Vec::new(), rest: Rest::new() }
    }
}

fn yes() -> bool {
    true
}

/// The outermost object of what starts what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// What starts what.
    pub trigger: StartTrigger,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// What starts what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartTrigger {
    /// What is started.
    pub start: Start,
    /// The one thing that starts it: the key that begins with `on_`.
    #[serde(flatten)]
    pub on: TriggerSpec,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// What is dialled.
    pub workflow: Target,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

/// What is dialled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// `wss://…`, or something built in: `relay-local://…`.
    pub uri: String,
    /// Variables that each run has from the start: text, numbers, booleans.
    #[serde(default)]
    pub args: Rest,
    /// What else was sent.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Workflow {
    /// A registration with the options of the official command line, which no device can start yet.
    pub fn new(
        id: impl Into<WorkflowId>,
        name: impl Into<String>,
        uri: impl Into<String>,
        on: TriggerSpec,
    ) -> Self {
        let target = Target { uri: uri.into(), args: Rest::new(), rest: Rest::new() };
        let start = Start { workflow: target, rest: Rest::new() };
        Self {
            id: id.into(),
            name: name.into(),
            options: Options::default(),
            config: Config { trigger: StartTrigger { start, on, rest: Rest::new() }, rest: Rest::new() },
            install: Vec::new(),
            install_rule: None,
            gone_since: None,
            rest: Rest::new(),
        }
    }

    /// What is dialled.
    pub fn target(&self) -> &Target {
        &self.config.trigger.start.workflow
    }

    /// What starts it.
    pub fn on(&self) -> &TriggerSpec {
        &self.config.trigger.on
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn a_workflow_survives_with_what_we_do_not_know() {
        let written = json!({
            "workflow_id": "wf_greeter_1", "name": "greeter", "theirs": [1],
            "options": {"transient": true, "hidden": false, "remote_invoke": true},
            "config": {"theirs": 1, "trigger": {
                "theirs": 2,
                "start": {"theirs": 3, "workflow": {"uri": "wss://a/b", "args": {"n": 2, "loud": true}, "theirs": 4}},
                "on_phrases": ["say hello"],
            }},
            "install": [], "install_rule": "urn:relay-resource:all:device",
        });
        let workflow: Workflow = from_value(written.clone()).unwrap();
        assert_eq!(workflow.on(), &TriggerSpec::Phrases(vec!["say hello".into()]));
        assert_eq!(to_value(&workflow).unwrap(), written);
    }

    #[test]
    fn only_what_is_needed_needs_to_be_there() {
        let least = json!({
            "workflow_id": "wf_1", "name": "n",
            "config": {"trigger": {"start": {"workflow": {"uri": "wss://a"}}, "on_http": "POST"}},
        });
        let workflow: Workflow = from_value(least).unwrap();
        assert_eq!(workflow, Workflow::new("wf_1", "n", "wss://a", TriggerSpec::Http("POST".into())));
    }
}
