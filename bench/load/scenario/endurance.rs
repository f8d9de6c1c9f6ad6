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

pub async fn run(server: &Process, dialler: Dialler, sessions: usize, prompt: Duration) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    let cpu = server.cpu()?;
    let mut errors = half(&dialler, sessions / 2, prompt).await;
    let resident = server.resident()?;
    errors += half(&dialler, sessions / 2, prompt).await;
    let grown = server.resident()? as f64 - resident as f64;
    let cpu = server.cpu()? - cpu;
    Ok(Sample::from([
        (Metric::Grown, grown / 1024.0),
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / sessions as f64),
        (Metric::Errors, errors as f64),
    ]))
}

/// How many of them failed.
async fn half(dialler: &Arc<Dialler>, sessions: usize, prompt: Duration) -> usize {
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
