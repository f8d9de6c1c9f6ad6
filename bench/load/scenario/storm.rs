//! Hello sessions that begin on schedule, whether the server keeps up or not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use super::SESSION_TIMEOUT;
use crate::dial::Dialler;
use crate::peer;
use crate::process::Process;
use crate::report::{Metric, Sample};
use crate::stats::Tally;

/// Sessions under way at once. A server that far behind has lost; the rest counts as failed.
const MOST: usize = 4_000;

pub async fn run(
    server: &Process,
    dialler: Dialler,
    rate: u32,
    time: Duration,
    prompt: Duration,
) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let cpu = server.cpu()?;
    let begun = Instant::now();
    let mut sessions = JoinSet::new();
    let mut tally = Tally::default();
    for number in 0..(f64::from(rate) * time.as_secs_f64()) as u32 {
        let due = begun + Duration::from_secs(1) * number / rate;
        sleep_until(due.into()).await;
        while let Some(ended) = sessions.try_join_next() {
            count(&mut tally, ended?);
        }
        if sessions.len() >= MOST {
            tally.failed();
            continue;
        }
        let dialler = dialler.clone();
        sessions.spawn(async move {
            let session = timeout(SESSION_TIMEOUT, peer::hello(&dialler, prompt)).await;
            matches!(session, Ok(Ok(()))).then(|| due.elapsed())
        });
    }
    while let Some(ended) = sessions.join_next().await {
        count(&mut tally, ended?);
    }
    let cpu = server.cpu()? - cpu;
    Ok(Sample::from([
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / tally.count() as f64),
        (Metric::P50, tally.percentile(0.5)),
        (Metric::P99, tally.percentile(0.99)),
        (Metric::P999, tally.percentile(0.999)),
        (Metric::Errors, tally.errors() as f64),
    ]))
}

fn count(tally: &mut Tally, session: Option<Duration>) {
    match session {
        Some(latency) => tally.done(latency),
        None => tally.failed(),
    }
}
