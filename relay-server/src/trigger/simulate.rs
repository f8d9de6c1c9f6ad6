//! Starting a workflow as if what it is registered for had happened.

use relay_engine::NoExample;
use relay_protocol::types::Trigger;
use serde_json::Value;

use super::accept::{AcceptError, Invocation, Occasion};
use super::runner::Runner;
use super::wire;
use crate::account::Platform;
use crate::model::{Accepted, DeviceId};

/// What a simulated trigger would be.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsal {
    /// At which device.
    pub device: Option<DeviceId>,
    /// The trigger object of the start event.
    pub trigger: Value,
}

impl Runner {
    /// What [`simulate`](Self::simulate) would do. Nothing happens.
    ///
    /// # Errors
    ///
    /// [`AcceptError`]: there would be no trigger.
    pub async fn rehearse(&self, invocation: &Invocation) -> Result<Rehearsal, AcceptError> {
        let Occasion { device, trigger, .. } = self.likely(invocation).await?;
        Ok(Rehearsal { device, trigger: wire::to_value(&trigger) })
    }

    /// Takes a trigger that nobody caused into the queue: of whatever kind the workflow is registered for, told as it would
    /// be but for the `args` of the invocation. From there on it goes the way of all triggers.
    ///
    /// # Errors
    ///
    /// [`AcceptError`]: there is no trigger.
    pub async fn simulate(&self, invocation: Invocation) -> Result<Accepted, AcceptError> {
        let occasion = self.likely(&invocation).await?;
        self.accept_occasion(invocation, occasion).await
    }

    async fn likely(&self, invocation: &Invocation) -> Result<Occasion, AcceptError> {
        let account = self.account(&invocation.subscriber).ok_or(AcceptError::NoAccount)?;
        let wanted = invocation.clone();
        account.run(move |platform| likely(platform, wanted)).await.unwrap_or(Err(AcceptError::Stopping))
    }
}

fn likely(platform: &mut Platform<'_>, wanted: Invocation) -> Result<Occasion, AcceptError> {
    let key = platform.ids.workflows.key(&wanted.workflow).ok_or(AcceptError::NoWorkflow)?;
    let run = platform.engine.workflow(key).ok_or(AcceptError::NoWorkflow)?;
    let (name, uri) = (run.name.clone(), run.uri.clone());
    let device = match &wanted.device {
        Some(id) => Some(platform.ids.devices.key(id).ok_or(AcceptError::NoDevice)?),
        None => None,
    };
    let example = platform.engine.example(platform.now, key, device).map_err(|error| match error {
        NoExample::NoDevice => AcceptError::NotInstalled,
        _ => AcceptError::NoWorkflow,
    })?;
    let device = example.device.and_then(|key| platform.ids.devices.id(key)).cloned();
    Ok(Occasion { name, uri, device, trigger: told(&example.trigger, wanted.args)? })
}

/// The trigger with other values.
fn told(trigger: &Trigger, args: serde_json::Map<String, Value>) -> Result<Trigger, AcceptError> {
    let mut value = wire::to_value(trigger);
    for (name, other) in args {
        value["args"][name] = other;
    }
    wire::from_value(&value).ok_or(AcceptError::NoTrigger)
}
