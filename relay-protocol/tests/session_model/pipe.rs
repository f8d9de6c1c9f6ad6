//! Both sides joined by a connection that delays, dies or breaks: they always come to an end.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;
use relay_protocol::session::{
    Asked, EngineSession, Op, RequestOptions, SessionConfig, Timestamp, Token, Transmit, WorkflowSession,
};
use relay_protocol::types::{LifecycleType, PromptType, StopReason, Trigger, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Request, RequestBody, Urn, event, request, response};

use crate::input::at;
use crate::many;

proptest! {
    #![proptest_config(many())]

    #[test]
    fn both_sides_always_close(seed: u64, end in any_end()) {
        let mut world = World::new(seed, end);
        while !world.over() {
            prop_assert!(world.now < 1_000_000, "still open after {} s", world.now / 1000);
            world.step();
        }
        world.count_ends();
        prop_assert_eq!(world.workflow.in_flight(), 0);
        prop_assert!(world.asked.values().all(|ends| *ends == 1), "{:?}", world.asked);
    }
}

/// What brings the session to its end, beside what the random actions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Terminate,
    Stop,
    WorkflowCloses,
    EngineCloses,
    /// No side is told: from now on nothing arrives.
    Silence,
    /// Both sides are told at once.
    Reset,
}

fn any_end() -> impl Strategy<Value = End> {
    use End::{EngineCloses, Reset, Silence, Stop, Terminate, WorkflowCloses};
    proptest::sample::select(&[Terminate, Stop, WorkflowCloses, EngineCloses, Silence, Reset][..])
}

#[derive(Debug)]
enum Packet {
    Text(String),
    Ping,
    Pong,
    Close(u16),
    Reset,
}

/// What happens by itself at some time. Fields order it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Action {
    Ask,
    Answer(Token, u8),
    Follow(usize),
    End,
}

struct World {
    now: u64,
    random: u64,
    end: End,
    silent: bool,
    workflow: WorkflowSession,
    engine: EngineSession,
    /// How often each operation has ended.
    asked: BTreeMap<Op, u32>,
    /// What was asked, by token, with its id.
    requests: Vec<(Token, String, Request)>,
    to_workflow: VecDeque<(u64, Packet)>,
    to_engine: VecDeque<(u64, Packet)>,
    actions: Vec<(u64, Action)>,
}

impl World {
    fn new(seed: u64, end: End) -> Self {
        let workflow = WorkflowSession::new(at(0), SessionConfig::default(), &mut || seed);
        let mut engine = EngineSession::new(at(0), SessionConfig::default());
        engine.start(at(0), event::Start::new(Trigger::new(TriggerType::Http))).expect("the first");
        let mut world = Self {
            now: 0,
            random: seed,
            end,
            silent: false,
            workflow,
            engine,
            asked: BTreeMap::new(),
            requests: Vec::new(),
            to_workflow: VecDeque::new(),
            to_engine: VecDeque::new(),
            actions: Vec::new(),
        };
        for _ in 0..world.below(12) {
            world.later(20_000, Action::Ask);
        }
        world.later(40_000, Action::End);
        world
    }

