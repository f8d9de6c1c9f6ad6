//! What has happened must be written, also when the store does not take it at once.

use std::future::Future;
use std::time::Duration;

use super::StoreError;

/// Pauses before a write is tried again: a disk is full until somebody makes room.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Writes again and again until it is taken, or refused for good. `what` is for the log.
///
/// # Errors
///
/// One that no time would mend.
pub(crate) async fn insist<F>(what: &str, write: impl Fn() -> F) -> Result<(), StoreError>
where
    F: Future<Output = Result<(), StoreError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        match write().await {
            Err(error) if error.may_pass() => {
                tracing::error!("{what} cannot be written, trying on: {error}");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            done => return done,
        }
    }
}
