//! Waiting for what a test expects.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::state::State;
use super::world::World;

/// Something that a test expects, or waits for before somebody does something. Await it.
///
/// It panics when something else comes, when a handler fails, or when a day of virtual time has passed.
#[must_use = "nothing is expected until this is awaited"]
pub struct Expectation<T = ()>(Pin<Box<dyn Future<Output = T> + Send>>);

impl<T> Expectation<T> {
    pub(super) fn new(wait: impl Future<Output = T> + Send + 'static) -> Self {
        Self(Box::pin(wait))
    }
}

impl<T> Future for Expectation<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.0.as_mut().poll(cx)
    }
}

impl<T> fmt::Debug for Expectation<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expectation")
    }
}

/// How things stand with an expectation.
pub(super) enum Verdict<T> {
    /// It has come.
    Met(T),
    /// It may still come.
    NotYet,
    /// Something else has come; in words that follow "but".
    Failed(String),
}

/// How long an expectation waits, in virtual time: longer than any timer that a test is likely to have.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// What a test expects, and where.
pub(super) struct Expected {
    /// In words that follow "expected".
    what: String,
    /// Whether a handler that failed is what it waits for.
    of_failure: bool,
    place: &'static Location<'static>,
}

impl Expected {
    #[track_caller]
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), of_failure: false, place: Location::caller() }
    }

    pub(super) fn of_failure(mut self) -> Self {
        self.of_failure = true;
        self
    }

    /// Waits until `check` says that it has come.
    pub(super) fn wait<T: Send + 'static>(
        self,
        world: Arc<World>,
        mut check: impl FnMut(&mut State) -> Verdict<T> + Send + 'static,
    ) -> Expectation<T> {
        Expectation::new(async move {
            let given_up = sleep_until(Instant::now() + PATIENCE);
            tokio::pin!(given_up);
            loop {
                let changed = world.changed.notified();
                let verdict = check(&mut world.lock());
                match verdict {
                    Verdict::Met(met) => return met,
                    Verdict::Failed(why) => self.fail(&world, &why),
                    Verdict::NotYet => self.look_for_failures(&world),
                }
                tokio::select! {
                    () = changed => {}
                    () = &mut given_up => self.fail(&world, "a day later that has not come"),
                }
            }
        })
    }

    /// Waits for this time, in which `check` must find nothing to object to.
    pub(super) fn never(
        self,
        world: Arc<World>,
        time: Duration,
        mut check: impl FnMut(&mut State) -> Option<String> + Send + 'static,
    ) -> Expectation {
        Expectation::new(async move {
            let over = sleep_until(Instant::now() + time);
            tokio::pin!(over);
            loop {
                let changed = world.changed.notified();
                let objection = check(&mut world.lock());
                if let Some(why) = objection {
                    self.fail(&world, &why);
                }
                self.look_for_failures(&world);
                tokio::select! {
                    () = changed => {}
                    () = &mut over => return,
                }
            }
        })
    }

    /// A handler that failed is why nothing comes.
    fn look_for_failures(&self, world: &World) {
        if self.of_failure {
            return;
        }
        let failure = world.lock().news.failures.pop_front();
        if let Some(failure) = failure {
            self.fail(world, &failure.to_string());
        }
    }

    fn fail(&self, world: &World, why: &str) -> ! {
        let Self { what, place, .. } = self;
        super::fail(format!("expected {what}\n  at {place}\nbut {why}\n\n{}", world.report()))
    }
}
