//! Both sides of a session under any operations, joined by a connection on which frames may also be forged.

#![no_main]

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use relay_protocol::codec;
use relay_protocol::session::{
    Asked, EngineSession, Op, RequestOptions, SessionConfig, Timestamp, Token, Transmit, WorkflowSession,
};
use relay_protocol::types::{LifecycleType, PromptType, Trigger, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{RequestBody, Response, Urn, event, request, response};

#[derive(Debug, Arbitrary)]
enum Step<'a> {
    Ask {
        kind: u8,
        targets: u8,
        whole: bool,
    },
    Forget(u8),
    Respond {
        asked: u8,
        kind: u8,
    },
    Refuse(u8),
    Progress(u8),
    Emit {
        asked: u8,
        kind: u8,
    },
    Start,
    Stop,
    /// So many frames arrive, at most.
    ToWorkflow(u8),
    ToEngine(u8),
    ForgeToWorkflow(&'a str),
    ForgeToEngine(&'a [u8]),
    Drain,
    Wait(u16),
    CloseWorkflow,
    CloseEngine,
    Disconnect,
}

fuzz_target!(|input: (Limits, Vec<Step<'_>>)| {
    let (limits, steps) = input;
    let mut world = World::new(limits.config());
    for step in steps {
        world.apply(step);
        world.check();
    }
    world.apply(Step::Disconnect);
    world.check();
    world.drain();
    assert_eq!(world.workflow.in_flight(), 0);
    assert!(world.ops.values().all(|ends| *ends == 1), "{:?}", world.ops);
});

#[derive(Debug, Arbitrary)]
struct Limits {
    message: u16,
    in_flight: u8,
    outbound: u16,
    backlog: u16,
    pings: bool,
}

impl Limits {
    fn config(&self) -> SessionConfig {
        let mut config = SessionConfig::default();
        config.max_message_bytes = self.message.into();
        config.max_in_flight = self.in_flight.into();
        config.max_outbound_bytes = self.outbound.into();
        config.max_backlog_bytes = self.backlog.into();
        config.ping_interval = config.ping_interval.filter(|_| self.pings);
        config
    }
}

/// Bytes of a request to terminate.
const TERMINATE: usize =
    r#"{"_id":"00000000000000000000000000000000","_type":"wf_api_terminate_request"}"#.len();

struct World {
    config: SessionConfig,
    now: Timestamp,
    workflow: WorkflowSession,
    engine: EngineSession,
    /// How often each operation has ended.
    ops: BTreeMap<Op, u8>,
    requests: Vec<(Token, String)>,
    to_workflow: VecDeque<String>,
    to_engine: VecDeque<String>,
}

impl World {
    fn new(config: SessionConfig) -> Self {
        let now = Timestamp::ZERO;
        Self {
            now,
            workflow: WorkflowSession::new(now, config.clone(), &mut || 7),
            engine: EngineSession::new(now, config.clone()),
            config,
            ops: BTreeMap::new(),
            requests: Vec::new(),
            to_workflow: VecDeque::new(),
            to_engine: VecDeque::new(),
        }
    }

    fn apply(&mut self, step: Step<'_>) {
        let now = self.now;
        match step {
            Step::Ask { kind, targets, whole } => self.ask(kind, &places(targets), whole),
            Step::Forget(op) => {
                if let Some((&op, _)) = self.ops.iter().nth(op.into()) {
                    self.workflow.forget(op);
                    self.ops.insert(op, 1);
                }
            }
            Step::Respond { asked, kind } => {
                if let Some((token, _)) = self.requests.get(usize::from(asked)) {
                    _ = self.engine.respond(now, *token, answer(kind));
                }
            }
            Step::Refuse(asked) => {
                if let Some((token, _)) = self.requests.get(usize::from(asked)) {
                    _ = self.engine.refuse(now, *token, "no");
                }
            }
            Step::Progress(asked) => {
                if let Some((token, _)) = self.requests.get(usize::from(asked)) {
                    _ = self.engine.progress(now, *token);
                }
            }
            Step::Emit { asked, kind } => self.emit(asked, kind),
            Step::Start => {
                _ = self.engine.start(now, event::Start::new(Trigger::new(TriggerType::Phrase)));
            }
            Step::Stop => _ = self.engine.stop(now, "because"),
            Step::ToWorkflow(frames) => {
                for frame in self.to_workflow.drain(..usize::from(frames).min(self.to_workflow.len())) {
                    self.workflow.handle_text(now, &frame);
                }
            }
            Step::ToEngine(frames) => {
                for frame in self.to_engine.drain(..usize::from(frames).min(self.to_engine.len())) {
                    self.engine.handle_text(now, &frame);
                }
            }
            Step::ForgeToWorkflow(frame) => self.workflow.handle_text(now, frame),
            Step::ForgeToEngine(frame) => self.engine.handle_binary(now, frame),
            Step::Drain => self.drain(),
            Step::Wait(millis) => self.wait(Duration::from_millis(millis.into())),
            Step::CloseWorkflow => self.workflow.close(now, 1000, ""),
            Step::CloseEngine => self.engine.close(now, 1000, ""),
            Step::Disconnect => {
                self.workflow.handle_disconnect(now, None);
                self.engine.handle_disconnect(now, None);
            }
        }
    }

    fn ask(&mut self, kind: u8, targets: &[Urn], whole: bool) {
        match kind % 6 {
            0 => self.request(targets, &request::GetVar::new("x"), whole),
            1 => self.request(targets, &request::Say::new("hi"), whole),
            2 => self.request(targets, &request::Listen::new(), whole),
            3 => self.request(targets, &request::StartInteraction::new("hello"), whole),
            4 => self.request(targets, &request::EndInteraction::new(), whole),
            _ => self.request(&[], &request::Terminate::new(), whole),
        }
    }

    fn request<R: RequestBody>(&mut self, targets: &[Urn], body: &R, whole: bool) {
        let options = if whole { RequestOptions::end_of::<R>() } else { RequestOptions::response_to::<R>() };
        if let Ok(op) = self.workflow.request(self.now, targets, body, options) {
            assert_eq!(self.ops.insert(op, 0), None, "the same operation twice");
        }
    }

    fn emit(&mut self, asked: u8, kind: u8) {
        let id = self.requests.get(usize::from(asked)).map(|(_, id)| id.clone());
        let source = places(asked).pop().unwrap_or_else(Urn::server);
        let lifecycle = |kind, source| event::InteractionLifecycle::new(kind, source).into();
        let event: relay_protocol::Event = match kind % 6 {
            0 | 1 => {
                let state = if kind % 6 == 0 { PromptType::Stopped } else { PromptType::Failed };
                let mut prompt = event::Prompt::new(state).source_uri(source);
                prompt.id = id;
                prompt.into()
            }
            2 => {
                let mut speech = event::Speech::new();
                speech.request_id = id;
                speech.into()
            }
            3 => lifecycle(LifecycleType::Started, source),
            4 => lifecycle(LifecycleType::Failed, source),
            _ => lifecycle(LifecycleType::Ended, source),
        };
        _ = self.engine.emit(self.now, event);
    }

    fn drain(&mut self) {
        while let Some(transmit) = self.workflow.poll_transmit() {
            if let Transmit::Text(frame) = transmit {
                assert!(frame.len() <= self.config.max_message_bytes);
                let read = codec::from_workflow(&frame);
                assert!(matches!(read, codec::FromWorkflow::Request { .. }), "{read:?}");
                self.to_engine.push_back(frame);
            }
        }
        while let Some(transmit) = self.engine.poll_transmit() {
            if let Transmit::Text(frame) = transmit {
                let read = codec::from_engine(&frame);
                assert!(!matches!(read, codec::FromEngine::Unrecognised(_)), "{read:?}");
                self.to_workflow.push_back(frame);
            }
        }
        while let Some((op, _)) = self.workflow.poll_completed() {
            *self.ops.get_mut(&op).expect("asked for") += 1;
        }
        while self.workflow.poll_event().is_some() {}
        while let Some(asked) = self.engine.poll_asked() {
            if let Asked::Request { token, id, .. } = asked {
                self.requests.push((token, id));
            }
        }
        assert_eq!((self.workflow.backlog_bytes(), self.engine.backlog_bytes()), (0, 0));
        assert_eq!((self.workflow.outbound_bytes(), self.engine.outbound_bytes()), (0, 0));
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now + time;
        self.workflow.handle_timeout(self.now);
        self.engine.handle_timeout(self.now);
        for due in [self.workflow.poll_timeout(), self.engine.poll_timeout()].into_iter().flatten() {
            assert!(due.0 > self.now, "{due:?} at {:?}", self.now);
        }
    }

    fn check(&self) {
        let config = &self.config;
        // Terminate passes both limits: a device must never be captured for good.
        assert!(self.workflow.in_flight() <= config.max_in_flight + 1);
        assert!(self.workflow.outbound_bytes() <= config.max_outbound_bytes + TERMINATE);
        assert!(self.engine.in_flight() <= config.max_in_flight);
        assert!(self.engine.outbound_bytes() <= config.max_outbound_bytes);
        assert!(self.workflow.backlog_bytes() <= config.max_backlog_bytes);
        assert!(self.engine.backlog_bytes() <= config.max_backlog_bytes);
        if self.workflow.ending().is_some() {
            assert_eq!(self.workflow.in_flight(), 0);
        }
        assert!(self.workflow.closed().is_none() || self.workflow.ending().is_some());
        assert!(self.engine.closed().is_none() || self.engine.ending().is_some());
    }
}

/// Interactions and devices, by the bits of `which`.
fn places(which: u8) -> Vec<Urn> {
    let device = |name: &str| DeviceUrn::name(name).expect("the name is not empty");
    let there = |name: &str, on: &str| {
        InteractionUrn::name(name).expect("the name is not empty").on(&device(on)).into()
    };
    let all =
        [there("hello", "Alice"), there("hello", "Bob"), there("menu", "Alice"), device("Alice").into()];
    all.into_iter().enumerate().filter(|(bit, _)| which & (1 << bit) != 0).map(|(_, urn)| urn).collect()
}

fn answer(kind: u8) -> Response {
    match kind % 5 {
        0 => response::GetVar::new().into(),
        1 => response::Say::new().into(),
        2 => response::Listen::new().into(),
        3 => response::StartInteraction::new().into(),
        _ => response::EndInteraction::new().into(),
    }
}
