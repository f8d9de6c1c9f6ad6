//! Time that passes at once.

use std::time::Duration;

/// Lets `time` pass for everything on this test's runtime, whatever it waits for.
///
/// The clock stands still only inside: with sockets about, a paused clock would run ahead of bytes that are on their
/// way. So whoever calls this makes sure that what should happen before has happened.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
