//! What becomes of a workflow process once there is a newer one: it stays until its last session is over.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use super::generation::Generation;
use crate::client::Client;

/// How long a process without sessions may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is looked whether a process still has sessions. An instance is listed for a moment after its end was told.
const LOOK: Duration = Duration::from_secs(1);

/// Waits until no instance is left that was dialled at this process, then ends it. A program of another SDK would cut its
/// sessions if it were told to end before that. `ended` changes whenever an instance ends,
/// so that it is mostly noticed at once.
pub(crate) async fn retire(client: &Client, mut process: Generation, mut ended: watch::Receiver<u64>) {
    loop {
        ended.mark_unchanged();
        if !is_busy(client, &process).await {
            break;
        }
        tokio::select! {
            _ = timeout(LOOK, ended.changed()) => {}
            _ = process.ended() => return,
        }
    }
    process.drain().await;
    let _ = timeout(PATIENCE, process.ended()).await;
    process.end().await;
}

async fn is_busy(client: &Client, process: &Generation) -> bool {
    let Ok(live) = client.get(&["v1", "instances"]).send().await else { return false };
    let mut live = live.as_array().into_iter().flatten();
    live.any(|instance| instance["uri"].as_str().is_some_and(|uri| process.serves(uri)))
}
