//! A clock that is moved by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use relay_protocol::session::Timestamp;
use tokio::sync::Notify;

use crate::model::UnixMs;

/// Who sleeps on a virtual clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Until when.
    pub until: UnixMs,
    /// The line of the program that sleeps.
    pub whence: &'static Location<'static>,
}

#[derive(Debug)]
pub(super) struct Simulated {
    start: UnixMs,
    state: Mutex<State>,
    /// Nobody is awake.
    idle: Notify,
    /// One at a time moves the clock.
    moving: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    now: Timestamp,
    sleepers: BTreeMap<(Timestamp, u64), Sleeper>,
    /// Woken, but they have not looked yet.
    woken: BTreeSet<u64>,
    /// The woken, and those that are at work.
    awake: usize,
    count: u64,
}

#[derive(Debug)]
struct Sleeper {
    waker: Waker,
    whence: &'static Location<'static>,
}

impl Simulated {
    pub(super) fn new(start: UnixMs) -> Self {
        Self { start, state: Mutex::default(), idle: Notify::new(), moving: tokio::sync::Mutex::default() }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().now
    }

    pub(super) fn wall(&self) -> UnixMs {
        self.start + self.now().elapsed()
    }

    pub(super) fn waiting(&self) -> Vec<Waiting> {
        let waiting = |(&(at, _), sleeper): (&(Timestamp, u64), &Sleeper)| Waiting {
            until: self.start + at.elapsed(),
            whence: sleeper.whence,
        };
        self.state().sleepers.iter().map(waiting).collect()
    }

    pub(super) async fn advance_to(&self, target: Timestamp) {
        let _moving = self.moving.lock().await;
        loop {
            self.all_asleep().await;
            let mut state = self.state();
            let Some(first) = state.sleepers.first_entry().filter(|first| first.key().0 <= target) else {
                state.now = state.now.max(target);
                return;
            };
            let ((at, number), sleeper) = first.remove_entry();
            state.now = state.now.max(at);
            state.woken.insert(number);
            state.awake += 1;
            drop(state);
            sleeper.waker.wake();
        }
    }

    async fn all_asleep(&self) {
        // What was only just made ready may be about to sleep.
        tokio::task::yield_now().await;
        loop {
            let idle = self.idle.notified();
            if self.state().awake == 0 {
                return;
            }
            idle.await;
        }
    }

    /// Whether the sleep is over. Then the caller is awake, until [`release`](Self::release).
    pub(super) fn poll(
        &self,
        at: Timestamp,
        number: &mut Option<u64>,
        whence: &'static Location<'static>,
        waker: &Waker,
    ) -> Poll<()> {
        let mut state = self.state();
        if at <= state.now {
            let counted = number.take().is_some_and(|number| {
                state.sleepers.remove(&(at, number));
                state.woken.remove(&number)
            });
            if !counted {
                state.awake += 1;
            }
            return Poll::Ready(());
        }
        let number = *number.get_or_insert_with(|| {
            state.count += 1;
            state.count
        });
        state.sleepers.insert((at, number), Sleeper { waker: waker.clone(), whence });
        Poll::Pending
    }

    /// Somebody does not want to sleep any longer.
    pub(super) fn forget(&self, at: Timestamp, number: u64) {
        let mut state = self.state();
        state.sleepers.remove(&(at, number));
        if state.woken.remove(&number) {
            self.one_less(state);
        }
    }

    pub(super) fn hold(&self) {
        self.state().awake += 1;
    }

    pub(super) fn release(&self) {
        self.one_less(self.state());
    }

