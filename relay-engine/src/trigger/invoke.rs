//! Starting a workflow from outside: over HTTP, and when its time has come.

use core::fmt;

use relay_protocol::codec::JsonMap;
use relay_protocol::session::Timestamp;
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};

use super::Rule;
use crate::directory::Device;
use crate::engine::Engine;
use crate::error::UnknownWorkflow;
use crate::key::{DeviceKey, InstanceKey, WorkflowKey};

/// Why a workflow cannot be started so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvokeError {
    /// There is no such workflow.
    Unknown(UnknownWorkflow),
    /// It is registered for something else.
    OtherTrigger,
}

impl core::error::Error for InvokeError {}

impl fmt::Display for InvokeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(unknown) => fmt::Display::fmt(unknown, f),
            Self::OtherTrigger => f.write_str("the workflow is registered for another trigger"),
        }
    }
}

impl Engine {
    /// Somebody calls the workflow over HTTP, on behalf of a device if they name one. Whoever may do that may start it on
    /// any device, installed there or not.
    ///
    /// # Errors
    ///
    /// [`InvokeError`]: nothing was started.
    pub fn invoke(
        &mut self,
        now: Timestamp,
        workflow: WorkflowKey,
        device: Option<DeviceKey>,
        args: JsonMap,
    ) -> Result<InstanceKey, InvokeError> {
        self.check_invoke(workflow)?;
        let args = TriggerArgs::new().args(args);
        self.start(now, workflow, TriggerType::Http, args, device)
    }

    /// Whether [`invoke`](Self::invoke) may start this workflow: for whoever must know before it does.
    ///
    /// # Errors
    ///
    /// [`InvokeError`] if not.
    pub fn check_invoke(&self, workflow: WorkflowKey) -> Result<(), InvokeError> {
        self.check_rule(workflow, &Rule::Http)
    }

    /// The time of a workflow has come. It is started once; for the device that it is installed on, if that is a single
    /// one. What the real platform does for several is not known.
    ///
    /// # Errors
    ///
    /// [`InvokeError`]: nothing was started.
    pub fn fire_schedule(
        &mut self,
        now: Timestamp,
        workflow: WorkflowKey,
    ) -> Result<InstanceKey, InvokeError> {
        self.check_rule(workflow, &Rule::Timer)?;
        let device = self.registered.get(workflow).and_then(|entry| self.only_device(&entry.install));
        self.start(now, workflow, TriggerType::Calendar, TriggerArgs::new(), device)
    }

    fn check_rule(&self, workflow: WorkflowKey, rule: &Rule) -> Result<(), InvokeError> {
        match self.registered.get(workflow) {
            Some(entry) if entry.rule == *rule => Ok(()),
            None if !self.workflows.contains_key(workflow) => Err(InvokeError::Unknown(UnknownWorkflow)),
            _ => Err(InvokeError::OtherTrigger),
        }
    }

    fn start(
        &mut self,
        now: Timestamp,
        workflow: WorkflowKey,
        kind: TriggerType,
        mut args: TriggerArgs,
        device: Option<DeviceKey>,
    ) -> Result<InstanceKey, InvokeError> {
        if let Some(source) = device.and_then(|key| self.directory.device(key)).and_then(Device::urn) {
            args = args.source_uri(source);
        }
        self.launch(now, workflow, Trigger::new(kind).args(args)).map_err(InvokeError::Unknown)
    }
}
