//! Handlers that the test calls itself.

use std::sync::Arc;

use relay_runtime::event;
use relay_runtime::prelude::*;
use relay_runtime::testing::{Sim, StopReason};
use relay_runtime::types::{ButtonName, Taps, TriggerArgs};

use crate::workflows::hello;

#[relay_runtime::test]
async fn a_story_is_told_without_a_workflow() {
    let sim = Sim::new();
    let alice = sim.device("Alice");
    let start = alice.start(TriggerArgs::new().phrase("hello"));
    let told = sim.spawn(hello(sim.context().await, start));
    alice.expect_say("What is your name?").await;
    alice.speak("Bob").await;
    alice.expect_say("Hello Bob").await;
    told.await.unwrap();
}

struct Prices {
    coffee: u32,
}

/// A handler with a value and an event.
async fn price(cx: Context, State(prices): State<Prices>, press: Button) -> Result<()> {
    if press.taps == Taps::Double {
        cx.vars().set("price", 2 * prices.coffee).await?;
    }
    Ok(())
}

#[relay_runtime::test]
async fn a_handler_gets_whatever_it_wants() {
    let sim = Sim::new();
    let cx = sim.context().await;
    let prices = State(Arc::new(Prices { coffee: 3 }));
    price(cx.clone(), prices, event::Button::new(ButtonName::Action, Taps::Double)).await.unwrap();
    assert_eq!(cx.vars().get::<u32>("price").await.unwrap(), Some(6));
    cx.finish().await.unwrap();
    sim.expect_stop(StopReason::Normal).await;
}

#[test]
fn a_panic_in_what_was_spawned_fails_the_test() {
    let panic = std::panic::catch_unwind(|| {
        relay_runtime::testing::run(async {
            let sim = Sim::new();
            let alice = sim.device("Alice");
            let _spawned = sim.spawn(async { panic!("no more coffee") });
            alice.expect_say("Hello").await;
        });
    });
    let panic = panic.unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("\nbut test failed in `spawn`: panicked: no more coffee\n"), "{text}");
}
