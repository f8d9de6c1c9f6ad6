//! The engine: who owns what, and the way in and out.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use relay_protocol::session::{IdSource, Timestamp};
use slotmap::{SecondaryMap, SlotMap};

use crate::action::Action;
use crate::call::Call;
use crate::config::Config;
use crate::deadlines::{Deadline, Deadlines, Reason};
use crate::directory::{DeviceInfo, Directory};
use crate::error::DirectoryError;
use crate::fault::Planned;
use crate::hostile::Random;
use crate::incident::Incident;
use crate::instance::Instance;
use crate::interaction::Leg;
use crate::key::{CallKey, DeviceKey, GroupKey, InstanceKey, LegKey, WorkflowKey};
use crate::notification::Notices;
use crate::trigger::{Places, Registered};
use crate::workflow::Workflow;

/// How much an engine holds. All of it is 0 when no run, no alert and no call is left and all devices are at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Load {
    /// Runs.
    pub instances: usize,
    /// Interactions, each on its device.
    pub interactions: usize,
    /// Notifications in delivery, and alerts to be acknowledged.
    pub notifications: usize,
    /// Calls that ring or are connected.
    pub calls: usize,
    /// Deadlines.
    pub deadlines: usize,
}

/// The platform. See the [crate] for how it is driven.
pub struct Engine {
    pub(crate) config: Config,
    pub(crate) ids: Box<dyn IdSource + Send>,
    pub(crate) directory: Directory,
    pub(crate) workflows: SlotMap<WorkflowKey, Arc<Workflow>>,
    pub(crate) registered: SecondaryMap<WorkflowKey, Registered>,
    pub(crate) places: Places,
    /// NFC tags by their identifier, with what they say.
    pub(crate) tags: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) instances: SlotMap<InstanceKey, Instance>,
    pub(crate) legs: SlotMap<LegKey, Leg>,
    /// Sound files by name, with the time they take.
    pub(crate) sounds: BTreeMap<String, Duration>,
    pub(crate) notices: Notices,
    pub(crate) calls: SlotMap<CallKey, Call>,
    pub(crate) incidents: BTreeMap<String, Incident>,
    /// Where each run gets its own chance from.
    pub(crate) hostile: Option<Random>,
    pub(crate) faults: Vec<Planned>,
    pub(crate) deadlines: Deadlines,
    pub(crate) actions: VecDeque<Action>,
}

impl Engine {
    /// An empty platform. `ids` must be unpredictable in production: what it gives ends up in ids that others see.
    pub fn new(config: Config, ids: impl IdSource + Send + 'static) -> Self {
        Self {
            hostile: config.hostile.map(Random::new),
            config,
            ids: Box::new(ids),
            directory: Directory::default(),
            workflows: SlotMap::with_key(),
            registered: SecondaryMap::new(),
            places: Places::default(),
            tags: BTreeMap::new(),
            instances: SlotMap::with_key(),
            legs: SlotMap::with_key(),
            sounds: BTreeMap::new(),
            notices: Notices::default(),
            calls: SlotMap::with_key(),
            incidents: BTreeMap::new(),
            faults: Vec::new(),
            deadlines: Deadlines::default(),
            actions: VecDeque::new(),
        }
    }

    // Getters.

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The devices and groups.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// A workflow.
    pub fn workflow(&self, key: WorkflowKey) -> Option<&Workflow> {
        self.workflows.get(key).map(|workflow| &**workflow)
    }

    /// A run that is not yet over.
    pub fn instance(&self, key: InstanceKey) -> Option<&Instance> {
        self.instances.get(key)
    }

    /// All runs that are not yet over.
    pub fn instances(&self) -> impl ExactSizeIterator<Item = (InstanceKey, &Instance)> {
        self.instances.iter()
    }

    /// How much it holds.
    pub fn load(&self) -> Load {
        Load {
            instances: self.instances.len(),
            interactions: self.legs.len(),
            notifications: self.notices.len(),
            calls: self.calls.len(),
            deadlines: self.deadlines.len(),
        }
    }

    // Setting up.

    /// Makes a workflow known that only [`launch`](Self::launch) starts. For one with a trigger there is
    /// [`register`](Self::register).
    pub fn add_workflow(&mut self, workflow: Workflow) -> WorkflowKey {
        self.workflows.insert(Arc::new(workflow))
    }

    /// Forgets a workflow. Its runs go on.
    pub fn remove_workflow(&mut self, key: WorkflowKey) {
        self.workflows.remove(key);
        self.registered.remove(key);
    }

    /// Adds a device.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if its name or its id is empty or taken.
    pub fn add_device(&mut self, info: DeviceInfo) -> Result<DeviceKey, DirectoryError> {
        self.directory.add_device(info)
    }

    /// Adds a group without members.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] if its name or its id is empty or taken.
    pub fn add_group(
        &mut self,
        name: impl Into<String>,
        id: impl Into<String>,
    ) -> Result<GroupKey, DirectoryError> {
        self.directory.add_group(name.into(), id.into())
    }

    /// Removes a group. Its members stay.
    pub fn remove_group(&mut self, key: GroupKey) {
        self.directory.remove_group(key);
    }

    /// Puts a device into a group, if it is not there already.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Unknown`] if there is no such group or device.
    pub fn add_member(&mut self, group: GroupKey, device: DeviceKey) -> Result<(), DirectoryError> {
        self.directory.add_member(group, device)
    }

    /// Takes a device out of a group, if it is there.
    pub fn remove_member(&mut self, group: GroupKey, device: DeviceKey) {
        self.directory.remove_member(group, device);
    }

    // The clock.

    /// Acts on every deadline up to `now`.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while let Some((key, deadline)) = self.deadlines.pop(now) {
            match deadline {
                Deadline::Link(instance) => self.link_due(now, instance),
                Deadline::Gap(instance) => self.gap_due(now, instance),
                Deadline::Prompt(device) => self.prompt_due(now, device),
                Deadline::Listen(leg) => self.listen_due(now, leg, key),
                Deadline::Unnamed(instance) => self.unnamed_due(now, instance, key),
                Deadline::Named(instance, name) => self.named_due(now, instance, name, key),
                Deadline::HomeChannel(device) => self.home_due(now, device),
                Deadline::Delivery(notice) => self.delivery_due(now, notice),
                Deadline::AlertRepeat(notice) => self.alert_repeats(now, notice),
                Deadline::AlertTimeout(notice) => self.alert_timed_out(now, notice),
                Deadline::Ringing(call) => self.ringing_due(now, call),
                Deadline::Held(instance) => self.held_due(now, instance, key),
                Deadline::Restart(device) => self.restart_due(now, device),
                Deadline::Taps(device, button) => self.taps_over(now, device, &button),
            }
        }
    }

    // What the driver must do.

    /// The next thing to do, until `None`. Any number of inputs may come before.
    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) must be called next, and why. May be early, never late.
    pub fn poll_timeout(&self) -> Option<(Timestamp, Reason)> {
        self.deadlines.next()
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What the devices and runs are doing would fill pages, and may be personal.
        f.debug_struct("Engine")
            .field("mode", &self.config.mode)
            .field("devices", &self.directory.devices().count())
            .field("instances", &self.instances.len())
            .field("deadlines", &self.deadlines.len())
            .finish_non_exhaustive()
    }
}
