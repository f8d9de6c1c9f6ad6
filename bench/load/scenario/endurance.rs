//! Many sessions in one process: does its memory level off?

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::SESSION_TIMEOUT;
use crate::dial::Dialler;
use crate::peer;
use crate::process::Process;
use crate::report::{Metric, Sample};

const AT_ONCE: usize = 256;

/// How often resident memory is looked at, each time with no session left.
const LOOKS: usize = 10;

pub async fn run(server: &Process, dialler: Dialler, sessions: usize, prompt: Duration) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let cpu = server.cpu()?;
    let (mut errors, mut resident) = (0, Vec::new());
    for _ in 0..LOOKS {
        errors += in_a_row(&dialler, sessions / LOOKS, prompt).await;
        resident.push(server.resident()? as f64 / 1e6);
    }
    let cpu = server.cpu()? - cpu;
    let (half, end) = (resident[LOOKS / 2 - 1], resident[LOOKS - 1]);
    Ok(Sample::from([
        (Metric::Growth, (end - half) * 1e6 / (sessions / 2) as f64),
        (Metric::ResidentAll, end),
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / sessions as f64),
        (Metric::Errors, errors as f64),
    ])
    .with_course(resident))
}

/// How many of them failed.
async fn in_a_row(dialler: &Arc<Dialler>, sessions: usize, prompt: Duration) -> usize {
    let begun = Arc::new(AtomicUsize::new(0));
    let workers: JoinSet<usize> = (0..AT_ONCE)
        .map(|_| {
            let (dialler, begun) = (dialler.clone(), begun.clone());
            async move {
                let mut errors = 0;
                while begun.fetch_add(1, Ordering::Relaxed) < sessions {
                    let session = timeout(SESSION_TIMEOUT, peer::hello(&dialler, prompt)).await;
                    errors += usize::from(!matches!(session, Ok(Ok(()))));
                }
                errors
            }
        })
        .collect();
    workers.join_all().await.into_iter().sum()
}
