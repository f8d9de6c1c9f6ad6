//! The engine side against its model.

use std::collections::{BTreeMap, VecDeque};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use relay_protocol::codec;
use relay_protocol::session::{Asked, EngineSession, Misuse, Token, Transmit};
use relay_protocol::types::{StopReason, Trigger, TriggerType};
use relay_protocol::{Response, event, request, response};

use crate::input::{CLOSE, PING, PONG, at};
use crate::link::{Control, Link};
use crate::many;
use crate::subject::config;

/// Requests are counted from 0; a number that was not asked yet is a token that was never given.
#[derive(Debug, Clone)]
enum Input {
    /// The workflow asks: for its inbox, or for a variable.
    Ask {
        inbox: bool,
    },
    AskToTerminate,
    /// With an id it must be refused.
    Junk {
        id: bool,
    },
    Pong,
    Start,
    Emit,
    Respond(usize),
    RespondOddly(usize),
    Refuse(usize),
    Progress(usize),
    Stop,
    Wait(u64),
    Close,
    Disconnect,
}

fn input() -> impl Strategy<Value = Input> {
    let request = || 0..6_usize;
    prop_oneof![
        20 => any::<bool>().prop_map(|inbox| Input::Ask { inbox }),
        15 => request().prop_map(Input::Respond),
        3 => request().prop_map(Input::RespondOddly),
        3 => request().prop_map(Input::Refuse),
        3 => request().prop_map(Input::Progress),
        8 => Just(Input::Start),
        8 => Just(Input::Emit),
        8 => select(&[1, CLOSE, PONG, PING][..]).prop_map(Input::Wait),
        2 => any::<bool>().prop_map(|id| Input::Junk { id }),
        2 => Just(Input::Pong),
        1 => Just(Input::AskToTerminate),
        1 => Just(Input::Stop),
        1 => Just(Input::Close),
        1 => Just(Input::Disconnect),
    ]
}

#[derive(Debug, Default)]
struct Model {
    link: Link,
    started: bool,
    asked: usize,
    /// Requests without an answer, and whether each is about the inbox.
    waiting: BTreeMap<usize, bool>,
    /// What the platform is told: the number of a request, or none for anything else.
    told: VecDeque<Option<usize>>,
    frames: VecDeque<String>,
}

impl Model {
    fn apply(&mut self, input: &Input) -> Result<(), Misuse> {
        match *input {
            Input::Wait(time) => {
                self.link.wait(time);
                if self.link.closed {
                    self.frames.clear();
                }
            }
            Input::Close => self.link.end(true),
            Input::Disconnect => {
                self.link.disconnect();
                self.frames.clear();
            }
            Input::Ask { .. } | Input::AskToTerminate | Input::Junk { .. } | Input::Pong => {
                if !self.link.over() {
                    self.link.heard();
                    self.hear(input);
                }
            }
            _ => return self.say(input),
        }
        Ok(())
    }

    /// The end of the session abandons what waits.
    fn in_flight(&self) -> usize {
        if self.link.over() { 0 } else { self.waiting.len() }
    }

    fn hear(&mut self, input: &Input) {
        match *input {
            Input::Ask { inbox } => {
                self.told.push_back(Some(self.asked));
                self.waiting.insert(self.asked, inbox);
                self.asked += 1;
            }
            Input::Junk { id } => {
                self.told.push_back(None);
                self.frames.extend(id.then(|| "error junk".to_owned()));
            }
            Input::AskToTerminate => self.told.push_back(None),
            _ => {}
        }
    }

    fn say(&mut self, input: &Input) -> Result<(), Misuse> {
        let frame = match *input {
            Input::Start if self.started => return Err(Misuse::StartOrder),
            Input::Emit if !self.started => return Err(Misuse::StartOrder),
            Input::Start => "start".to_owned(),
            Input::Emit => "timer".to_owned(),
            // A request that was never asked has no token to begin with.
            Input::Respond(n) | Input::RespondOddly(n) | Input::Refuse(n) | Input::Progress(n)
                if n < self.asked && self.link.over() =>
            {
                return Err(Misuse::Over);
            }
            Input::Respond(n) | Input::RespondOddly(n) | Input::Refuse(n) | Input::Progress(n) => {
                let inbox = *self.waiting.get(&n).ok_or(Misuse::NotAsked)?;
                match input {
                    Input::RespondOddly(_) => {
                        let names = ["inbox_count", "get_var"];
                        let [request, response] = [names[usize::from(!inbox)], names[usize::from(inbox)]];
                        return Err(Misuse::WrongResponse { request, response });
                    }
                    Input::Respond(_) if inbox => format!("inbox_count r{n}"),
                    Input::Respond(_) => format!("get_var r{n}"),
                    Input::Refuse(_) => format!("error r{n}"),
                    _ => format!("progress r{n}"),
                }
            }
            _ => "stop".to_owned(),
        };
        if self.link.over() {
            return Err(Misuse::Over);
        }
        self.frames.push_back(frame);
        match input {
            Input::Respond(n) | Input::Refuse(n) => _ = self.waiting.remove(n),
            Input::Start => self.started = true,
            Input::Stop => self.link.end(true),
            _ => {}
        }
        Ok(())
    }

