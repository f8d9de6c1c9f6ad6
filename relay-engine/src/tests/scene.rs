//! An engine and scripted workflows, joined in memory under a clock that jumps to the next deadline.

use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;
use std::thread::panicking;

use relay_protocol::codec::{FromEngine, from_engine};
use relay_protocol::session::{
    Failure, Incoming, Op, RequestOptions, SessionConfig, Timestamp, Transmit, WorkflowSession,
};
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::{DeviceUrn, GroupUrn, InteractionUrn};
use relay_protocol::{RequestBody, Urn, request};

use super::words::{answer, happened, perceived};
use crate::{
    Action, Change, Config, DeviceInfo, DeviceKey, Engine, GroupKey, IncidentChange, InstanceKey, Milestone,
    Mode, NotificationChange, Observation, Reason, Workflow,
};

/// What is heard and seen is kept as lines, which tests expect in their order: `hello < say`, `Alice: ring off`.
pub(super) struct Scene {
    pub(super) engine: Engine,
    pub(super) now: Timestamp,
    runs: BTreeMap<InstanceKey, Run>,
    lines: VecDeque<String>,
    /// All messages of the engine, as they were sent.
    pub(super) frames: Vec<String>,
}

/// The first half of all request ids.
const SESSION: u64 = 1;

struct Run {
    name: String,
    session: WorkflowSession,
    sent: u64,
    terminating: bool,
    asked: BTreeMap<Op, &'static str>,
    answered: BTreeSet<String>,
    /// What the session does not tell.
    lines: Vec<String>,
}

pub(super) fn device(name: &str) -> Urn {
    DeviceUrn::name(name).unwrap().into()
}

pub(super) fn group(name: &str) -> Urn {
    GroupUrn::name(name).unwrap().into()
}

/// `on("hello", "Alice")`: the interaction hello on Alice.
pub(super) fn on(interaction: &str, device: &str) -> Urn {
    InteractionUrn::name(interaction).unwrap().on(&DeviceUrn::name(device).unwrap()).into()
}

pub(super) fn strict() -> Config {
    Config { mode: Mode::Strict, ..Config::default() }
}

impl Scene {
    /// With devices of these names.
    pub(super) fn new(devices: &[&str]) -> Self {
        Self::with(Config::default(), devices)
    }

    pub(super) fn with(mut config: Config, devices: &[&str]) -> Self {
        config.session.ping_interval = None; // each scene would end with one
        let mut next = 0;
        let ids = move || {
            next += 1;
            next
        };
        let mut engine = Engine::new(config, ids);
        for name in devices {
            engine.add_device(DeviceInfo::new(*name, format!("id-{name}"))).unwrap();
        }
        Self {
            engine,
            now: Timestamp::ZERO,
            runs: BTreeMap::new(),
            lines: VecDeque::new(),
            frames: Vec::new(),
        }
    }

    pub(super) fn device(&self, name: &str) -> DeviceKey {
        self.engine.directory().device_named(name).unwrap()
    }

    pub(super) fn group(&self, name: &str) -> GroupKey {
        self.engine.directory().group_named(name).unwrap()
    }

    /// Starts a run of a workflow of this name for a device, up to its start event.
    pub(super) fn start(&mut self, name: &str, source: &str) -> InstanceKey {
        self.start_workflow(Workflow::new(name, "wss://example.com/"), source)
    }

    pub(super) fn start_workflow(&mut self, workflow: Workflow, source: &str) -> InstanceKey {
        let start = format!("{} < start phrase", workflow.name);
        let key = self.launch(workflow, source);
        self.expect(&[&start]);
        key
    }

    pub(super) fn launch(&mut self, workflow: Workflow, source: &str) -> InstanceKey {
        let workflow = self.engine.add_workflow(workflow);
        let args = TriggerArgs::new().source_uri(device(source)).phrase("go");
        let trigger = Trigger::new(TriggerType::Phrase).args(args);
        let key = self.engine.launch(self.now, workflow, trigger).unwrap();
        self.pump();
        key
    }

    /// The runs that can still be asked something.
    pub(super) fn running(&self) -> Vec<InstanceKey> {
        let open = |run: &Run| run.session.ending().is_none() && !run.terminating;
        self.runs.iter().filter(|(_, run)| open(run)).map(|(key, _)| *key).collect()
    }

    /// Everything that was seen and not expected so far.
    pub(super) fn lines(&mut self) -> Vec<String> {
        self.lines.drain(..).collect()
    }

    /// Opens an interaction on a device that nothing stands against.
    #[track_caller]
    pub(super) fn open(&mut self, run: InstanceKey, interaction: &str, name: &str) {
        self.ask(run, &[device(name)], request::StartInteraction::new(interaction));
        let run = self.runs[&run].name.clone();
        self.expect(&[
            &format!("{name}: on Interaction({interaction:?})"),
            &format!("{run} < start_interaction"),
            &format!("{run} < started {interaction}@{name}"),
            &format!("{run} < resumed {interaction}@{name}"),
        ]);
    }

