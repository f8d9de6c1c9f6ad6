//! Registered workflows, as the server keeps them.

use relay_protocol::manifest::{TriggerSpec, Weekday};
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::{CliError, Result};

/// The rule for "everywhere".
pub(crate) const EVERYWHERE: &str = "urn:relay-resource:all:device";

/// A registered workflow. What this command does not know of it is kept as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Registration(Map<String, Value>);

/// Who may trigger a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Installed {
    Everywhere,
    /// The devices of a group.
    Rule(String),
    /// These devices and users.
    On(Vec<String>),
}

impl Registration {
    /// `config` may be an object, or JSON in a text.
    pub(crate) fn new(document: &Value) -> Option<Self> {
        let mut document = document.as_object()?.clone();
        if let Some(Value::String(text)) = document.get("config") {
            let config = serde_json::from_str(text).unwrap_or_default();
            document.insert("config".into(), config);
        }
        Some(Self(document))
    }

    pub(crate) fn document(&self) -> Value {
        Value::Object(self.0.clone())
    }

    pub(crate) fn id(&self) -> &str {
        self.text("workflow_id")
    }

    pub(crate) fn name(&self) -> &str {
        self.text("name")
    }

    fn text(&self, key: &str) -> &str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn config(&self, pointer: &str) -> Option<&Value> {
        self.0.get("config")?.pointer(pointer)
    }

    pub(crate) fn uri(&self) -> &str {
        self.config("/trigger/start/workflow/uri").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn args(&self) -> Map<String, Value> {
        self.config("/trigger/start/workflow/args").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// The key and value of the trigger: the first whose name begins with `on_`.
    fn on(&self) -> Option<(&str, &Value)> {
        let trigger = self.config("/trigger")?.as_object()?;
        trigger.iter().find(|(key, _)| key.starts_with("on_")).map(|(key, value)| (key.as_str(), value))
    }

    /// What starts it, if this command knows such triggers.
    pub(crate) fn trigger(&self) -> Option<TriggerSpec> {
        let (key, value) = self.on()?;
        serde_json::from_value(json!({ key: value })).ok()
    }

    /// What starts it, for people.
    pub(crate) fn kind(&self) -> String {
        match self.trigger() {
            Some(trigger) => describe(&trigger),
            None => self.on().map_or("unknown", |(key, _)| key.trim_start_matches("on_")).to_owned(),
        }
    }

    pub(crate) fn installed(&self) -> Installed {
        match self.text("install_rule") {
            EVERYWHERE => Installed::Everywhere,
            "" => {
                let ids = self.0.get("install").and_then(Value::as_array).into_iter().flatten();
                Installed::On(ids.filter_map(Value::as_str).map(str::to_owned).collect())
            }
            rule => Installed::Rule(rule.to_owned()),
        }
    }

    /// Whether its trigger comes from devices, and it is on none.
    pub(crate) fn nobody_can_trigger(&self) -> bool {
        let needs_device = !matches!(self.trigger(), Some(TriggerSpec::Timer(_) | TriggerSpec::Http(_)));
        needs_device && matches!(self.installed(), Installed::On(ids) if ids.is_empty())
    }

    pub(crate) fn set_installed(&mut self, installed: &Installed) {
        self.0.remove("install");
        self.0.remove("install_rule");
        match installed {
            Installed::Everywhere => self.0.insert("install_rule".into(), EVERYWHERE.into()),
            Installed::Rule(rule) => self.0.insert("install_rule".into(), rule.clone().into()),
            Installed::On(ids) => self.0.insert("install".into(), ids.clone().into()),
        };
    }

    /// Makes or replaces it on the server, and says what became of it.
    pub(crate) async fn save(&self, client: &Client) -> Result<Self> {
        let answer = client.post(&["ibot", "workflow"], self.document()).try_send().await?;
        let answer = answer.map_err(|refusal| {
            let error = refusal.explained("POST /ibot/workflow");
            match refusal.code.as_deref() {
                Some("invalid_install_user_id") => {
                    error.next("`relay devices` and `relay user list` show the ids")
                }
                _ => error,
            }
        })?;
        let saved = answer.get(0).unwrap_or(&answer);
        Self::new(saved).ok_or_else(|| CliError::failed("the server does not say what it has saved"))
    }

    pub(crate) fn set_args(&mut self, args: Map<String, Value>) {
        let workflow =
            self.0.get_mut("config").and_then(|config| config.pointer_mut("/trigger/start/workflow"));
        if let Some(Value::Object(workflow)) = workflow {
            workflow.insert("args".into(), args.into());
        }
    }
}

/// All that are registered.
pub(crate) async fn list(client: &Client) -> Result<Vec<Registration>> {
    let answer = client.get(&["ibot", "workflow"]).send().await?;
    let results = answer.get("results").unwrap_or(&answer).as_array();
    let results = results.ok_or_else(|| CliError::failed("the server's list of workflows is no list"))?;
    Ok(results.iter().filter_map(Registration::new).collect())
}

/// `phrases:hello,hi`, in the words of the official command line.
pub(crate) fn describe(trigger: &TriggerSpec) -> String {
    match trigger {
        TriggerSpec::Phrases(phrases) => format!("phrases:{}", phrases.join(",")),
        TriggerSpec::Button(taps) => {
            let taps = taps.trim_start_matches("action_button_").trim_end_matches("_tap");
            format!("button:{taps}")
        }
        TriggerSpec::Http(method) => format!("http:{method}"),
        TriggerSpec::Nfc(content) => {
            let kind = content.get("type").map_or("custom", String::as_str);
            let keys = content
                .iter()
                .filter(|(key, _)| *key != "type")
                .map(|(key, value)| format!("\n{key}={value}"));
            format!("nfc:{kind}{}", keys.collect::<String>())
        }
        TriggerSpec::Timer(timer) => {
            let zone = timer.timezone.as_ref().map(|zone| format!(" {zone}")).unwrap_or_default();
            let every = timer.frequency.and_then(|frequency| serde_json::to_value(frequency).ok());
            let every = every.as_ref().and_then(Value::as_str).map(|every| match timer.interval {
                Some(interval) if interval > 1 => format!("\n{every}, every {interval}"),
                _ => format!("\n{every}"),
            });
            let days = (!timer.byweekday.is_empty() && timer.byweekday.len() < Weekday::ALL.len())
                .then(|| timer.byweekday.iter().map(|day| format!(" {day:?}")).collect::<String>());
            format!(
                "timer:{}{zone}{}{}",
                timer.start_time,
                every.unwrap_or_default(),
                days.unwrap_or_default()
            )
        }
        TriggerSpec::BatteryDischarge(level) => format!("battery:discharge:{level}"),
        TriggerSpec::BatteryCharge(level) => format!("battery:charge:{level}"),
        TriggerSpec::Geofence { geofence_id, transition } => format!("geofence:{transition}:{geofence_id}"),
        TriggerSpec::Position { position_id, transition, .. } => {
            format!("position:{transition}:{position_id}")
        }
        TriggerSpec::CallRequest(_) => "call:outbound".into(),
        TriggerSpec::IncomingCall(_) => "call:inbound".into(),
        TriggerSpec::DeviceEvent(event) => format!("device:{event}"),
        _ => "unknown".into(),
    }
}
