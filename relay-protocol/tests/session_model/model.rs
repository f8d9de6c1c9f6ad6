//! The workflow side as it should be: every operation in one list, searched from the front. Times are in milliseconds.

use std::collections::VecDeque;

use crate::input::{EVENT, End, Input, Kind, Place, RESPONSE, Sent, State};
use crate::link::{Control, Link};

#[derive(Debug)]
struct Op {
    number: usize,
    kind: Kind,
    place: Place,
    end: bool,
    patient: bool,
    /// Prompts that must still stop.
    prompts: usize,
    /// Where none has stopped.
    playing: Vec<Place>,
    responded: bool,
    deadline: Option<u64>,
}

impl Op {
    fn waits_for(&self, kind: Kind) -> bool {
        self.end && self.kind == kind
    }

    fn arm(&mut self, now: u64) {
        let time = match self.responded || self.waits_for(Kind::Terminate) {
            true => (!self.patient).then_some(EVENT),
            false => Some(RESPONSE),
        };
        self.deadline = time.map(|time| now + time);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) link: Link,
    pub(crate) asked: usize,
    ops: Vec<Op>,
    pub(crate) completed: VecDeque<(usize, End)>,
    /// How many events came, and how many messages that nobody knows.
    pub(crate) heard: VecDeque<bool>,
    pub(crate) requests: VecDeque<usize>,
    terminating: bool,
    stop_due: Option<u64>,
    prompts_have_ids: bool,
}

impl Model {
    pub(crate) fn in_flight(&self) -> usize {
        self.ops.len()
    }

    /// The next moment when something happens by itself.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let stop = self.stop_due.filter(|_| !self.link.over());
        self.ops.iter().filter_map(|op| op.deadline).chain(stop).chain(self.link.deadline()).min()
    }

    pub(crate) fn sent(&mut self) -> Option<Sent> {
        let request = self.requests.pop_front().map(Sent::Request);
        request.or_else(|| {
            Some(match self.link.sent()? {
                Control::Ping => Sent::Ping,
                Control::Close => Sent::Close,
            })
        })
    }

    pub(crate) fn apply(&mut self, input: &Input) {
        match *input {
            Input::Ask { kind, place, both, end, patient } => self.ask(kind, place, both, end, patient),
            Input::Forget(number) => {
                self.ops.retain(|op| op.number != number);
                self.completed.retain(|(done, _)| *done != number);
            }
            Input::Wait(time) => self.wait(time),
            Input::Close => self.end(true),
            Input::Disconnect => {
                self.link.disconnect();
                self.requests.clear();
                self.complete_all();
            }
            _ if self.link.over() => {}
            _ => {
                self.link.heard();
                self.hear(input);
            }
        }
    }

    fn ask(&mut self, kind: Kind, place: Place, both: bool, end: bool, patient: bool) {
        if self.link.over() || self.terminating {
            return;
        }
        let (number, responded, deadline) = (self.asked, false, None);
        let playing = place.and_other(both);
        let prompts = playing.len();
        let mut op = Op { number, kind, place, end, patient, prompts, playing, responded, deadline };
        op.arm(self.link.now);
        if kind == Kind::Terminate {
            (self.terminating, self.stop_due) = (true, op.deadline);
        }
        self.ops.push(op);
        self.requests.push_back(number);
        self.asked += 1;
    }

    fn hear(&mut self, input: &Input) {
        let now = self.link.now;
        match *input {
            Input::Respond(number) | Input::RespondOddly(number) => {
                let odd = matches!(input, Input::RespondOddly(_));
                let Some(op) = self.find(|op| op.number == number) else { return };
                let op = &mut self.ops[op];
                if odd || op.responded || op.kind == Kind::Terminate {
                    return self.heard.push_back(false);
                }
                op.responded = true;
                op.arm(now);
                if !op.end || op.kind == Kind::GetVar {
                    self.complete(|op| op.number == number, End::Done);
                }
            }
            Input::Refuse(number) => self.complete(|op| op.number == number, End::Refused),
            Input::Progress(number) => {
                let Some(op) = self.ops.iter_mut().find(|op| op.number == number) else { return };
                op.arm(now);
                if op.kind == Kind::Terminate {
                    self.stop_due = op.deadline;
                }
            }
            Input::Prompt { op, place, state } => {
                self.heard.push_back(true);
                self.prompts_have_ids |= op.is_some();
                self.prompt(op, place, state);
            }
            Input::Speech(number) => {
                self.heard.push_back(true);
                self.complete(|op| Some(op.number) == number && op.waits_for(Kind::Listen), End::Done);
            }
            Input::Lifecycle { place, state } => {
                self.heard.push_back(true);
                let concerned = |op: &Op, kind| op.waits_for(kind) && op.place == place;
                match state {
                    State::Started => self.complete(|op| concerned(op, Kind::Start), End::Done),
                    State::Failed => self.complete(|op| concerned(op, Kind::Start), End::Failed),
                    State::Stopped => self.complete(|op| concerned(op, Kind::End), End::Done),
                    State::Resumed => {}
                }
            }
            Input::Stop => {
                self.complete(|op| op.waits_for(Kind::Terminate), End::Done);
                self.heard.push_back(true);
                self.end(false);
            }
            Input::Junk => self.heard.push_back(false),
            _ => {}
        }
    }

    fn prompt(&mut self, number: Option<usize>, place: Place, state: State) {
        let ids = self.prompts_have_ids;
        let found = self.find(|op| match number {
            Some(number) => op.number == number && op.waits_for(Kind::Say),
            None => !ids && op.playing.contains(&place) && op.waits_for(Kind::Say),
        });
        let Some(op) = found.map(|at| &mut self.ops[at]) else { return };
        let number = op.number;
        match state {
            State::Stopped => {
                op.prompts -= 1;
                op.playing.retain(|playing| *playing != place);
            }
            State::Failed => return self.complete(|op| op.number == number, End::Failed),
            State::Started | State::Resumed => {}
        }
        if op.prompts == 0 {
            self.complete(|op| op.number == number, End::Done);
        }
    }

    fn wait(&mut self, time: u64) {
        if self.link.wait(time) {
            self.complete_all();
        }
        if self.link.closed {
            self.requests.clear();
        }
        while let Some(at) = self.find(|op| op.deadline.is_some_and(|due| due <= self.link.now)) {
            let op = self.ops.remove(at);
            let ended = op.responded || op.waits_for(Kind::Terminate);
            self.completed.push_back((op.number, if ended { End::Unfinished } else { End::NoResponse }));
        }
        if self.stop_due.is_some_and(|due| due <= self.link.now) {
            self.end(true);
        }
    }

    fn end(&mut self, ours: bool) {
        if !self.link.over() {
            self.link.end(ours);
            self.complete_all();
        }
    }

    fn complete_all(&mut self) {
        self.completed.extend(self.ops.drain(..).map(|op| (op.number, End::Closed)));
    }

    fn find(&self, which: impl Fn(&Op) -> bool) -> Option<usize> {
        self.ops.iter().position(which)
    }

    /// Completes the oldest operation that fits.
    fn complete(&mut self, which: impl Fn(&Op) -> bool, end: End) {
        if let Some(at) = self.find(which) {
            self.completed.push_back((self.ops.remove(at).number, end));
        }
    }
}
