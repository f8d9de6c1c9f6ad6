//! What ends the command: Ctrl-C, and being told to.

use std::io;

/// Waits for the first of them. Cancel safe.
#[cfg(unix)]
pub(crate) async fn end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let [mut interrupt, mut terminate, mut hangup] =
        [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?];
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

/// Waits for Ctrl-C. Cancel safe.
#[cfg(not(unix))]
pub(crate) async fn end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
