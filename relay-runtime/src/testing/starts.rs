//! Starting workflows from outside.

use std::sync::Arc;

use relay_engine::{DeviceKey, WorkflowKey};
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::Trigger;
use serde::Serialize;
use serde_json::{Map, Value};

use super::fail;
use super::world::World;

impl World {
    /// A call of a workflow over HTTP, to be made later.
    #[track_caller]
    pub(super) fn invocation(
        self: &Arc<Self>,
        workflow: &str,
        device: Option<DeviceKey>,
        args: impl Serialize,
    ) -> impl FnOnce() + Send + 'static {
        let args = match serde_json::to_value(args) {
            Ok(Value::Object(args)) => args,
            Ok(Value::Null) => Map::new(),
            Ok(other) => fail(format!("the arguments of a call over HTTP are an object, got {other}")),
            Err(error) => fail(format!("the arguments of a call over HTTP are no JSON: {error}")),
        };
        let key = self.find(workflow, "an HTTP", |trigger| matches!(trigger, Some(TriggerSpec::Http(_))));
        let (world, name) = (self.clone(), workflow.to_owned());
        move || {
            let invoked = world.tell(|state, now| {
                state.conversation.add(now.elapsed(), &"outside".into(), format!("calls {name} over HTTP"));
                state.engine.invoke(now, key, device, args)
            });
            if let Err(error) = invoked {
                fail(format!("{name} cannot be called over HTTP: {error}"));
            }
        }
    }

    /// The moment at which a schedule has come, to be had later.
    #[track_caller]
    pub(super) fn schedule(self: &Arc<Self>, workflow: &str) -> impl FnOnce() + Send + 'static {
        let key = self.find(workflow, "a timer", |trigger| matches!(trigger, Some(TriggerSpec::Timer(_))));
        let (world, name) = (self.clone(), workflow.to_owned());
        move || {
            if let Err(error) = world.tell(|state, now| state.engine.fire_schedule(now, key)) {
                fail(format!("{name} cannot be started by the clock: {error}"));
            }
        }
    }

    /// A start with any trigger, to be made later.
    #[track_caller]
    pub(super) fn launch(
        self: &Arc<Self>,
        workflow: &str,
        trigger: Trigger,
    ) -> impl FnOnce() + Send + 'static {
        let key = self.find(workflow, "any", |_| true);
        let (world, name) = (self.clone(), workflow.to_owned());
        move || {
            if let Err(error) = world.tell(|state, now| state.engine.launch(now, key, trigger)) {
                fail(format!("{name} cannot be started: {error}"));
            }
        }
    }

    #[track_caller]
    fn find(&self, workflow: &str, what: &str, fits: impl Fn(Option<&TriggerSpec>) -> bool) -> WorkflowKey {
        let state = self.lock();
        let named = || state.rules.iter().filter(|rule| *rule.name == *workflow);
        if named().next().is_none() {
            let known: Vec<&str> = state.workflows.keys().map(|name| &**name).collect();
            fail(format!("there is no workflow {workflow:?}, only {known:?}"));
        }
        match named().find(|rule| fits(rule.trigger.as_ref())) {
            Some(rule) => rule.workflow,
            None => fail(format!("the workflow {workflow:?} has no trigger of the kind: {what}")),
        }
    }
}
