//! Runs a case.

use std::time::Duration;

use anyhow::{Error, Result};
use tokio::time::timeout;

use crate::dial::Dialler;
use crate::dial::Transport::{Ws, WssResumed};
use crate::plan::Scenario::{Carried, Dropped, Endurance, Fanout, Idle, Requests, Sessions, Storm};
use crate::plan::{Case, PROMPT};
use crate::process::{Command, Process};
use crate::report::{Metric, Sample};
use crate::scenario::{Window, dropped, endurance, idle, requests, sessions, storm};
use crate::tls::Certificate;

/// No measurement takes longer, unless its server hangs.
const LONGEST: Duration = Duration::from_secs(300);

impl Case {
    /// Measures a server in a fresh process.
    pub async fn run(&self, command: &Command, certificate: &Certificate) -> Sample {
        let sample = timeout(LONGEST, self.measure(command, certificate)).await;
        // A server that fails as a whole is a result too, and the others still have their turn.
        sample.map_err(Error::from).flatten().unwrap_or_else(|error| {
            eprintln!("{self} · {}: {error:#}", command.name);
            Sample::from([(Metric::Errors, 1.0)])
        })
    }

    async fn measure(&self, command: &Command, certificate: &Certificate) -> Result<Sample> {
        let tickets = (self.transport == WssResumed).then(|| command.with("--tls-tickets"));
        let encrypted = (self.transport != Ws).then_some(certificate);
        let server = Process::start(tickets.as_ref().unwrap_or(command), encrypted).await?;
        let dialler = Dialler::new(server.addr, self.transport, certificate)?;
        let sample = match self.scenario {
            Carried { sessions, connections } => {
                let carrier = carrier(command, certificate, sessions, connections).await?;
                let mut sample = self.load(&server, dialler.carried(connections).await?).await?;
                sample.extend([(Metric::Carrier, carrier)]);
                sample
            }
            _ => self.load(&server, dialler).await?,
        };
        server.stop().await?;
        Ok(sample)
    }

    async fn load(&self, server: &Process, dialler: Dialler) -> Result<Sample> {
        let window = || Window::new(self.time);
        match self.scenario {
            Sessions { at_once, prompt } => {
                sessions::run(server, dialler, at_once, Duration::from_millis(prompt), window()).await
            }
            Requests { connections, of } => {
                requests::run(server, dialler, requests::RTT, connections, of - connections, window()).await
            }
            Fanout => requests::run(server, dialler, requests::FANOUT, 1, 0, window()).await,
            Idle { sessions } | Carried { sessions, .. } => idle::run(server, dialler, sessions).await,
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

/// Resident KiB that a stream takes by being carried.
async fn carrier(
    command: &Command,
    certificate: &Certificate,
    sessions: usize,
    connections: usize,
) -> Result<f64> {
    let server = Process::start(&command.with("--hold"), None).await?;
    let dialler = Dialler::new(server.addr, Ws, certificate)?.carried(connections).await?;
    let size = idle::streams(&server, dialler, sessions).await?;
    server.stop().await?;
    Ok(size)
}
