//! A runtime whose clock moves only when nobody has anything to do.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};

use tokio::runtime::Builder;

use super::{fail, patience};

/// Runs a test on this thread, under a clock that stands still while anybody has something to do, and then jumps to the
/// next moment at which somebody has. This is all that [`#[relay_runtime::test]`](macro@crate::test) does.
///
/// ```
/// use relay_runtime::testing;
///
/// let hour = std::time::Duration::from_secs(3600);
/// testing::run(async { tokio::time::sleep(hour).await }); // takes no time
/// ```
///
/// Nobody has anything to do when all tasks wait for each other, for the clock, or for something outside of the program
/// that has not come yet. The clock does not wait for sockets and threads; it does wait for `spawn_blocking`.
///
/// # Panics
///
/// When the test does; when it waits for something that never comes; inside of another runtime.
pub fn run<F: Future>(test: F) -> F::Output {
    let runtime =
        Builder::new_current_thread().enable_all().start_paused(true).on_thread_park(wake_idlers).build();
    let _running = Running::begin();
    match runtime {
        Ok(runtime) => runtime.block_on(patience::watch(test)),
        Err(error) => fail(format!("the operating system has no runtime for the test: {error}")),
    }
}

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };

    /// Those who wait until nobody on this thread has anything to do.
    static IDLERS: RefCell<Vec<(Arc<AtomicBool>, Waker)>> = const { RefCell::new(Vec::new()) };
}

/// Whether this is inside of [`run`].
pub(super) fn is_running() -> bool {
    RUNNING.get()
}

struct Running;

impl Running {
    fn begin() -> Self {
        RUNNING.set(true);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(false);
    }
}

/// The thread is about to sleep: there is nothing left to do at this moment of the clock.
fn wake_idlers() {
    for (idle, waker) in IDLERS.take() {
        idle.store(true, Ordering::Relaxed);
        waker.wake();
    }
}

/// Done when nobody has anything left to do, without the clock moving.
pub(super) async fn idle() {
    let idle = Arc::new(AtomicBool::new(false));
    poll_fn(|cx| {
        if idle.load(Ordering::Relaxed) {
            return Poll::Ready(());
        }
        IDLERS.with_borrow_mut(|idlers| idlers.push((idle.clone(), cx.waker().clone())));
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep};

    use super::*;

    #[test]
    fn idle_comes_after_everything_that_can_be_done_now() {
        run(async {
            let done = Arc::new(AtomicBool::new(false));
            let worker = done.clone();
            tokio::spawn(async move {
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                worker.store(true, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
            });
            let before = Instant::now();
            idle().await;
            assert!(done.load(Ordering::Relaxed));
            assert_eq!(before.elapsed(), Duration::ZERO);
        });
    }

    #[test]
    fn the_result_of_the_test_is_handed_on() {
        assert_eq!(run(async { 5 }), 5);
    }
}