    /// Sends a request. Its id comes back.
    pub(super) fn ask<R: RequestBody>(&mut self, run: InstanceKey, target: &[Urn], body: R) -> String {
        let id = self.send(run, target, body);
        self.pump();
        id
    }

    /// Sends a request that the engine takes only together with what comes next.
    pub(super) fn send<R: RequestBody>(&mut self, run: InstanceKey, target: &[Urn], body: R) -> String {
        let run = self.runs.get_mut(&run).unwrap();
        let options = RequestOptions::response_to::<R>().response_within(Duration::MAX);
        let op = run.session.request(self.now, target, &body, options).unwrap();
        run.asked.insert(op, R::NAME);
        run.sent += 1;
        run.terminating |= R::NAME == "terminate";
        format!("{SESSION:016x}{:016x}", run.sent - 1)
    }

    /// The connection of a run breaks.
    pub(super) fn cut(&mut self, run: InstanceKey) {
        self.runs.get_mut(&run).unwrap().session.handle_disconnect(self.now, None);
        self.engine.handle_disconnect(self.now, run, None);
        self.pump();
    }

    /// Lets the clock run until these lines were seen, which must be the next.
    #[track_caller]
    pub(super) fn expect(&mut self, lines: &[&str]) {
        self.pump();
        while self.lines.len() < lines.len() && self.jump(Duration::MAX) {}
        let seen: Vec<String> = self.lines.drain(..lines.len().min(self.lines.len())).collect();
        assert_eq!(seen, lines, "and then: {:?}", self.lines);
    }

    /// Nothing is to be seen for so long.
    #[track_caller]
    pub(super) fn silence(&mut self, time: Duration) {
        self.wait(time);
        assert!(self.lines.is_empty(), "unexpected: {:?}", self.lines);
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        self.pump();
        while self.jump(until - self.now) {}
        self.now = until;
    }

    /// Advances to the engine's next deadline, if it is within `limit`.
    fn jump(&mut self, limit: Duration) -> bool {
        match self.engine.poll_timeout() {
            Some((due, _)) if due <= self.now + limit => {
                self.now = self.now.max(due);
                self.engine.handle_timeout(self.now);
                assert!(
                    self.engine.poll_timeout().is_none_or(|(next, _)| next > self.now),
                    "a deadline stays"
                );
                self.pump();
                true
            }
            _ => false,
        }
    }

    /// Carries messages to and fro until nothing moves.
    pub(super) fn pump(&mut self) {
        loop {
            while let Some(action) = self.engine.poll_action() {
                self.act(action);
            }
            let mut frames = Vec::new();
            for (key, run) in &mut self.runs {
                while let Some(transmit) = run.session.poll_transmit() {
                    frames.push((*key, transmit));
                }
            }
            if frames.is_empty() {
                return;
            }
            for (key, transmit) in frames {
                if let Transmit::Text(frame) = transmit {
                    self.engine.handle_text(self.now, key, &frame);
                }
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Dial { instance, workflow } => {
                let session = WorkflowSession::new(self.now, SessionConfig::default(), &mut || SESSION);
                self.runs.insert(instance, Run::new(workflow.name.clone(), session));
                self.engine.handle_connected(self.now, instance);
            }
            Action::Transmit { instance, transmit } => match transmit {
                Transmit::Text(frame) => {
                    self.runs.get_mut(&instance).unwrap().take(self.now, &frame);
                    self.frames.push(frame);
                }
                Transmit::Close { code, .. } => self.engine.handle_disconnect(self.now, instance, Some(code)),
                _ => {}
            },
            Action::Release { instance } => {
                let mut run = self.runs.remove(&instance).unwrap();
                run.session.handle_disconnect(self.now, None); // it knows, unless the engine broke the connection
                self.lines.extend(run.lines());
                assert!(run.asked.is_empty(), "{} were never answered", run.asked.len());
            }
            Action::Observed(observation) => self.lines.extend(self.tell(observation)),
        }
        let lines = self.runs.values_mut().flat_map(Run::lines);
        self.lines.extend(lines);
    }

    fn tell(&self, observation: Observation) -> Option<String> {
        Some(match observation {
            Observation::Device { device, what } => {
                format!("{}: {}", self.name(device), perceived(&what))
            }
            Observation::Instance { what: Milestone::Launched | Milestone::Started, .. } => return None,
            Observation::Instance { instance, what } => {
                let name = self.runs.get(&instance).map_or("?", |run| run.name.as_str());
                match what {
                    Milestone::Ended(reason) => format!("{name} ended {reason}"),
                    what => format!("{name} {what:?}"),
                }
            }
            Observation::Directory(change) => return self.tell_change(&change),
            Observation::Notification { name, what, instance, .. } => match what {
                NotificationChange::Acknowledged(device) if instance.is_none() => {
                    format!("{name} acknowledged by {}", self.name(device))
                }
                NotificationChange::Cancelled(device) => {
                    format!("{name} cancelled for {}", self.name(device))
                }
                NotificationChange::TimedOut(device) => format!("{name} timed out for {}", self.name(device)),
                _ => return None, // heard and told
            },
            Observation::Incident { id, what: IncidentChange::Opened(incident) } => {
                format!("{id} opened: {} by {}", incident.kind, self.name(incident.device))
            }
            Observation::Incident { id, what: IncidentChange::Closed { status, reason } } => {
                format!("{id} {status}: {reason}")
            }
            Observation::Record(record) => {
                let device = record.device.map(|device| format!("{}: ", self.name(device)));
                let device = device.unwrap_or_default();
                format!("record {} {}: {device}{}", record.category, record.content_type, record.content)
            }
            Observation::Sms(sms) => format!("{} to {}: {}", sms.id, sms.uri, sms.text),
            Observation::Log { message, .. } => format!("log: {message}"),
        })
    }
}

impl Scene {
    fn name(&self, device: DeviceKey) -> &str {
        self.engine.directory().device(device).map_or("gone", |device| device.name())
    }

