//! The real workflow side, driven by the same words as the model.

use std::collections::HashMap;
use std::time::Duration;

use relay_protocol::codec;
use relay_protocol::session::{
    Failure, Incoming, Op, Outcome, Refused, RequestOptions, SessionConfig, Timestamp, Transmit,
    WorkflowSession,
};
use relay_protocol::types::{LifecycleType, PromptType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{RequestBody, Response, Urn, event, request, response};

use crate::input::{CLOSE, EVENT, End, Input, Kind, PING, PONG, Place, RESPONSE, Sent, State, at};

pub(crate) struct Subject {
    pub(crate) session: WorkflowSession,
    now: u64,
    kinds: Vec<Kind>,
    ops: HashMap<Op, usize>,
}

pub(crate) fn config() -> SessionConfig {
    let mut config = SessionConfig::default();
    config.ping_interval = Some(Duration::from_millis(PING));
    config.ping_timeout = Duration::from_millis(PONG);
    config.close_timeout = Duration::from_millis(CLOSE);
    config
}

impl Subject {
    pub(crate) fn new(config: SessionConfig) -> Self {
        let session = WorkflowSession::new(at(0), config, &mut || SESSION);
        Self { session, now: 0, kinds: Vec::new(), ops: HashMap::new() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        at(self.now)
    }

    pub(crate) fn apply(&mut self, input: &Input) {
        let now = self.now();
        match *input {
            Input::Ask { kind, place, both, end, patient } => self.ask(kind, place, both, end, patient),
            Input::Respond(op) => {
                self.hear(&codec::encode_response(&id(op), &response_to(self.kinds.get(op))))
            }
            Input::RespondOddly(op) => self.hear(&codec::encode_response(&id(op), &odd())),
            Input::Refuse(op) => self.hear(&codec::encode_error(&id(op), "no")),
            Input::Progress(op) => self.hear(&codec::encode_progress(&id(op))),
            Input::Prompt { op, place, state } => {
                let mut prompt = event::Prompt::new(match state {
                    State::Started => PromptType::Started,
                    State::Stopped => PromptType::Stopped,
                    State::Failed => PromptType::Failed,
                    State::Resumed => PromptType::from("resumed"),
                })
                .source_uri(interaction(place));
                prompt.id = op.map(id);
                self.hear(&codec::encode_event(&prompt.into()));
            }
            Input::Speech(op) => {
                let mut speech = event::Speech::new().text("yes");
                speech.request_id = op.map(id);
                self.hear(&codec::encode_event(&speech.into()));
            }
            Input::Lifecycle { place, state } => {
                let kind = match state {
                    State::Started => LifecycleType::Started,
                    State::Stopped => LifecycleType::Ended,
                    State::Failed => LifecycleType::Failed,
                    State::Resumed => LifecycleType::Resumed,
                };
                let lifecycle = event::InteractionLifecycle::new(kind, interaction(place));
                self.hear(&codec::encode_event(&lifecycle.into()));
            }
            Input::Stop => self.hear(&codec::encode_event(&event::Stop::new().into())),
            Input::Junk => self.hear(r#"{"_type":"wf_api_unheard_of_event"}"#),
            Input::Pong => self.session.handle_pong(now),
            Input::Forget(number) => {
                if let Some((&op, _)) = self.ops.iter().find(|(_, n)| **n == number) {
                    self.session.forget(op);
                }
            }
            Input::Wait(time) => {
                self.now += time;
                self.session.handle_timeout(self.now());
            }
            Input::Close => self.session.close(now, 1001, "going away"),
            Input::Disconnect => self.session.handle_disconnect(now, None),
        }
    }

    fn hear(&mut self, frame: &str) {
        self.session.handle_text(self.now(), frame);
    }

    fn ask(&mut self, kind: Kind, place: Place, both: bool, end: bool, patient: bool) {
        let places = place.and_other(both);
        let interactions: Vec<_> = places.iter().map(|place| interaction(*place)).collect();
        let devices: Vec<_> = places.iter().map(|place| device(place.bob).into()).collect();
        let asked = match kind {
            Kind::GetVar => self.send(&[], &request::GetVar::new("x"), end, patient),
            Kind::Say => self.send(&interactions, &request::Say::new("hi"), end, patient),
            Kind::Listen => self.send(&interactions, &request::Listen::new(), end, patient),
            Kind::Start => self.send(&devices, &request::StartInteraction::new(name(place)), end, patient),
            Kind::End => self.send(&interactions, &request::EndInteraction::new(), end, patient),
            Kind::Terminate => self.send(&[], &request::Terminate::new(), end, patient),
        };
        if let Ok(op) = asked {
            self.ops.insert(op, self.kinds.len());
            self.kinds.push(kind);
        }
    }

    fn send<R: RequestBody>(
        &mut self,
        target: &[Urn],
        body: &R,
        end: bool,
        patient: bool,
    ) -> Result<Op, Refused> {
        let options = if end { RequestOptions::end_of::<R>() } else { RequestOptions::response_to::<R>() };
        let options = options
            .response_within(Duration::from_millis(RESPONSE))
            .event_within((!patient).then_some(Duration::from_millis(EVENT)));
        self.session.request(self.now(), target, body, options)
    }

    pub(crate) fn asked(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn completed(&mut self) -> Option<(usize, End)> {
        let (op, outcome) = self.session.poll_completed()?;
        Some((self.ops[&op], end(&outcome)))
    }

    /// Whether the next thing heard is an event of the schema.
    pub(crate) fn heard(&mut self) -> Option<bool> {
        self.session.poll_event().map(|incoming| matches!(incoming, Incoming::Event(_)))
    }

    pub(crate) fn sent(&mut self) -> Option<Sent> {
        Some(match self.session.poll_transmit()? {
            Transmit::Text(frame) => Sent::Request(number(&frame)),
            Transmit::Ping => Sent::Ping,
            _ => Sent::Close,
        })
    }
}

const SESSION: u64 = 0x5e55_1071;

fn id(op: usize) -> String {
    format!("{SESSION:016x}{op:016x}")
}

fn number(frame: &str) -> usize {
    let codec::FromWorkflow::Request { id, .. } = codec::from_workflow(frame) else {
        panic!("sent what nobody can read: {frame}")
    };
    usize::from_str_radix(&id[16..], 16).expect("an id of this session")
}

fn response_to(kind: Option<&Kind>) -> Response {
    match kind {
        Some(Kind::Say) => response::Say::new().into(),
        Some(Kind::Listen) => response::Listen::new().into(),
        Some(Kind::Start) => response::StartInteraction::new().into(),
        Some(Kind::End) => response::EndInteraction::new().into(),
        Some(Kind::Terminate) => odd(), // it has none
        Some(Kind::GetVar) | None => response::GetVar::new().into(),
    }
}

/// A response to what nobody asks here.
fn odd() -> Response {
    response::CreateIncident::new("odd").into()
}

fn end(outcome: &Outcome) -> End {
    match outcome {
        Ok(_) => End::Done,
        Err(Failure::Refused { .. }) => End::Refused,
        Err(Failure::Failed { .. }) => End::Failed,
        Err(Failure::NoResponse { .. }) => End::NoResponse,
        Err(Failure::NoEnd { .. }) => End::Unfinished,
        Err(Failure::Closed(_)) => End::Closed,
        Err(other) => panic!("a new kind of failure: {other}"),
    }
}

fn name(place: Place) -> &'static str {
    if place.menu { "menu" } else { "hello" }
}

fn device(bob: bool) -> DeviceUrn {
    DeviceUrn::name(if bob { "Bob" } else { "Alice" }).expect("the name is not empty")
}

fn interaction(place: Place) -> Urn {
    InteractionUrn::name(name(place)).expect("the name is not empty").on(&device(place.bob)).into()
}