    fn one_less(&self, mut state: MutexGuard<'_, State>) {
        state.awake -= 1;
        if state.awake == 0 {
            drop(state);
            self.idle.notify_waiters();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::mpsc;

    use super::super::{Clock, NotVirtual, Sleep};
    use super::*;

    const START: UnixMs = UnixMs::new(1_800_000_000_000);

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[track_caller]
    fn sleep_on(clock: &Clock, duration: Duration) -> Sleep {
        clock.sleep_until(clock.now() + duration)
    }

    #[tokio::test]
    async fn sleepers_wake_in_order_each_at_its_time() {
        let clock = Clock::virtual_at(START);
        let (woke, mut wakings) = mpsc::unbounded_channel();
        for (name, after) in [("late", 30), ("early", 10), ("too late", 61), ("same", 30)] {
            let (clock, woke) = (clock.clone(), woke.clone());
            tokio::spawn(async move {
                let _awake = sleep_on(&clock, seconds(after)).await;
                let _ = woke.send((name, clock.wall() - START));
            });
        }
        tokio::task::yield_now().await;
        assert_eq!(clock.waiting().unwrap()[0].until, START + seconds(10));
        clock.advance(seconds(60)).await.unwrap();
        let mut seen = Vec::new();
        while let Ok(waking) = wakings.try_recv() {
            seen.push(waking);
        }
        assert_eq!(seen, [("early", seconds(10)), ("late", seconds(30)), ("same", seconds(30))]);
        assert_eq!(clock.wall(), START + seconds(60));
        assert_eq!(clock.waiting().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_clock_waits_for_who_is_awake() {
        let clock = Clock::virtual_at(START);
        let (work, mut works) = mpsc::unbounded_channel::<Duration>();
        let (done, mut wait) = mpsc::unbounded_channel::<()>();
        let ticker = clock.clone();
        tokio::spawn(async move {
            loop {
                let _awake = sleep_on(&ticker, seconds(1)).await;
                let _ = work.send(ticker.now().elapsed());
                if wait.recv().await.is_none() {
                    return;
                }
            }
        });
        let mover = clock.clone();
        let moved = tokio::spawn(async move { mover.advance(seconds(3)).await });
        for second in 1..=3 {
            assert_eq!(works.recv().await, Some(seconds(second)));
            assert_eq!(clock.now().elapsed(), seconds(second));
            done.send(()).unwrap();
        }
        moved.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_sleep_that_is_given_up_holds_up_nothing() {
        let clock = Clock::virtual_at(START);
        let mut given_up = Box::pin(sleep_on(&clock, seconds(1)));
        assert!(futures_util::poll!(given_up.as_mut()).is_pending());
        let kept = given_up;
        let drop_later = clock.clone();
        let move_on = tokio::spawn(async move { drop_later.advance(seconds(2)).await });
        tokio::task::yield_now().await; // it is woken, and nobody looks
        tokio::task::yield_now().await;
        assert!(!move_on.is_finished());
        drop(kept);
        move_on.await.unwrap().unwrap();
        assert!(clock.waiting().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_time_on_the_wall_is_reached_in_one_go() {
        let clock = Clock::virtual_at(START);
        let week = START + seconds(7 * 86_400);
        let sleeper = clock.clone();
        let slept = tokio::spawn(async move {
            let _awake = sleeper.sleep_until_wall(week).await;
            sleeper.wall()
        });
        clock.advance_to(week).await.unwrap();
        assert_eq!(slept.await.unwrap(), week);
        clock.advance_to(START).await.unwrap(); // that is past
        assert_eq!(clock.wall(), week);
    }

    #[tokio::test]
    async fn the_real_clock_goes_by_itself() {
        let clock = Clock::real();
        let before = clock.now();
        let _awake = sleep_on(&clock, Duration::from_millis(1)).await;
        assert!(clock.now() - before >= Duration::from_millis(1));
        assert!(clock.wall() > START - seconds(365 * 86_400));
        assert_eq!(clock.advance(seconds(1)).await, Err(NotVirtual));
        let never = clock.sleep_until(Timestamp::new(Duration::MAX));
        assert!(futures_util::FutureExt::now_or_never(never).is_none());
    }
}
