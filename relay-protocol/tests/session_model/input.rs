//! What can happen to a workflow side, and what it then says, in words small enough to be drawn at random.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;
use relay_protocol::session::Timestamp;

/// The moment so many milliseconds after the beginning.
pub(crate) fn at(millis: u64) -> Timestamp {
    Timestamp::new(Duration::from_millis(millis))
}

/// What the tests ask for; each ends in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    GetVar,
    Say,
    Listen,
    Start,
    End,
    Terminate,
}

/// An interaction on one device: one of two names, one of two devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) menu: bool,
    pub(crate) bob: bool,
}

impl Place {
    /// It alone, or the interaction of this name on the other device as well.
    pub(crate) fn and_other(self, both: bool) -> Vec<Self> {
        let places = [self, Self { bob: !self.bob, ..self }];
        places[..1 + usize::from(both)].to_vec()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Started,
    Stopped,
    Failed,
    Resumed,
}

/// What can happen. Operations are counted from 0; a number that was not given yet is an unknown id.
#[derive(Debug, Clone)]
pub(crate) enum Input {
    /// `both`: on the other device as well. `end`: waits for what really ends it. `patient`: for ever.
    Ask {
        kind: Kind,
        place: Place,
        both: bool,
        end: bool,
        patient: bool,
    },
    Respond(usize),
    RespondOddly(usize),
    Refuse(usize),
    Progress(usize),
    Prompt {
        op: Option<usize>,
        place: Place,
        state: State,
    },
    Speech(Option<usize>),
    Lifecycle {
        place: Place,
        state: State,
    },
    Stop,
    Junk,
    Pong,
    Forget(usize),
    Wait(u64),
    Close,
    Disconnect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Refused,
    Failed,
    NoResponse,
    Unfinished,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    Request(usize),
    Ping,
    Close,
}

pub(crate) const RESPONSE: u64 = 5_000;
pub(crate) const EVENT: u64 = 10_000;
pub(crate) const PING: u64 = 30_000;
pub(crate) const PONG: u64 = 7_000;
pub(crate) const CLOSE: u64 = 3_000;

/// Numbers of operations: mostly given ones, sometimes one to come.
fn op() -> impl Strategy<Value = usize> {
    0..6_usize
}

fn place() -> impl Strategy<Value = Place> {
    any::<(bool, bool)>().prop_map(|(menu, bob)| Place { menu, bob })
}

fn state() -> impl Strategy<Value = State> {
    select(&[State::Started, State::Stopped, State::Stopped, State::Failed, State::Resumed][..])
}

fn ask() -> impl Strategy<Value = Input> {
    let kind = select(&[Kind::GetVar, Kind::Say, Kind::Say, Kind::Listen, Kind::Start, Kind::End][..]);
    (kind, place(), prop::bool::weighted(0.2), prop::bool::weighted(0.8), prop::bool::weighted(0.2))
        .prop_map(|(kind, place, both, end, patient)| Input::Ask { kind, place, both, end, patient })
}

/// Time passes by little, or right up to one of the deadlines.
fn wait() -> impl Strategy<Value = Input> {
    select(&[0, 1, 400, CLOSE, RESPONSE - 1, RESPONSE, PONG, EVENT, PING][..]).prop_map(Input::Wait)
}

pub(crate) fn input() -> impl Strategy<Value = Input> {
    let terminate = Input::Ask {
        kind: Kind::Terminate,
        place: Place { menu: false, bob: false },
        both: false,
        end: true,
        patient: false,
    };
    prop_oneof![
        30 => ask(),
        20 => op().prop_map(Input::Respond),
        3 => op().prop_map(Input::RespondOddly),
        3 => op().prop_map(Input::Refuse),
        5 => op().prop_map(Input::Progress),
        20 => (prop::option::weighted(0.6, op()), place(), state())
            .prop_map(|(op, place, state)| Input::Prompt { op, place, state }),
        6 => prop::option::of(op()).prop_map(Input::Speech),
        12 => (place(), state()).prop_map(|(place, state)| Input::Lifecycle { place, state }),
        12 => wait(),
        2 => Just(Input::Junk),
        2 => Just(Input::Pong),
        2 => op().prop_map(Input::Forget),
        2 => Just(terminate),
        1 => Just(Input::Stop),
        1 => Just(Input::Close),
        1 => Just(Input::Disconnect),
    ]
}
