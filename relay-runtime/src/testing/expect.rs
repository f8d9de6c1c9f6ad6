//! Waiting for what a test expects.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::report;
use super::state::State;
use super::world::World;

/// Something that a test expects, or makes a person do once it can be done. Await it.
///
/// It panics when something else comes, or nothing for a day of virtual time.
#[must_use = "nothing is expected until this is awaited"]
pub struct Expectation(Pin<Box<dyn Future<Output = ()> + Send>>);

impl Expectation {
    pub(super) fn new(wait: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Box::pin(wait))
    }
}

impl Future for Expectation {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expectation")
    }
}

/// How things stand with an expectation.
pub(super) enum Verdict {
    /// It has come.
    Met,
    /// It may still come.
    NotYet,
    /// Something else has come; in words that follow "but".
    Failed(String),
}

/// How long an expectation waits, in virtual time. Longer than any timer that a test is likely to have, and short enough
/// that a platform which pings every half a minute gets there in no time.
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
    pub(super) fn wait(
        self,
        world: Arc<World>,
        check: impl FnMut(&mut State) -> Verdict + Send + 'static,
    ) -> Expectation {
        Expectation::new(self.check(world, check))
    }

    async fn check(self, world: Arc<World>, mut check: impl FnMut(&mut State) -> Verdict) {
        let patience = sleep_until(Instant::now() + PATIENCE);
        tokio::pin!(patience);
        loop {
            let changed = world.changed.notified();
            let verdict = check(&mut world.lock());
            match verdict {
                Verdict::Met => return,
                Verdict::Failed(why) => self.fail(&world, &why),
                Verdict::NotYet if !self.of_failure => self.look_for_failures(&world),
                Verdict::NotYet => {}
            }
            tokio::select! {
                () = changed => {}
                () = &mut patience => self.fail(&world, &format!("{PATIENCE:?} later it has not come")),
            }
        }
    }

    /// A handler that fails unexpectedly is why nothing comes.
    fn look_for_failures(&self, world: &World) {
        let failure = world.lock().failures.pop_front();
        if let Some(failure) = failure {
            self.fail(world, &failure.to_string());
        }
    }

    pub(super) fn fail(&self, world: &World, why: &str) -> ! {
        let Self { what, place, .. } = self;
        let report = report::of(&world.lock(), world.now());
        super::fail(format!("expected {what}\n  at {place}\nbut {why}\n\n{report}"))
    }
}
