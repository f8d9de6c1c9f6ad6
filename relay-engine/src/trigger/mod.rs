//! What starts workflows: registrations, and everything on a device or outside that may fit one.

mod assistant;
mod battery;
mod emergency;
mod example;
mod invoke;
mod place;
mod rule;
mod tag;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use relay_protocol::Urn;
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{ResourceId, UrnKind};

pub(crate) use emergency::RapidTaps;
pub use example::{Example, NoExample};
pub use invoke::InvokeError;
pub(crate) use place::Whereabouts;
pub use place::{Geofence, Places};
pub use rule::RegistrationError;
pub(crate) use rule::Rule;

use crate::engine::Engine;
use crate::error::UnknownWorkflow;
use crate::key::{DeviceKey, InstanceKey, WorkflowKey};
use crate::workflow::Workflow;

/// A workflow with the one thing that starts it. Register it several times for several things.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// What is run.
    pub workflow: Workflow,
    /// What starts it.
    pub trigger: TriggerSpec,
    /// Whose devices can start it. Calls over HTTP and schedules are not asked for a device.
    pub install: Install,
}

/// The devices that a registration listens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Install {
    /// Those with these ids, or used by these people. With an empty list no device can start the workflow.
    Devices(BTreeSet<String>),
    /// Those that a URN names: all devices, or the members of a group. The platform also has tags of people; one is
    /// taken for the group with its id.
    Rule(Urn),
}

impl Install {
    /// Every device of the account.
    pub fn all() -> Self {
        Self::Rule(Urn::all_devices())
    }
}

/// What the engine keeps of a registration besides its workflow.
#[derive(Debug)]
pub(crate) struct Registered {
    rule: Rule,
    install: Install,
}

impl Engine {
    /// Registers a workflow. The driver fires timers itself, with [`fire_schedule`](Self::fire_schedule).
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if the trigger could never fire: nothing was registered.
    pub fn register(&mut self, registration: Registration) -> Result<WorkflowKey, RegistrationError> {
        let Registration { workflow, trigger, install } = registration;
        let rule = Rule::read(trigger, &self.places)?;
        let key = self.add_workflow(workflow);
        self.registered.insert(key, Registered { rule, install });
        Ok(key)
    }

    /// Replaces a registration. Runs go on as they were started.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] if the trigger could never fire, or there is no such registration: nothing has changed.
    pub fn update(&mut self, key: WorkflowKey, registration: Registration) -> Result<(), RegistrationError> {
        let Registration { workflow, trigger, install } = registration;
        let rule = Rule::read(trigger, &self.places)?;
        let entry = self.workflows.get_mut(key).ok_or(RegistrationError::Unknown(UnknownWorkflow))?;
        *entry = Arc::new(workflow);
        self.registered.insert(key, Registered { rule, install });
        Ok(())
    }

    /// Starts every workflow that listens to this device and wants this. That all of them start, and not the first or
    /// the latest registered, is our choice. The first run comes back, if there is any.
    pub(crate) fn fire(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        kind: TriggerType,
        args: &TriggerArgs,
        wants: impl Fn(&Rule) -> bool,
    ) -> Option<InstanceKey> {
        let source = self.directory.device(device)?.urn()?;
        let listens = |entry: &Registered| wants(&entry.rule) && self.is_installed(&entry.install, device);
        let keys: Vec<WorkflowKey> =
            self.registered.iter().filter(|(_, entry)| listens(entry)).map(|(key, _)| key).collect();
        let mut first = None;
        for key in keys {
            let trigger = Trigger::new(kind.clone()).args(args.clone().source_uri(source.clone()));
            first = first.or(self.launch(now, key, trigger).ok());
        }
        first
    }

    /// Whether a registration listens to a device.
    pub(crate) fn is_installed(&self, install: &Install, key: DeviceKey) -> bool {
        let Some(device) = self.directory.device(key) else { return false };
        match install {
            Install::Devices(ids) => {
                ids.contains(&device.info.id)
                    || device.info.user.as_ref().is_some_and(|user| ids.contains(user))
            }
            Install::Rule(urn) => {
                let group = match (urn.kind(), urn.id()) {
                    (UrnKind::AllDevices, _) => return true,
                    (UrnKind::Group, Some(id)) => self.directory.group_by(&id),
                    (_, Some(ResourceId::Id(tag))) => self.directory.group_with_id(&tag),
                    _ => None,
                };
                group.and_then(|group| self.directory.group(group)).is_some_and(|group| group.contains(key))
            }
        }
    }
}
