//! The platform of a simulation, and all that has become of it.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use relay_engine::{Action, DeviceKey, Engine, InstanceKey, Milestone, Observation, Perception, WorkflowKey};
use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::types::StopReason;
use tokio::sync::mpsc::UnboundedSender;

use super::conversation::Conversation;
use super::frames;
use super::link::Dial;
use super::senses::{self, Senses};
use crate::Cause;
use crate::session::{HandlerFailure, SessionEnd, Shared};
use crate::workflow::WorkflowEntry;

/// Everything that a simulation knows, behind the lock of its [`World`](super::world::World).
pub(super) struct State {
    pub(super) engine: Engine,
    pub(super) workflows: HashMap<WorkflowKey, WorkflowEntry>,
    pub(super) people: HashMap<DeviceKey, Senses>,
    pub(super) runs: Vec<Run>,
    pub(super) conversation: Conversation,
    /// Runs that have ended and were not yet expected to.
    pub(super) ended: VecDeque<(Arc<str>, StopReason)>,
    /// Handlers that have failed and were not yet expected to.
    pub(super) failures: VecDeque<Failure>,
    /// Runs that were ever launched.
    pub(super) launched: u64,
}

/// A run of a workflow, as long as anything is left of it.
pub(super) struct Run {
    pub(super) instance: InstanceKey,
    /// Of the session, counted from 1.
    pub(super) number: u64,
    /// What the conversation calls it.
    pub(super) name: Arc<str>,
    /// The engine's end of the connection; gone when the engine has let go of it.
    pub(super) line: Option<UnboundedSender<Transmit>>,
    /// What the workflow's end of the session is doing.
    pub(super) session: Option<Arc<Shared>>,
    /// The handlers that are running.
    pub(super) handlers: Vec<&'static str>,
}

/// A handler that failed.
pub(super) struct Failure {
    pub(super) run: Arc<str>,
    pub(super) handler: &'static str,
    pub(super) why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, handler, why } = self;
        write!(f, "{run} failed in {handler}: {why}")
    }
}

impl State {
    pub(super) fn new(engine: Engine) -> Self {
        Self {
            engine,
            workflows: HashMap::new(),
            people: HashMap::new(),
            runs: Vec::new(),
            conversation: Conversation::default(),
            ended: VecDeque::new(),
            failures: VecDeque::new(),
            launched: 0,
        }
    }

    fn run(&self, key: InstanceKey) -> Option<&Run> {
        self.runs.iter().find(|run| run.instance == key)
    }

    /// What the conversation calls a run, whether or not it is connected.
    fn run_name(&self, key: InstanceKey) -> Arc<str> {
        let known = self.run(key).map(|run| run.name.clone());
        let workflow = || Some(self.engine.instance(key)?.workflow().name.as_str().into());
        known.or_else(workflow).unwrap_or_else(|| "?".into())
    }

    /// Does what the engine wants done, up to the connections that have to be opened.
    pub(super) fn pump(&mut self, now: Timestamp) -> Vec<Dial> {
        let mut dials = Vec::new();
        while let Some(action) = self.engine.poll_action() {
            match action {
                Action::Dial { instance, .. } => dials.extend(self.dial(instance)),
                Action::Transmit { instance, transmit } => self.transmit(now, instance, transmit),
                Action::Release { instance } => {
                    if let Some(run) = self.runs.iter_mut().find(|run| run.instance == instance) {
                        run.line = None;
                    }
                    self.forget_finished();
                }
                Action::Observed(observation) => self.observe(now.elapsed(), observation),
                _ => {}
            }
        }
        dials
    }

    fn dial(&mut self, instance: InstanceKey) -> Option<Dial> {
        let name = self.run_name(instance);
        let workflow = self.workflows.values().find(|entry| *entry.manifest().name == *name)?.clone();
        self.launched += 1;
        Some(Dial { instance, name, workflow, number: self.launched })
    }

    fn transmit(&mut self, now: Timestamp, instance: InstanceKey, transmit: Transmit) {
        if let Transmit::Text(frame) = &transmit
            && let Some(what) = frames::told(frame)
        {
            let name = self.run_name(instance);
            self.conversation.add(now.elapsed(), &name, what);
        }
        if let Some(line) = self.run(instance).and_then(|run| run.line.as_ref()) {
            let _ = line.send(transmit); // nobody reads it once the connection is gone
        }
    }

    /// The engine gets a message of the workflow.
    pub(super) fn receive(&mut self, now: Timestamp, instance: InstanceKey, frame: &str) {
        if let Some(what) = frames::asked(frame) {
            let name = self.run_name(instance);
            self.conversation.add(now.elapsed(), &name, what);
        }
        self.engine.handle_text(now, instance, frame);
    }

    fn observe(&mut self, at: Duration, observation: Observation) {
        match observation {
            Observation::Device { device, what } => self.perceive(at, device, &what),
            Observation::Instance { instance, what } => self.reach(at, instance, what),
            Observation::Log { instance, message } => {
                let name = self.run_name(instance);
                self.conversation.add(at, &name, format!("note: {message}"));
            }
            _ => {}
        }
    }

    fn perceive(&mut self, at: Duration, device: DeviceKey, what: &Perception) {
        let Some(senses) = self.people.get_mut(&device) else { return };
        senses.perceive(what);
        self.conversation.add(at, &senses.name, senses::told(what));
    }

    fn reach(&mut self, at: Duration, instance: InstanceKey, what: Milestone) {
        let name = self.run_name(instance);
        let what = match what {
            Milestone::Launched => return,
            Milestone::Started => match self.engine.instance(instance).map(|instance| instance.trigger()) {
                Some(trigger) => format!("starts, by a trigger of the kind {}", trigger.kind),
                None => "starts".into(),
            },
            Milestone::Ended(reason) => {
                let text = format!("ends: {reason}");
                self.ended.push_back((name.clone(), reason));
                text
            }
            what => format!("{what:?}"),
        };
        self.conversation.add(at, &name, what);
    }

    /// A handler of a session failed.
    pub(super) fn fail(
        &mut self,
        now: Timestamp,
        number: u64,
        handler: &'static str,
        failure: &HandlerFailure,
    ) {
        let Some(run) = self.runs.iter().find(|run| run.number == number) else { return };
        let name = run.name.clone();
        if is_consequence(failure) {
            let what = format!("gives up in {handler}, as the session is over");
            return self.conversation.add(now.elapsed(), &name, what);
        }
        let why = failure.to_string();
        self.conversation.add(now.elapsed(), &name, format!("FAILS in {handler}: {why}"));
        self.failures.push_back(Failure { run: name, handler, why });
    }

    /// The workflow's end of a session is done.
    pub(super) fn session_ended(&mut self, now: Timestamp, number: u64, end: &SessionEnd) {
        let Some(run) = self.runs.iter_mut().find(|run| run.number == number) else { return };
        run.session = None;
        if end.abandoned > 0 {
            let what = format!("drops {} handlers that still ran long after its end", end.abandoned);
            let name = run.name.clone();
            self.conversation.add(now.elapsed(), &name, what);
        }
        self.forget_finished();
    }

    fn forget_finished(&mut self) {
        self.runs.retain(|run| run.line.is_some() || run.session.is_some());
    }
}

/// Whether a handler only failed because somebody else had ended the session that it was working in.
fn is_consequence(failure: &HandlerFailure) -> bool {
    match failure {
        HandlerFailure::Error(error) => matches!(error.cause(), Some(Cause::Closed(_))),
        HandlerFailure::Panic(_) => false,
    }
}