    fn tell_change(&self, change: &Change) -> Option<String> {
        let group = |key| self.engine.directory().group(key).unwrap();
        Some(match change {
            Change::Device(_) => return None,
            Change::GroupAdded(key) => format!("new group {:?}", group(*key).name()),
            Change::GroupRemoved { id } => format!("no group {id} any more"),
            Change::GroupMembers(key) => {
                format!("{} in group {:?}", group(*key).members().len(), group(*key).name())
            }
        })
    }
}

impl Run {
    fn new(name: String, session: WorkflowSession) -> Self {
        let (asked, answered, lines) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        Self { name, session, sent: 0, terminating: false, asked, answered, lines }
    }

    fn take(&mut self, now: Timestamp, frame: &str) {
        match from_engine(frame) {
            FromEngine::Response { id, .. } | FromEngine::Refused { id, .. } => {
                assert!(self.answered.insert(id.to_string()), "answered twice: {frame}");
            }
            FromEngine::Progress { .. } => self.lines.push(format!("{} < progress", self.name)),
            _ => {}
        }
        self.session.handle_text(now, frame);
    }

    fn lines(&mut self) -> Vec<String> {
        let mut lines = core::mem::take(&mut self.lines);
        while let Some((op, outcome)) = self.session.poll_completed() {
            let request = self.asked.remove(&op).unwrap();
            match outcome {
                Ok(reply) => lines.push(format!("{} < {request}{}", self.name, answer(reply.response))),
                Err(Failure::Refused { error }) => lines.push(format!("{} < {request} {error}", self.name)),
                Err(_) => {} // the session is over
            }
        }
        while let Some(incoming) = self.session.poll_event() {
            match incoming {
                Incoming::Event(event) => lines.push(format!("{} < {}", self.name, happened(&event))),
                Incoming::Unrecognised(message) => {
                    lines.push(format!("{} < {}?", self.name, message.kind.unwrap_or_default()));
                }
                incoming => panic!("{incoming:?}"),
            }
        }
        lines
    }
}

/// Each scene ends so: every run is stopped, and nothing is left of it.
impl Drop for Scene {
    fn drop(&mut self) {
        if panicking() {
            return;
        }
        let open: Vec<InstanceKey> = self.engine.instances().map(|(key, _)| key).collect();
        for key in open {
            self.engine.stop(self.now, key, "scene over");
        }
        let devices: Vec<DeviceKey> = self.engine.directory().devices().map(|(key, _)| key).collect();
        for device in devices {
            self.engine.hang_up(self.now, device);
        }
        self.pump();
        assert_eq!(self.engine.instances().len(), 0, "an instance is left");
        assert_eq!(self.engine.legs.len(), 0, "an interaction is left");
        // What is left is the devices' own: a channel is announced, another falls back, an alert goes on.
        while let Some((_, reason)) = self.engine.poll_timeout() {
            assert!(
                matches!(reason, Reason::Prompt | Reason::HomeChannel | Reason::Alert),
                "a deadline is left: {reason:?}"
            );
            self.jump(Duration::MAX);
        }
        assert_eq!(self.engine.notices.len(), 0, "a notification is left");
        assert_eq!(self.engine.calls.len(), 0, "a call is left");
        assert!(self.runs.is_empty(), "a run was not released");
    }
}
