//! A server that is away, and may come back.

use std::time::Duration;

use tokio::time::sleep;

use crate::error::{Exit, Result};

/// The pause before the server is asked again, and what it grows to.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// After a pause, asks until the server answers, or says itself that it does not want to.
///
/// # Errors
///
/// What the server says.
///
/// # Cancel safety
///
/// As that of `ask`.
pub(crate) async fn until_answered<T>(mut ask: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let mut pause = PAUSE;
    loop {
        sleep(pause).await;
        match ask().await {
            Err(error) if matches!(error.exit(), Exit::Unreachable | Exit::Failed) => {}
            answer => return answer,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
