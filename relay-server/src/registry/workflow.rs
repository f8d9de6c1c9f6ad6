//! Workflows: what may be registered, and what becomes of an update.

use relay_protocol::manifest::TriggerSpec;
use serde_json::{Map, Value, json};

use super::{Registry, RegistryError, schedule};
use crate::account::Platform;
use crate::dial::Destination;
use crate::model::{SubscriberId, User, Workflow, WorkflowId};

/// A registration as a client sends it: with an id it is an update, without one it is made, or replaced by its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    object: Map<String, Value>,
    /// Whether an id that does not exist is taken, so that whoever knows it finds the workflow again.
    restores: bool,
}

/// The keys of which one must be there.
const TRIGGERS: [&str; 12] = [
    "on_phrases",
    "on_button",
    "on_http",
    "on_nfc",
    "on_timer",
    "on_battery_discharge",
    "on_battery_charge",
    "on_geofence",
    "on_position",
    "on_call_request",
    "on_incoming_call",
    "on_device_event",
];
const ALL_DEVICES: &str = "urn:relay-resource:all:device";
const TAG: &str = "urn:relay-resource:id:tag:";

impl Draft {
    /// What a client sent.
    pub fn new(object: Map<String, Value>) -> Self {
        Self { object, restores: false }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.object.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
    }

    /// The trigger must be one, and only one, that is known: what is misspelt would be kept and never fire.
    fn check_trigger(&self) -> Result<(), RegistryError> {
        let trigger =
            self.object.get("config").and_then(|config| config.get("trigger")).and_then(Value::as_object);
        let Some(trigger) = trigger else {
            let why = "the workflow needs config.trigger, with `start` and what starts it";
            return Err(RegistryError::invalid("invalid_config", why));
        };
        if trigger.get("start").and_then(|start| start.get("workflow")).and_then(|it| it.get("uri")).is_none()
        {
            let why = "the workflow needs config.trigger.start.workflow.uri, which is dialled";
            return Err(RegistryError::invalid("invalid_config", why));
        }
        let keys: Vec<&str> =
            trigger.keys().map(String::as_str).filter(|key| key.starts_with("on_")).collect();
        match keys[..] {
            [one] if TRIGGERS.contains(&one) => Ok(()),
            [one] => {
                let why = format!("{one:?} is no trigger, which are {}", TRIGGERS.join(", "));
                Err(RegistryError::invalid("invalid_trigger", why))
            }
            [] => {
                let why =
                    format!("the workflow needs something that starts it: one of {}", TRIGGERS.join(", "));
                Err(RegistryError::invalid("invalid_trigger", why))
            }
            _ => {
                let why =
                    format!("a registration has one trigger, not {}: make one for each", keys.join(" and "));
                Err(RegistryError::invalid("invalid_trigger", why))
            }
        }
    }

    /// The workflow that this makes of the one before, if there was one.
    fn onto(mut self, id: WorkflowId, before: Option<&Workflow>) -> Result<Workflow, RegistryError> {
        self.object.insert("workflow_id".into(), id.as_str().into());
        self.object.remove("gone_since"); // the server says so, not a client
        let absent = |key: &str| self.object.get(key).is_none_or(Value::is_null);
        // Neither means: as it was. That is what the official command line sends when it was told nothing.
        let kept = before.filter(|_| absent("install") && absent("install_rule"));
        self.object.retain(|key, value| {
            !(value.is_null() && ["install", "install_rule", "options"].contains(&key.as_str()))
        });
        let mut workflow: Workflow = serde_json::from_value(Value::Object(self.object))
            .map_err(|error| RegistryError::invalid("invalid_workflow", format!("the workflow: {error}")))?;
        if let Some(before) = kept {
            workflow.install.clone_from(&before.install);
            workflow.install_rule.clone_from(&before.install_rule);
        }
        Ok(workflow)
    }
}

impl From<Workflow> for Draft {
    /// As it was somewhere, with its id.
    fn from(workflow: Workflow) -> Self {
        match serde_json::to_value(workflow) {
            Ok(Value::Object(object)) => Self { object, restores: true },
            _ => Self { object: Map::new(), restores: true },
        }
    }
}

