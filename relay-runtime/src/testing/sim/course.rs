//! What happens on the platform besides what people do: time, calls from outside, the end.

use std::time::Duration;

use relay_protocol::Event;
use relay_protocol::types::{StopReason, Trigger};
use serde::Serialize;
use tokio::time::{Instant, sleep_until};

use super::Sim;
use crate::testing::expect::{Expectation, Expected, Verdict};
use crate::testing::patience;
use crate::testing::runtime::idle;

impl Sim {
    /// Lets this much time pass, and then everything be done that is due.
    pub async fn advance(&self, time: Duration) {
        let then = Instant::now() + time;
        patience::alive(then);
        sleep_until(then).await;
        idle().await;
    }

    /// Waits until nobody has anything to do at this moment: everybody waits for a later one, or for people.
    pub async fn until_idle(&self) {
        idle().await;
    }

    /// Somebody calls the workflow of this name over HTTP, on behalf of no device; with
    /// [`Device::invoke`](crate::testing::Device::invoke), of one. `args` becomes a JSON object.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::testing::Sim;
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct Order { table: u32 }
    /// # #[workflow(http)]
    /// # async fn order(Args(order): Args<Order>) -> Result<()> { assert_eq!(order.table, 7); Ok(()) }
    /// # relay_runtime::testing::run(async {
    /// let sim = Sim::new().workflow(order);
    /// sim.invoke("order", Order { table: 7 }).await;
    /// # sim.expect_stop(relay_runtime::testing::StopReason::Normal).await;
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// When no workflow of this name has an HTTP trigger, or `args` is no object.
    #[track_caller]
    pub fn invoke(&self, workflow: &str, args: impl Serialize) -> Expectation {
        let invoke = self.world().invocation(workflow, None, args);
        Expectation::new(async move {
            idle().await;
            invoke();
        })
    }

    /// The time has come for which the workflow of this name is registered, whenever that is.
    ///
    /// # Panics
    ///
    /// When no workflow of this name has a timer trigger.
    #[track_caller]
    pub fn fire_schedule(&self, workflow: &str) -> Expectation {
        let fire = self.world().schedule(workflow);
        Expectation::new(async move {
            idle().await;
            fire();
        })
    }

    /// Starts the workflow of this name with any trigger, registered for it or not.
    ///
    /// # Panics
    ///
    /// When there is no workflow of this name.
    #[track_caller]
    pub fn start(&self, workflow: &str, trigger: Trigger) -> Expectation {
        let start = self.world().launch(workflow, trigger);
        Expectation::new(async move {
            idle().await;
            start();
        })
    }

    /// Tells all runs of all workflows something of which the platform does not know by itself: what became of a text
    /// message, or an event that nobody knows the cause of.
    pub async fn send_event(&self, event: impl Into<Event>) {
        idle().await;
        let event = event.into();
        self.world().tell(|state, now| {
            let running: Vec<_> = state.engine.instances().map(|(key, _)| key).collect();
            for instance in running {
                state.engine.report(now, instance, event.clone());
            }
        });
    }

    /// Stops all runs of all workflows, as an operator of the platform can.
    pub async fn stop(&self, reason: impl Into<StopReason>) {
        idle().await;
        let reason = reason.into();
        self.world().tell(|state, now| {
            let running: Vec<_> = state.engine.instances().map(|(key, _)| key).collect();
            for instance in running {
                state.engine.stop(now, instance, reason.clone());
            }
        });
    }

    /// Expects a run of a workflow to end for this reason: the first that has not been expected yet. A run whose handler
    /// has failed does not count as one that ends as it should.
    #[track_caller]
    pub fn expect_stop(&self, reason: StopReason) -> Expectation {
        let expected = Expected::new(format!("a workflow to end: {reason}"));
        expected.wait(self.world().clone(), move |state| match state.news.ended.pop_front() {
            // The platform calls it normal: the workflow has asked to be terminated.
            Some((_, found)) if found == reason => match state.news.failures.pop_front() {
                Some(failure) => Verdict::Failed(failure.to_string()),
                None => Verdict::Met(()),
            },
            Some((name, found)) => Verdict::Failed(format!("{name} ended: {found}")),
            None => Verdict::NotYet,
        })
    }

    /// Expects a handler to fail with a message that holds this. Any other failure of a handler fails the test.
    #[track_caller]
    pub fn expect_failure(&self, part: impl Into<String>) -> Expectation {
        let part = part.into();
        let expected = Expected::new(format!("a handler to fail with {part:?}")).of_failure();
        expected.wait(self.world().clone(), move |state| match state.news.failures.pop_front() {
            Some(failure) if failure.why.contains(&part) => Verdict::Met(()),
            Some(failure) => Verdict::Failed(failure.to_string()),
            None => Verdict::NotYet,
        })
    }
}

/// What nobody expected of a handler is not passed over.
impl Drop for Sim {
    fn drop(&mut self) {
        let failure = self.world.get().and_then(|world| world.lock().news.failures.pop_front());
        if let Some(failure) = failure.filter(|_| !std::thread::panicking()) {
            let world = self.world();
            crate::testing::fail(format!("expected no handler to fail\nbut {failure}\n\n{}", world.report()));
        }
    }
}
