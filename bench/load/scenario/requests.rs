//! Connections that ask and ask.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use relay_protocol::session::Asked;
use relay_protocol::{Request, response};
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use super::crowd::Crowd;
use super::{SESSION_TIMEOUT, Window};
use crate::dial::Dialler;
use crate::peer::Peer;
use crate::process::Process;
use crate::report::Sample;
use crate::stats::Tally;

/// One request at a time.
pub const RTT: &str = "/rtt";
/// A hundred at a time.
pub const FANOUT: &str = "/fanout";

/// More than can be asked within the time.
const ENDLESS: &str = "1000000000";

/// So many connections ask, beside so many that are idle.
pub async fn run(
    server: &Process,
    dialler: Dialler,
    path: &'static str,
    connections: usize,
    idle: usize,
    window: Window,
) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let mut crowd = Crowd::new();
    if idle > 0 {
        crowd.grow(&dialler, idle).await?;
    }
    // Connecting takes its time when there are many, and must not fall into the window.
    let mut dials = JoinSet::new();
    let mut peers = Vec::new();
    for _ in 0..connections {
        let dialler = dialler.clone();
        dials.spawn(async move { Peer::start(&dialler, path).await });
        if dials.len() >= 128 {
            peers.push(dials.join_next().await.context("no dial")???);
        }
    }
    while let Some(peer) = dials.join_next().await {
        peers.push(peer??);
    }

    let window = window.again();
    let workers: JoinSet<Tally> = peers.into_iter().map(|peer| work(peer, window)).collect();
    let cpu = window.cpu(server).await?;
    let mut tally = Tally::default();
    tally.extend(workers.join_all().await);
    Ok(window.sample(tally, cpu))
}

async fn work(mut peer: Peer, window: Window) -> Tally {
    let mut tally = Tally::default();
    // One that hears nothing more would wait for ever.
    let end = window.until + SESSION_TIMEOUT;
    if !matches!(timeout_at(end.into(), answer(&mut peer, window, &mut tally)).await, Ok(Ok(()))) {
        tally.failed();
    }
    tally
}

async fn answer(peer: &mut Peer, window: Window, tally: &mut Tally) -> Result<()> {
    let mut answered = Instant::now();
    while !window.over() {
        let Asked::Request { token, request: Request::GetVar(get), .. } = peer.asked().await? else {
            bail!("not a variable")
        };
        let now = Instant::now();
        match &*get.name {
            "count" => peer.respond(token, response::GetVar::new().value(ENDLESS))?,
            _ => peer.respond(token, response::GetVar::new().value("1"))?,
        }
        if window.counts(now) {
            tally.done(now - answered);
        }
        answered = now;
    }
    Ok(())
}