impl Registry {
    /// Makes a workflow, or replaces it. Runs go on as they were started.
    ///
    /// # Errors
    ///
    /// [`RegistryError`]: nothing has changed.
    pub async fn save_workflow(
        &self,
        subscriber: &SubscriberId,
        draft: Draft,
    ) -> Result<Workflow, RegistryError> {
        let account = self.account(subscriber)?;
        let Some(name) = draft.text("name").map(str::to_owned) else {
            return Err(RegistryError::invalid("invalid_name", "the workflow needs a name"));
        };
        draft.check_trigger()?;
        let _turn = account.registry().await;

        let named = account.run(move |platform| workflow_named(platform, &name)).await?;
        let restores = draft.restores;
        let asked = draft.text("workflow_id").map(WorkflowId::from);
        if let (Some(asked), Some(named)) = (&asked, &named)
            && asked != named
        {
            let why =
                format!("the workflow {named} has this name already: choose another, or delete that one");
            return Err(RegistryError::conflict("name_taken", why));
        }
        let before: Option<Workflow> = match asked.as_ref().or(named.as_ref()) {
            Some(id) => self.store.get(subscriber, id.as_str()).await?,
            None => None,
        };
        let id = match (&asked, &before) {
            (_, Some(before)) => before.id.clone(),
            (Some(asked), None) if restores => asked.clone(),
            (Some(asked), None) => return Err(RegistryError::not_found("workflow", asked)),
            (None, None) => WorkflowId::generate(draft.text("name").unwrap_or_default()),
        };
        let workflow = draft.onto(id, before.as_ref())?;
        self.check(subscriber, &workflow, before.as_ref()).await?;
        let now = self.runner.clock().wall();
        // Made anew, a timer begins anew; sent back with other arguments, it goes on.
        let anew = asked.is_none() || before.as_ref().is_none_or(|before| before.on() != workflow.on());
        let schedule = anew.then(|| schedule::of(&workflow, now)).transpose()?;

        self.store.save(subscriber, &workflow).await?;
        self.note_workflow(subscriber, before.as_ref(), &workflow).await;
        if let Some(schedule) = schedule {
            self.store.schedule_set(subscriber, &workflow.id, schedule).await?;
            self.runner.timer_changed();
        }
        // Whoever registers it again says that it is there.
        self.runner.gone().set(subscriber, &workflow.id, false);
        let applied = workflow.clone();
        let applied = account.run(move |platform| platform.save_workflow(&applied)).await?;
        applied.map_err(|error| RegistryError::conflict("not_applied", error.to_string()))?;
        Ok(workflow)
    }

    /// Deletes a workflow. Its runs go on.
    ///
    /// # Errors
    ///
    /// [`RegistryError`]: nothing has changed.
    pub async fn delete_workflow(
        &self,
        subscriber: &SubscriberId,
        id: &WorkflowId,
    ) -> Result<(), RegistryError> {
        let account = self.account(subscriber)?;
        let _turn = account.registry().await;
        let before: Option<Workflow> = self.store.get(subscriber, id.as_str()).await?;
        let before = before.ok_or_else(|| RegistryError::not_found("workflow", id))?;
        self.store.delete::<Workflow>(subscriber, id.as_str()).await?;
        self.note_of(subscriber, "workflow", "deleted", json!({ "id": id, "name": before.name })).await;
        let id = id.clone();
        account.run(move |platform| platform.remove_workflow(&id)).await?;
        Ok(())
    }

