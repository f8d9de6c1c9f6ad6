//! A runtime whose clock is moved by the stage.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use relay_server::clock::Clock;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

/// Runs a test on this thread. tokio's clock stands still until the stage moves it, together with the server's.
pub(crate) fn run<F: Future>(test: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        // While somebody is at work on a thread, tokio does not move the clock by itself. It would, whenever everybody waits
        // for sockets.
        let (at_work, over) = mpsc::channel::<()>();
        spawn_blocking(move || over.recv());
        let done = test.await;
        drop(at_work);
        done
    })
}

/// How often the machine gets a chance to bring something, and how long each takes.
const CHANCES: usize = 5;
const CHANCE: Duration = Duration::from_millis(1);

/// Done when nothing is under way, as far as one can tell. The server knows what it does itself. Everybody else does what is
/// to be done on this thread, as soon as a socket brings it, and on one machine that is at once: but only a pause in real
/// time lets the sockets tell.
pub(super) async fn quiet(clock: &Clock) {
    clock.advance(Duration::ZERO).await.unwrap();
    for _ in 0..CHANCES {
        let _ = spawn_blocking(|| thread::park_timeout(CHANCE)).await;
    }
}
