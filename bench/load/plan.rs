//! What is measured, and for how long.

use std::fmt;
use std::time::Duration;

use crate::dial::Transport;
use crate::process::Command;

/// One row of the results.
pub struct Case {
    pub scenario: Scenario,
    pub transport: Transport,
    /// How long is measured, where that is a matter of choice.
    pub time: Duration,
}

#[derive(Clone, Copy)]
pub enum Scenario {
    /// Hello sessions, so many at once, each with a prompt of so many milliseconds.
    Sessions { at_once: usize, prompt: u64 },
    /// Connections that each send one request after the other; all that there are, or some of so many sessions.
    Requests { connections: usize, of: usize },
    /// One session that sends a hundred requests at once, again and again.
    Fanout,
    /// Sessions that wait for a timer.
    Idle { sessions: usize },
    /// The same, over fewer connections than sessions.
    Carried { sessions: usize, connections: usize },
    /// Hello sessions that begin on schedule, so many a second, come what may.
    Storm { rate: u32 },
    /// Sessions whose peer is gone as soon as it has started them.
    Dropped { sessions: usize },
    /// So many hello sessions, one after the other.
    Endurance { sessions: usize },
}

use Scenario::{Carried, Dropped, Endurance, Fanout, Idle, Requests, Sessions, Storm};
use Transport::{Ws, Wss, WssResumed};

/// Long enough that a busy official JS SDK has read the answer before the prompt is over.
pub const PROMPT: u64 = 20;

#[derive(Clone, Copy)]
pub enum Extent {
    Quick,
    Full,
}

impl Extent {
    pub fn minutes(self) -> u64 {
        match self {
            Self::Quick => 2,
            Self::Full => 60,
        }
    }

    pub fn rounds(self) -> usize {
        match self {
            Self::Quick => 1,
            Self::Full => 3,
        }
    }

    /// The cases that so many file descriptors allow.
    pub fn cases(self, descriptors: u64) -> Vec<Case> {
        match self {
            Self::Quick => quick(),
            Self::Full => full(descriptors),
        }
    }
}

fn quick() -> Vec<Case> {
    let case = |scenario, transport| Case { scenario, transport, time: Duration::from_millis(600) };
    vec![
        case(Sessions { at_once: 64, prompt: PROMPT }, Wss),
        case(Sessions { at_once: 64, prompt: 0 }, Ws),
        case(Requests { connections: 64, of: 64 }, Ws),
        case(Requests { connections: 64, of: 500 }, Ws),
        case(Fanout, Wss),
        case(Idle { sessions: 1_000 }, Wss),
        case(Carried { sessions: 1_000, connections: 8 }, Wss),
        case(Storm { rate: 100 }, Ws),
        case(Dropped { sessions: 400 }, Wss),
    ]
}

fn full(descriptors: u64) -> Vec<Case> {
    let case = |scenario, transport| Case { scenario, transport, time: Duration::from_secs(4) };
    let mut cases = Vec::new();
    for at_once in [64, 256] {
        cases.push(case(Sessions { at_once, prompt: PROMPT }, Ws));
        cases.push(case(Sessions { at_once, prompt: PROMPT }, Wss));
        cases.push(case(Sessions { at_once, prompt: PROMPT }, WssResumed));
    }
    cases.push(case(Sessions { at_once: 64, prompt: 0 }, Ws));
    for connections in [1, 64, 1_024] {
        cases.push(case(Requests { connections, of: connections }, Ws));
        cases.push(case(Requests { connections, of: connections }, Wss));
    }
    for (connections, of) in [(100, 100), (100, 10_000), (10_000, 10_000)] {
        cases.push(case(Requests { connections, of }, Ws));
    }
    cases.extend([Ws, Wss].map(|transport| case(Fanout, transport)));
    // As many as may be open, if they may not be as many as they should.
    let most = usize::try_from(descriptors.saturating_sub(500)).map_or(50_000, |most| most.min(50_000));
    for sessions in [3_000, 10_000, most] {
        cases.push(case(Idle { sessions }, Ws));
        cases.push(case(Idle { sessions }, Wss));
    }
    cases.push(case(Carried { sessions: 50_000, connections: 64 }, Wss));
    for rate in [500, 1_500] {
        cases.push(Case { time: Duration::from_secs(30), ..case(Storm { rate }, Wss) });
    }
    cases.push(case(Dropped { sessions: 4_000 }, Wss));
    cases.push(case(Endurance { sessions: 100_000 }, Ws));
    cases.push(case(Endurance { sessions: 100_000 }, Wss));
    cases
}

impl Case {
    /// How often it is measured, when others are so many times: what takes long, once.
    pub fn rounds(&self, rounds: usize) -> usize {
        if matches!(self.scenario, Endurance { .. } | Carried { .. }) { 1 } else { rounds }
    }

    /// What to start for a server when it has its turn, if it takes part.
    pub fn command<'a>(&self, server: &'a Command, carried: &'a [Command]) -> Option<&'a Command> {
        match self.scenario {
            Carried { .. } => carried.iter().find(|carried| carried.name == server.name),
            // It would take minutes, and its goal is one for ours.
            Endurance { .. } if server.name == "js" => None,
            _ => Some(server),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scenario {
            Sessions { at_once, prompt: 0 } => write!(f, "sessions, {at_once} at once, prompts of 0 ms")?,
            Sessions { at_once, .. } => write!(f, "sessions, {at_once} at once")?,
            Requests { connections: 1, .. } => write!(f, "requests, 1 connection")?,
            Requests { connections, of } if connections < of => {
                write!(f, "requests, {connections} of {of} connections")?;
            }
            Requests { connections, .. } => write!(f, "requests, {connections} connections")?,
            Fanout => write!(f, "requests, 100 at once in a session")?,
            Idle { sessions } => write!(f, "idle, {sessions} sessions")?,
            Carried { sessions, connections } => {
                write!(f, "idle, {sessions} sessions over {connections} connections")?;
            }
            Storm { rate } => write!(f, "storm, {rate} sessions/s")?,
            Dropped { sessions } => write!(f, "dropped, {sessions} sessions")?,
            Endurance { sessions } => write!(f, "endurance, {sessions} sessions")?,
        }
        f.write_str(match self.transport {
            Ws => ", ws",
            Wss => ", wss",
            WssResumed => ", wss resumed",
        })
    }
}
