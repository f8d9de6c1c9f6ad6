//! Sessions that live and wait, and one event to all of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use relay_protocol::session::Asked;
use relay_protocol::{event, response};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::dial::Dialler;
use crate::peer::Peer;
use crate::process::Process;
use crate::report::{Metric, Sample};
use crate::stats::median;

/// Sessions that are up before memory is counted: code is paged in, allocators have their arenas.
const FIRST: usize = 200;
/// How often the timer fires.
const FIRES: u32 = 3;

pub async fn run(server: &Process, dialler: Dialler, sessions: usize) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let mut peers = open(&dialler, FIRST).await?;
    let before = server.resident()?;
    peers.extend(open(&dialler, sessions - FIRST).await?);
    let resident = server.resident()? - before;

    let cpu = server.cpu()?;
    let mut times = Vec::new();
    for _ in 0..FIRES {
        let fired = Instant::now();
        peers = fire(peers).await?;
        times.push(fired.elapsed().as_secs_f64() * 1e3);
    }
    let cpu = server.cpu()? - cpu;
    let after = server.resident()? - before;

    let grown = (sessions - FIRST) as f64 * 1024.0;
    Ok(Sample::from([
        (Metric::Resident, resident as f64 / grown),
        (Metric::ResidentUsed, after as f64 / grown),
        (Metric::Answered, median(&times)),
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / (f64::from(FIRES) * sessions as f64)),
    ]))
}

async fn open(dialler: &Arc<Dialler>, sessions: usize) -> Result<Vec<Peer>> {
    let mut dials = JoinSet::new();
    let mut peers = Vec::with_capacity(sessions);
    for _ in 0..sessions {
        let dialler = dialler.clone();
        dials.spawn(async move { Peer::start(&dialler, "/idle").await });
        if dials.len() >= 64 {
            peers.push(dials.join_next().await.context("no dial")???);
        }
    }
    while let Some(peer) = dials.join_next().await {
        peers.push(peer??);
    }
    sleep(Duration::from_millis(300)).await; // the server is still at the last of them
    Ok(peers)
}

/// Until the last session has answered.
async fn fire(peers: Vec<Peer>) -> Result<Vec<Peer>> {
    let answers: JoinSet<Result<Peer>> = peers
        .into_iter()
        .map(|mut peer| async move {
            peer.emit(event::Timer::new())?;
            match peer.asked().await? {
                Asked::Request { token, .. } => peer.respond(token, response::GetVar::new().value("1"))?,
                other => bail!("not expected: {other:?}"),
            }
            peer.flush().await?;
            Ok(peer)
        })
        .collect();
    answers.join_all().await.into_iter().collect()
}
