//! Peers that are gone as soon as they have started a workflow.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::SESSION_TIMEOUT;
use crate::dial::Dialler;
use crate::peer::{self, Peer};
use crate::process::Process;
use crate::report::{Metric, Sample};

/// Sessions afterwards, which must go as if nothing had been.
const AFTER: usize = 100;

pub async fn run(server: &Process, dialler: Dialler, sessions: usize) -> Result<Sample> {
    let dialler = Arc::new(dialler);
    // Once before, as the first of them make the process grow anyway.
    drop_all(&dialler, sessions / 4).await?;
    let (cpu, resident) = (server.cpu()?, server.resident()?);
    drop_all(&dialler, sessions).await?;
    let cpu = server.cpu()? - cpu;

    let mut errors = 0;
    for _ in 0..AFTER {
        let session = timeout(SESSION_TIMEOUT, peer::hello(&dialler, Duration::from_millis(1))).await;
        errors += usize::from(!matches!(session, Ok(Ok(()))));
    }
    let grown = server.resident()? as f64 - resident as f64;
    Ok(Sample::from([
        (Metric::Cpu, cpu.as_secs_f64() * 1e6 / sessions as f64),
        (Metric::Grown, grown / 1024.0),
        (Metric::Errors, errors as f64),
    ]))
}

async fn drop_all(dialler: &Arc<Dialler>, sessions: usize) -> Result<()> {
    let mut dials = JoinSet::new();
    for _ in 0..sessions {
        let dialler = dialler.clone();
        dials.spawn(async move { Peer::start(&dialler, "/hello").await.map(drop) });
        if dials.len() >= 64 {
            dials.join_next().await.context("no dial")???;
        }
    }
    while let Some(dropped) = dials.join_next().await {
        dropped??;
    }
    Ok(())
}
