//! What is measured, and for how long.

use std::fmt;
use std::time::Duration;

use anyhow::{Error, Result};
use tokio::time::timeout;

use crate::dial::{Dialler, Transport};
use crate::process::{Command, Process};
use crate::report::{Metric, Sample};
use crate::scenario::{Window, dropped, endurance, idle, requests, sessions, storm};
use crate::tls::Certificate;

/// One row of the results.
pub struct Case {
    scenario: Scenario,
    transport: Transport,
    /// How long is measured, where that is a matter of choice.
    time: Duration,
}

#[derive(Clone, Copy)]
enum Scenario {
    /// Hello sessions, so many at once, each with a prompt of so many milliseconds.
    Sessions { at_once: usize, prompt: u64 },
    /// Connections that each send one request after the other.
    Requests { connections: usize },
    /// One session that sends a hundred requests at once, again and again.
    Fanout,
    /// Sessions that wait for a timer.
    Idle { sessions: usize },
    /// Hello sessions that begin on schedule, so many a second, come what may.
    Storm { rate: u32 },
    /// Sessions whose peer is gone as soon as it has started them.
    Dropped { sessions: usize },
    /// So many hello sessions, one after the other.
    Endurance { sessions: usize },
}

use Scenario::{Dropped, Endurance, Fanout, Idle, Requests, Sessions, Storm};
use Transport::{Ws, Wss, WssResumed};

/// Long enough that a busy official JS SDK has read the answer before the prompt is over.
const PROMPT: u64 = 20;

/// No measurement takes longer, unless its server hangs.
const LONGEST: Duration = Duration::from_secs(180);

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
        case(Requests { connections: 64 }, Ws),
        case(Fanout, Wss),
        case(Idle { sessions: 1_000 }, Wss),
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
    }
    cases.push(case(Sessions { at_once: 64, prompt: PROMPT }, WssResumed));
    cases.push(case(Sessions { at_once: 64, prompt: 0 }, Ws));
    for connections in [1, 64, 1_024] {
        cases.push(case(Requests { connections }, Ws));
        cases.push(case(Requests { connections }, Wss));
    }
    for connections in [100, 10_000] {
        cases.push(case(Requests { connections }, Ws));
    }
    cases.push(case(Fanout, Ws));
    // As many as may be open, if they may not be as many as they should.
    let most = usize::try_from(descriptors.saturating_sub(500)).map_or(50_000, |most| most.min(50_000));
    for sessions in [3_000, 10_000, most] {
        cases.push(case(Idle { sessions }, Ws));
        cases.push(case(Idle { sessions }, Wss));
    }
    for rate in [500, 1_500] {
        cases.push(Case { time: Duration::from_secs(30), ..case(Storm { rate }, Wss) });
    }
    cases.push(case(Dropped { sessions: 4_000 }, Wss));
    cases.push(case(Endurance { sessions: 100_000 }, Ws));
    cases
}

impl Case {
    /// How often it is measured, when others are so many times: what takes long, once.
    pub fn rounds(&self, rounds: usize) -> usize {
        if matches!(self.scenario, Endurance { .. }) { 1 } else { rounds }
    }

    /// Measures a server in a fresh process.
    pub async fn run(&self, command: &Command, certificate: &Certificate) -> Result<Sample> {
        let server = Process::start(command, (self.transport != Ws).then_some(certificate)).await?;
        let dialler = Dialler::new(server.addr, self.transport, certificate)?;
        let sample = timeout(LONGEST, self.load(&server, dialler)).await;
        server.stop().await?;
        // A server that fails as a whole is a result too, and the others still have their turn.
        Ok(sample.map_err(Error::from).flatten().unwrap_or_else(|error| {
            eprintln!("{self} · {}: {error:#}", command.name);
            Sample::from([(Metric::Errors, 1.0)])
        }))
    }

    async fn load(&self, server: &Process, dialler: Dialler) -> Result<Sample> {
        let window = || Window::new(self.time);
        match self.scenario {
            Sessions { at_once, prompt } => {
                sessions::run(server, dialler, at_once, Duration::from_millis(prompt), window()).await
            }
            Requests { connections } => {
                requests::run(server, dialler, requests::RTT, connections, window()).await
            }
            Fanout => requests::run(server, dialler, requests::FANOUT, 1, window()).await,
            Idle { sessions } => idle::run(server, dialler, sessions).await,
            Storm { rate } => {
                storm::run(server, dialler, rate, self.time, Duration::from_millis(PROMPT)).await
            }
            Dropped { sessions } => dropped::run(server, dialler, sessions).await,
            Endurance { sessions } => {
                endurance::run(server, dialler, sessions, Duration::from_millis(PROMPT)).await
            }
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.scenario {
            Sessions { at_once, prompt: 0 } => write!(f, "sessions, {at_once} at once, prompts of 0 ms")?,
            Sessions { at_once, .. } => write!(f, "sessions, {at_once} at once")?,
            Requests { connections: 1 } => write!(f, "requests, 1 connection")?,
            Requests { connections } => write!(f, "requests, {connections} connections")?,
            Fanout => write!(f, "requests, 100 at once in a session")?,
            Idle { sessions } => write!(f, "idle, {sessions} sessions")?,
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