    /// A number below `limit` (splitmix64).
    fn below(&mut self, limit: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn later(&mut self, within: u64, action: Action) {
        let time = self.now + self.below(within);
        self.actions.push((time, action));
    }

    fn over(&self) -> bool {
        self.workflow.closed().is_some() && self.engine.closed().is_some()
    }

    /// Sends what waits, then goes on to the next moment when something happens.
    fn step(&mut self) {
        self.transmit();
        while let Some(asked) = self.engine.poll_asked() {
            self.asked(asked);
        }
        self.count_ends();
        while self.workflow.poll_event().is_some() {}

        let millis = |due: Timestamp| due.elapsed().as_millis() as u64;
        let times = [
            self.to_workflow.front().map(|(time, _)| *time),
            self.to_engine.front().map(|(time, _)| *time),
            self.actions.iter().map(|(time, _)| *time).min(),
            self.workflow.poll_timeout().map(|(due, _)| millis(due)),
            self.engine.poll_timeout().map(|(due, _)| millis(due)),
        ];
        self.now = times.into_iter().flatten().min().unwrap_or(u64::MAX).max(self.now);
        self.workflow.handle_timeout(at(self.now));
        self.engine.handle_timeout(at(self.now));
        self.deliver();
        if let Some(due) = self.actions.iter().position(|(time, _)| *time <= self.now) {
            let (_, action) = self.actions.swap_remove(due);
            self.act(action);
        }
    }

    fn count_ends(&mut self) {
        while let Some((op, _)) = self.workflow.poll_completed() {
            *self.asked.entry(op).or_default() += 1;
        }
    }

    fn transmit(&mut self) {
        while let Some(transmit) = self.workflow.poll_transmit() {
            let packet = self.packet(transmit);
            send(&mut self.to_engine, packet);
        }
        while let Some(transmit) = self.engine.poll_transmit() {
            let packet = self.packet(transmit);
            send(&mut self.to_workflow, packet);
        }
        // Who has closed drops the connection.
        if self.workflow.closed().is_some() && self.engine.closed().is_none() && self.to_engine.is_empty() {
            self.to_engine.push_back((self.now + 1, Packet::Reset));
        }
        if self.engine.closed().is_some() && self.workflow.closed().is_none() && self.to_workflow.is_empty() {
            self.to_workflow.push_back((self.now + 1, Packet::Reset));
        }
        if self.silent {
            self.to_engine.clear();
            self.to_workflow.clear();
        }
    }

    fn packet(&mut self, transmit: Transmit) -> (u64, Packet) {
        let packet = match transmit {
            Transmit::Text(frame) => Packet::Text(frame),
            Transmit::Ping => Packet::Ping,
            Transmit::Close { code, .. } => Packet::Close(code),
            other => panic!("a new thing to send: {other:?}"),
        };
        (self.now + self.below(3) * self.below(500), packet)
    }

    /// What has arrived is heard. A WebSocket library answers pings and close frames by itself.
    fn deliver(&mut self) {
        let now = at(self.now);
        while let Some(packet) = arrived(&mut self.to_workflow, self.now) {
            match packet {
                Packet::Text(frame) => self.workflow.handle_text(now, &frame),
                Packet::Pong => self.workflow.handle_pong(now),
                Packet::Ping => {
                    self.workflow.handle_pong(now);
                    send(&mut self.to_engine, (self.now, Packet::Pong));
                }
                Packet::Close(code) => {
                    self.workflow.handle_disconnect(now, Some(code));
                    send(&mut self.to_engine, (self.now, Packet::Reset));
                }
                Packet::Reset => self.workflow.handle_disconnect(now, None),
            }
        }
        while let Some(packet) = arrived(&mut self.to_engine, self.now) {
            match packet {
                Packet::Text(frame) => self.engine.handle_text(now, &frame),
                Packet::Pong => self.engine.handle_pong(now),
                Packet::Ping => {
                    self.engine.handle_pong(now);
                    send(&mut self.to_workflow, (self.now, Packet::Pong));
                }
                Packet::Close(code) => {
                    self.engine.handle_disconnect(now, Some(code));
                    send(&mut self.to_workflow, (self.now, Packet::Reset));
                }
                Packet::Reset => self.engine.handle_disconnect(now, None),
            }
        }
    }

    /// The platform decides at random what it makes of a request, and when.
    fn asked(&mut self, asked: Asked) {
        match asked {
            Asked::Request { token, id, request, .. } => {
                self.requests.push((token, id, request));
                let follow = Action::Follow(self.requests.len() - 1);
                for _ in 0..self.below(3) {
                    let how = self.below(4) as u8;
                    self.later(7_000, Action::Answer(token, how));
                }
                for _ in 0..self.below(3) {
                    self.later(9_000, follow.clone());
                }
            }
            Asked::Terminate => _ = self.engine.stop(at(self.now), StopReason::Normal),
            other => panic!("the workflow side sends only requests: {other:?}"),
        }
    }

    fn act(&mut self, action: Action) {
        let now = at(self.now);
        match action {
            Action::Ask => self.ask(),
            Action::Answer(token, how) => _ = self.answer(token, how),
            Action::Follow(at) => self.follow(at),
            Action::End => match self.end {
                End::Terminate => self.request(&[], &request::Terminate::new()),
                End::Stop => _ = self.engine.stop(now, StopReason::Error),
                End::WorkflowCloses => self.workflow.close(now, 1001, "enough"),
                End::EngineCloses => self.engine.close(now, 1001, "enough"),
                End::Silence => self.silent = true,
                End::Reset => {
                    self.workflow.handle_disconnect(now, None);
                    self.engine.handle_disconnect(now, None);
                }
            },
        }
    }

    fn ask(&mut self) {
        let (device, interaction) = places();
        match self.below(5) {
            0 => self.request(&[], &request::GetVar::new("x")),
            1 => self.request(&[interaction], &request::Say::new("hello")),
            2 => self.request(&[interaction], &request::Listen::new()),
            3 => self.request(&[device], &request::StartInteraction::new("hello")),
            _ => self.request(&[interaction], &request::EndInteraction::new()),
        }
    }

    fn request<R: RequestBody>(&mut self, target: &[Urn], body: &R) {
        let mut options = RequestOptions::end_of::<R>();
        if self.below(2) == 0 {
            options = options.event_within(Some(Duration::from_secs(5)));
        }
        if let Ok(op) = self.workflow.request(at(self.now), target, body, options) {
            self.asked.insert(op, 0);
        }
    }

    /// Misuse is no harm: most answers come too late for something.
    fn answer(&mut self, token: Token, how: u8) -> Result<(), relay_protocol::session::Misuse> {
        let now = at(self.now);
        let request = self.requests.iter().find(|(asked, ..)| *asked == token).map(|(_, _, request)| request);
        match (how, request) {
            (0, _) => self.engine.progress(now, token),
            (1, _) => self.engine.refuse(now, token, "no"),
            (_, Some(Request::GetVar(_))) => self.engine.respond(now, token, response::GetVar::new()),
            (_, Some(Request::Say(_))) => self.engine.respond(now, token, response::Say::new()),
            (_, Some(Request::Listen(_))) => self.engine.respond(now, token, response::Listen::new()),
            (_, Some(Request::StartInteraction(_))) => {
                self.engine.respond(now, token, response::StartInteraction::new())
            }
            _ => self.engine.respond(now, token, response::EndInteraction::new()),
        }
    }

    /// An event that may end the operation, whether the response is there or not.
    fn follow(&mut self, asked: usize) {
        let (_, id, request) = &self.requests[asked];
        let (now, (_, interaction)) = (at(self.now), places());
        _ = match request {
            Request::Say(_) => {
                let prompt = event::Prompt::new(PromptType::Stopped).source_uri(interaction).id(id);
                self.engine.emit(now, prompt)
            }
            Request::Listen(_) => self.engine.emit(now, event::Speech::new().request_id(id).text("yes")),
            Request::StartInteraction(_) => {
                self.engine.emit(now, event::InteractionLifecycle::new(LifecycleType::Started, interaction))
            }
            _ => self.engine.emit(now, event::InteractionLifecycle::new(LifecycleType::Ended, interaction)),
        };
    }
}

/// What was sent later arrives later.
fn send(queue: &mut VecDeque<(u64, Packet)>, (time, packet): (u64, Packet)) {
    let last = queue.back().map_or(0, |(time, _)| *time);
    queue.push_back((time.max(last), packet));
}

fn arrived(queue: &mut VecDeque<(u64, Packet)>, now: u64) -> Option<Packet> {
    queue.front().filter(|(time, _)| *time <= now)?;
    queue.pop_front().map(|(_, packet)| packet)
}

fn places() -> (Urn, Urn) {
    let alice = DeviceUrn::name("Alice").expect("the name is not empty");
    let interaction = InteractionUrn::name("hello").expect("the name is not empty").on(&alice);
    (alice.into(), interaction.into())
}