    async fn check(
        &self,
        subscriber: &SubscriberId,
        workflow: &Workflow,
        before: Option<&Workflow>,
    ) -> Result<(), RegistryError> {
        let destination = Destination::parse(&workflow.target().uri, self.runner.config().uris)
            .map_err(|error| RegistryError::invalid("invalid_uri", error.to_string()))?;
        for (name, value) in &workflow.target().args {
            if value.is_object() || value.is_null() {
                let why = format!(
                    "the argument {name:?} must be a text, a number, true, false, or a list of texts"
                );
                return Err(RegistryError::invalid("invalid_args", why));
            }
        }
        for word in &workflow.options.absorb_triggers {
            if !["on_call_request", "on_incoming_call"].contains(&word.as_str()) {
                let why = format!("{word:?} cannot be absorbed: on_call_request and on_incoming_call can");
                return Err(RegistryError::invalid("invalid_options", why));
            }
        }
        // The official command line broadcasts on behalf of an id that it makes up.
        if destination != Destination::Broadcast {
            self.check_install(subscriber, workflow, before).await?;
        }
        let checked = workflow.clone();
        let account = self.account(subscriber)?;
        account.run(move |platform| check_trigger(platform, &checked)).await?
    }

    /// Ids that were there before may stay, though their device is gone: clients send back whole lists.
    async fn check_install(
        &self,
        subscriber: &SubscriberId,
        workflow: &Workflow,
        before: Option<&Workflow>,
    ) -> Result<(), RegistryError> {
        let account = self.account(subscriber)?;
        let old = |id: &String| before.is_some_and(|before| before.install.contains(id));
        let new: Vec<String> = workflow.install.iter().filter(|id| !old(id)).cloned().collect();
        let rule = workflow
            .install_rule
            .clone()
            .filter(|rule| before.is_none_or(|b| b.install_rule.as_ref() != Some(rule)));
        let unknown = account.run(move |platform| {
            let directory = platform.engine.directory();
            let known =
                |id: &String| directory.device_with_id(id).or_else(|| directory.device_used_by(id)).is_some();
            let group = rule.as_deref().and_then(|rule| rule.strip_prefix(TAG)).map(str::to_owned);
            let group = group.filter(|id| directory.group_with_id(id).is_none());
            let odd = rule.filter(|rule| rule != ALL_DEVICES && !rule.starts_with("urn:relay-resource:"));
            (new.into_iter().filter(|id| !known(id)).collect::<Vec<_>>(), group, odd)
        });
        let (ids, group, odd) = unknown.await?;
        let mut missing = Vec::new();
        for id in ids {
            if self.store.get::<User>(subscriber, &id).await?.is_none() {
                missing.push(id);
            }
        }
        if !missing.is_empty() {
            let why = format!("there is no device or user with the id {}", missing.join(", "));
            return Err(RegistryError::invalid("invalid_install_user_id", why));
        }
        if let Some(group) = group {
            let why = format!("the install rule names the group {group:?}, which does not exist");
            return Err(RegistryError::invalid("invalid_install_rule", why));
        }
        if let Some(odd) = odd {
            let why = format!("the install rule {odd:?} is none, as {ALL_DEVICES} or {TAG}<group id> are");
            return Err(RegistryError::invalid("invalid_install_rule", why));
        }
        Ok(())
    }
}

/// The engine decides; what it says is completed by what there is.
fn check_trigger(platform: &mut Platform<'_>, workflow: &Workflow) -> Result<(), RegistryError> {
    let Err(error) = platform.check_workflow(workflow) else { return Ok(()) };
    let hint = match workflow.on() {
        TriggerSpec::Geofence { .. } => {
            ": make the geofence first, or see `GET /ibot/geofence`; entry and exit are its transitions"
        }
        TriggerSpec::Position { .. } => {
            ": make the venue first, or see `GET /ibot/indoor_venue`; entry and exit are its transitions"
        }
        TriggerSpec::Button(_) => ": action_button_single_tap, …double_tap and …triple_tap can",
        TriggerSpec::Http(_) => ": POST can",
        TriggerSpec::DeviceEvent(_) => ": emergency can",
        _ => "",
    };
    Err(RegistryError::invalid("invalid_trigger", format!("{error}{hint}")))
}

fn workflow_named(platform: &Platform<'_>, name: &str) -> Option<WorkflowId> {
    let named = |key| platform.engine.workflow(key).is_some_and(|workflow| workflow.name == name);
    platform.ids.workflows.iter().find(|(_, key)| named(*key)).map(|(id, _)| id.clone())
}