    fn sent(&mut self) -> Option<String> {
        self.frames.pop_front().or_else(|| {
            Some(match self.link.sent()? {
                Control::Ping => "ping".to_owned(),
                Control::Close => "close".to_owned(),
            })
        })
    }
}

struct Subject {
    session: EngineSession,
    now: u64,
    kinds: Vec<bool>,
    tokens: Vec<Token>,
}

impl Subject {
    fn new() -> Self {
        let session = EngineSession::new(at(0), config());
        Self { session, now: 0, kinds: Vec::new(), tokens: Vec::new() }
    }

    fn apply(&mut self, input: &Input) -> Result<(), Misuse> {
        let now = at(self.now);
        match *input {
            Input::Ask { inbox } => {
                if self.session.ending().is_none() {
                    let id = format!("r{}", self.kinds.len());
                    self.kinds.push(inbox);
                    self.session.handle_text(
                        now,
                        &match inbox {
                            true => codec::encode_request(&id, &[], &request::InboxCount::new()),
                            false => codec::encode_request(&id, &[], &request::GetVar::new("x")),
                        },
                    );
                }
            }
            Input::AskToTerminate => {
                let terminate = codec::encode_request("t", &[], &request::Terminate::new());
                self.session.handle_text(now, &terminate);
            }
            Input::Junk { id: true } => self.session.handle_text(now, r#"{"_id":"junk","_type":"x"}"#),
            Input::Junk { id: false } => self.session.handle_text(now, "{}"),
            Input::Pong => self.session.handle_pong(now),
            Input::Start => {
                return self.session.start(now, event::Start::new(Trigger::new(TriggerType::Http)));
            }
            Input::Emit => return self.session.emit(now, event::Timer::new()),
            Input::Respond(n) => return self.respond(n, true),
            Input::RespondOddly(n) => return self.respond(n, false),
            Input::Refuse(n) => {
                let token = self.token(n)?;
                return self.session.refuse(now, token, "no");
            }
            Input::Progress(n) => {
                let token = self.token(n)?;
                return self.session.progress(now, token);
            }
            Input::Stop => return self.session.stop(now, StopReason::Normal),
            Input::Wait(time) => {
                self.now += time;
                self.session.handle_timeout(at(self.now));
            }
            Input::Close => self.session.close(now, 1001, ""),
            Input::Disconnect => self.session.handle_disconnect(now, None),
        }
        Ok(())
    }

    fn respond(&mut self, n: usize, rightly: bool) -> Result<(), Misuse> {
        let (now, token) = (at(self.now), self.token(n)?);
        let response: Response = match self.kinds[n] == rightly {
            true => response::InboxCount::new(3).into(),
            false => response::GetVar::new().into(),
        };
        self.session.respond(now, token, response)
    }

    /// The platform cannot answer what it was not told.
    fn token(&self, n: usize) -> Result<Token, Misuse> {
        self.tokens.get(n).copied().ok_or(Misuse::NotAsked)
    }

    fn told(&mut self) -> Option<Option<usize>> {
        Some(match self.session.poll_asked()? {
            Asked::Request { token, id, .. } => {
                self.tokens.push(token);
                Some(id[1..].parse().expect("a number"))
            }
            _ => None,
        })
    }

    /// The name of the next message, with the id that it answers.
    fn sent(&mut self) -> Option<String> {
        let frame = match self.session.poll_transmit()? {
            Transmit::Text(frame) => frame,
            Transmit::Ping => return Some("ping".to_owned()),
            _ => return Some("close".to_owned()),
        };
        Some(match codec::from_engine(&frame) {
            codec::FromEngine::Event(event) => event.name().to_owned(),
            codec::FromEngine::Response { id, response } => format!("{} {id}", response.name()),
            codec::FromEngine::Refused { id, .. } => format!("error {id}"),
            codec::FromEngine::Progress { id } => format!("progress {id}"),
            codec::FromEngine::Unrecognised(unrecognised) => panic!("{unrecognised:?}"),
        })
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_engine_side_does_what_its_model_does(steps in vec((input(), 0..4_usize), 0..60)) {
        let (mut model, mut subject) = (Model::default(), Subject::new());
        for (input, drain) in steps {
            // The platform is told at once, so that both know the same requests.
            prop_assert_eq!(subject.apply(&input), model.apply(&input));
            while let Some(told) = subject.told() {
                prop_assert_eq!(Some(told), model.told.pop_front());
            }
            prop_assert!(model.told.is_empty());

            prop_assert_eq!(subject.session.ending().is_some(), model.link.over());
            prop_assert_eq!(subject.session.closed().is_some(), model.link.closed);
            prop_assert_eq!(subject.session.in_flight(), model.in_flight());
            let due = subject.session.poll_timeout().map(|(due, _)| due);
            prop_assert_eq!(due, model.link.deadline().map(at));
            for _ in 0..drain {
                prop_assert_eq!(subject.sent(), model.sent());
            }
        }
    }
}
