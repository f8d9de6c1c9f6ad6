//! An end for tests that wait for something that never comes.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::fail;
use super::world::World;

/// How long nothing may happen in a test, in virtual time.
const LIMIT: Duration = Duration::from_secs(100 * 24 * 60 * 60);

thread_local! {
    static TEST: RefCell<Test> = const { RefCell::new(Test { alive: None, worlds: Vec::new() }) };
}

struct Test {
    /// When something happened last, or will certainly.
    alive: Option<Instant>,
    worlds: Vec<Weak<World>>,
}

/// Something happens in the test that runs on this thread, now or at that time.
pub(super) fn alive(at: Instant) {
    TEST.with_borrow_mut(|test| test.alive = test.alive.max(Some(at)));
}

/// A simulation belongs to the test that runs on this thread.
pub(super) fn belongs(world: &Arc<World>) {
    TEST.with_borrow_mut(|test| {
        test.worlds.retain(|world| world.strong_count() > 0);
        test.worlds.push(Arc::downgrade(world));
    });
}

/// Runs a test until it ends, or nothing happens any more.
pub(super) async fn watch<T>(test: impl Future<Output = T>) -> T {
    TEST.set(Test { alive: Some(Instant::now()), worlds: Vec::new() });
    tokio::select! {
        biased;
        done = test => done,
        never = nothing_happens() => never,
    }
}

/// Fails while the test is still there, for what it has made to be told about.
async fn nothing_happens<T>() -> T {
    loop {
        let alive = TEST.with_borrow(|test| test.alive).unwrap_or_else(Instant::now);
        if alive + LIMIT <= Instant::now() {
            give_up(&TEST.with_borrow_mut(|test| std::mem::take(&mut test.worlds)));
        }
        sleep_until(alive + LIMIT).await;
    }
}

fn give_up(worlds: &[Weak<World>]) -> ! {
    let reports = worlds.iter().filter_map(|world| Some(world.upgrade()?.report()));
    let reports: Vec<String> = reports.collect();
    fail(format!(
        "the test waits for something that never comes: nothing has happened for 100 days of virtual time\n\n{}",
        reports.join("\n")
    ))
}
