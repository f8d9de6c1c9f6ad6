//! Hello sessions, a fixed number at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{SESSION_TIMEOUT, Window};
use crate::dial::Dialler;
use crate::peer;
use crate::process::Process;
use crate::report::{Metric, Sample};
use crate::stats::Tally;

pub async fn run(
    server: &Process,
    dialler: Dialler,
    at_once: usize,
    prompt: Duration,
    window: Window,
) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let workers: JoinSet<Tally> = (0..at_once).map(|_| work(dialler.clone(), prompt, window)).collect();
    let cpu = window.cpu(server).await?;
    let mut tally = Tally::default();
    tally.extend(workers.join_all().await);
    let mut sample = window.sample(tally, cpu);
    sample.extend(dialler.resumed().map(|percent| (Metric::Resumed, percent)));
    Ok(sample)
}

async fn work(dialler: Arc<Dialler>, prompt: Duration, window: Window) -> Tally {
    let mut tally = Tally::default();
    while !window.over() {
        let begun = Instant::now();
        match timeout(SESSION_TIMEOUT, peer::hello(&dialler, prompt)).await {
            Ok(Ok(())) if window.counts(Instant::now()) => tally.done(begun.elapsed()),
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => tally.failed(),
        }
    }
    tally
}
