//! The platform of a simulation, and all that has become of it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use relay_engine::{Action, DeviceKey, Engine, InstanceKey, Record, Sms};
use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::types::StopReason;

use super::conversation::Conversation;
use super::frames;
use super::registrations::Rule;
use super::runs::{Dial, Failure, Run};
use super::senses::Senses;
use crate::workflow::WorkflowEntry;

/// Everything that a simulation knows, behind the lock of its [`World`](super::world::World).
pub(super) struct State {
    pub(super) engine: Engine,
    pub(super) conversation: Conversation,
    /// By name.
    pub(super) workflows: HashMap<Arc<str>, WorkflowEntry>,
    pub(super) rules: Vec<Rule>,
    pub(super) people: HashMap<DeviceKey, Senses>,
    pub(super) runs: Vec<Run>,
    /// How many runs each workflow has had.
    pub(super) runs_so_far: HashMap<Arc<str>, u64>,
    pub(super) sessions_so_far: u64,
    pub(super) news: News,
}

/// What has happened and was not yet expected.
#[derive(Default)]
pub(super) struct News {
    pub(super) ended: VecDeque<(Arc<str>, StopReason)>,
    pub(super) failures: VecDeque<Failure>,
    /// Incidents that were opened: id and kind.
    pub(super) incidents: VecDeque<(String, String)>,
    pub(super) records: VecDeque<Record>,
    pub(super) texts: VecDeque<Sms>,
    /// The text message that was expected last.
    pub(super) text: Option<Sms>,
}

impl State {
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            engine,
            conversation: Conversation::default(),
            workflows: HashMap::new(),
            rules: Vec::new(),
            people: HashMap::new(),
            runs: Vec::new(),
            runs_so_far: HashMap::new(),
            sessions_so_far: 0,
            news: News::default(),
        }
    }

    /// Does what the engine wants done, up to the connections that have to be opened.
    pub(super) fn pump(&mut self, now: Timestamp) -> Vec<Dial> {
        let mut dials = Vec::new();
        while let Some(action) = self.engine.poll_action() {
            match action {
                Action::Dial { instance, workflow } => dials.extend(self.dial(instance, &workflow.name)),
                Action::Transmit { instance, transmit } => self.transmit(now, instance, transmit),
                Action::Release { instance } => self.release(instance),
                Action::Observed(observation) => self.observe(now.elapsed(), observation),
                _ => {}
            }
        }
        dials
    }

    fn transmit(&mut self, now: Timestamp, instance: InstanceKey, transmit: Transmit) {
        if let Transmit::Text(frame) = &transmit
            && let Some(what) = frames::told(frame)
        {
            self.note(now.elapsed(), instance, what);
        }
        if let Some(line) = self.run(instance).and_then(|run| run.line.as_ref()) {
            let _ = line.send(transmit); // nobody reads it once the connection is gone
        }
    }

    /// The engine gets a message of the workflow.
    pub(super) fn receive(&mut self, now: Timestamp, instance: InstanceKey, frame: &str) {
        if let Some(what) = frames::asked(frame) {
            self.note(now.elapsed(), instance, what);
        }
        self.engine.handle_text(now, instance, frame);
    }
}
