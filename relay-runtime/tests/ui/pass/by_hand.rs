//! The table without the attribute, with handlers of either kind.

use std::sync::Arc;

use relay_runtime::extract::{Args, Start};
use relay_runtime::types::{CallDirection, Taps};
use relay_runtime::workflow::trigger::{Http, Trigger};
use relay_runtime::workflow::{Filter, IntoWorkflow, Routes, Workflow};
use relay_runtime::{Context, Result, event};

struct Counter {
    from: u32,
}

impl Workflow for Counter {
    fn routes() -> Routes<Self> {
        Routes::new("counter")
            .path("/count")
            .trigger(Trigger::http(), called)
            .trigger(Trigger::call().direction(CallDirection::Inbound), rung)
            .on(Filter::<event::Button>::new().taps([Taps::Double, Taps::Triple]), pressed)
            .on(Filter::<event::TimerFired>::new().name("nap"), || async {})
    }
}

async fn called(this: Arc<Counter>, Args(by): Args<u32>, start: Start<Http>) -> Result<()> {
    let _ = (this.from + by, start.source());
    Ok(())
}

async fn rung(start: Start) {
    let _ = start;
}

async fn pressed(this: Arc<Counter>, press: event::Button, cx: Context) -> std::result::Result<(), std::fmt::Error> {
    let _ = (this, press, cx);
    Ok(())
}

fn main() {
    let entry = (|| Counter { from: 3 }).into_workflow();
    assert_eq!(entry.manifest().path, "/count");
    let stateless = Routes::<()>::new("hello").story(Trigger::phrase(["hello", "hi"]), rung).into_workflow();
    assert_eq!(stateless.manifest().name, "hello");
}
