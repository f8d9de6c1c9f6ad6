use std::sync::atomic::{AtomicU32, Ordering};

use relay_runtime::extract::{Args, Raw, Start, State, Unrecognised};
use relay_runtime::workflow::IntoWorkflow;
use relay_runtime::workflow::trigger::{Http, Phrase};
use relay_runtime::{Context, Event, Result, event, workflow};
use serde::Deserialize;

#[derive(Default)]
struct Checkin {
    presses: AtomicU32,
}

#[derive(Deserialize)]
struct Order {
    #[allow(dead_code)]
    item: String,
}

struct Shop;

/// Checks in.
#[workflow]
impl Checkin {
    const LIMIT: u32 = 3;

    #[trigger(phrase = ["check in", "i am here"])]
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        let _ = (cx, start.spillover());
        Ok(())
    }

    #[trigger(http)]
    async fn called(&self, Args(order): Args<Order>, shop: State<Shop>, start: Start<Http>) -> Result<()> {
        let _ = (order, shop, start.source());
        Ok(())
    }

    #[on(button, taps = [double, triple], interaction = "hello")]
    async fn again(&self, press: event::Button) {
        let _ = press;
        if self.presses.fetch_add(1, Ordering::Relaxed) > Self::LIMIT {
            Self::helper();
        }
    }

    #[on(interaction_started)]
    #[on(interaction_ended, interaction = hello)]
    async fn changed(&self, change: event::InteractionLifecycle, cx: Context) -> std::result::Result<(), std::io::Error> {
        let _ = (cx, change);
        Ok(())
    }

    #[on(timer_fired, name = "nap")]
    #[on(incident, type = resolved)]
    #[on(notification, event = ack_event)]
    async fn several(&self, Raw(event): Raw) {
        let _ = event;
    }

    #[on(any)]
    async fn other(&self, event: Event) {
        let _ = event;
    }

    #[on(unknown)]
    async fn unknown(&self, message: Unrecognised) {
        let _ = message;
    }

    #[cfg(any())]
    #[on(stop)]
    async fn never_compiled(&self, nothing: NoSuchType) {}

    fn helper() {}
}

fn main() {
    let manifest = Checkin::default.into_workflow().manifest().clone();
    assert_eq!(manifest.name, "checkin");
    assert_eq!(manifest.docs, "Checks in.");
    assert_eq!(manifest.triggers.len(), 2);
    assert_eq!(manifest.events.len(), 8);
    let by_closure = (|| Checkin { presses: AtomicU32::new(1) }).into_workflow();
    assert_eq!(by_closure.manifest(), &manifest);
}
