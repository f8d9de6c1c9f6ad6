//! One run of a workflow.

mod lifecycle;
mod outlet;
mod request;

use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;

use relay_protocol::session::EngineSession;
use relay_protocol::types::Trigger;

pub(crate) use request::{Ask, Reply};

use self::outlet::Outlet;
use crate::deadlines::DeadlineKey;
use crate::fault::Held;
use crate::hostile::Hostile;
use crate::interaction::Interactions;
use crate::key::{DeviceKey, WorkflowKey};
use crate::timers::Timers;
use crate::variables::Variables;
use crate::workflow::Workflow;

/// One run of a workflow: one trigger, one connection, one session.
///
/// Each subject of the engine keeps what it knows of a run in a field of its own.
#[derive(Debug)]
pub struct Instance {
    id: u64,
    registration: WorkflowKey,
    workflow: Arc<Workflow>,
    trigger: Trigger,
    device: Option<DeviceKey>,
    phase: Phase,
    /// The deadline of the session, which may be early: it is looked up again when it comes.
    link: Option<DeadlineKey>,
    outlet: Outlet,
    /// What disturbs its messages, in tests.
    hostile: Option<Hostile>,
    /// What a fault has delayed.
    pub(crate) held: VecDeque<Held>,
    /// The ids of requests whose answers a fault has spelled as of old.
    pub(crate) old_spelling: BTreeSet<String>,
    pub(crate) interactions: Interactions,
    pub(crate) timers: Timers,
    pub(crate) variables: Variables,
}

/// How far a run is. After it comes nothing: the instance is forgotten.
#[derive(Debug)]
enum Phase {
    /// The driver is connecting.
    Dialing,
    /// The workflow is at work.
    Running(EngineSession),
    /// It is over. The workflow may take a moment to close the connection.
    Closing(EngineSession),
}

impl Instance {
    /// A number of its own, for what must name the run outside the engine.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// What is run.
    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// The registration that it was started by, which may have changed or be gone since.
    pub fn registration(&self) -> WorkflowKey {
        self.registration
    }

    /// Why it was started.
    pub fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// The device on whose behalf it runs, if any.
    pub fn device(&self) -> Option<DeviceKey> {
        self.device
    }

    /// Whether the workflow is at work: connected, and not yet ended.
    pub fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running(_))
    }

    fn session_mut(&mut self) -> Option<&mut EngineSession> {
        match &mut self.phase {
            Phase::Dialing => None,
            Phase::Running(session) | Phase::Closing(session) => Some(session),
        }
    }

    pub(crate) fn running_mut(&mut self) -> Option<&mut EngineSession> {
        match &mut self.phase {
            Phase::Running(session) => Some(session),
            _ => None,
        }
    }
}
