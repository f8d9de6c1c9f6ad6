//! Sessions that live and wait, and one event to all of them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use super::crowd::Crowd;
use crate::dial::Dialler;
use crate::process::Process;
use crate::report::{Metric, Sample};
use crate::stats::median;

/// Sessions that are up before memory is counted: code is paged in, allocators have their arenas.
const FIRST: usize = 200;
/// How often the timer fires.
const FIRES: u32 = 3;

pub async fn run(server: &Process, dialler: Dialler, sessions: usize) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let mut crowd = Crowd::new();
    crowd.grow(&dialler, FIRST).await?;
    let before = server.resident()?;
    crowd.grow(&dialler, sessions - FIRST).await?;
    let resident = server.resident()? - before;

    let cpu = server.cpu()?;
    let (mut times, mut missing) = (Vec::new(), 0);
    for _ in 0..FIRES {
        let answers = crowd.fire().await;
        times.push(answers.time.as_secs_f64() * 1e3);
        missing = missing.max(answers.missing);
    }
    let cpu = server.cpu()? - cpu;
    let after = server.resident()?;

    let grown = (sessions - FIRST) as f64 * 1024.0;
    Ok(Sample::from([
        (Metric::Resident, resident as f64 / grown),
        (Metric::ResidentUsed, (after - before) as f64 / grown),
        (Metric::ResidentAll, after as f64 / 1e6),
        (Metric::Answered, median(&times)),
        (Metric::Unanswered, missing as f64),
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / (f64::from(FIRES) * sessions as f64)),
    ]))
}

/// Resident KiB for each of so many streams on which nothing is said.
pub async fn streams(server: &Process, dialler: Dialler, streams: usize) -> Result<f64> {
    let mut open = Vec::with_capacity(streams);
    let before = server.resident()?;
    for number in 0..streams {
        open.push(dialler.stream(number).await?);
    }
    sleep(Duration::from_secs(1)).await; // nobody tells when the last of them has arrived
    Ok((server.resident()? - before) as f64 / 1024.0 / streams as f64)
}
