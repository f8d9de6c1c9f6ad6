//! How much a simulated conversation costs.

use std::time::{Duration, Instant as RealTime};

use relay_runtime::testing::{self, Sim, StopReason};

use crate::workflows::hello;

const CONVERSATIONS: u32 = 1000;

/// Prints the time, with `--nocapture`; fails only in a release build.
#[test]
fn a_thousand_conversations_take_less_than_a_second() {
    let began = RealTime::now();
    for _ in 0..CONVERSATIONS {
        testing::run(async {
            let sim = Sim::new().workflow(hello);
            let alice = sim.device("Alice");
            alice.speak_to_assistant("hello").await;
            alice.expect_say("What is your name?").await;
            alice.speak("Bob").await;
            alice.expect_say("Hello Bob").await;
            sim.expect_stop(StopReason::Normal).await;
        });
    }
    let took = began.elapsed();
    println!("{CONVERSATIONS} conversations took {took:?}, one {:?}", took / CONVERSATIONS);
    assert!(cfg!(debug_assertions) || took < Duration::from_secs(1), "it took {took:?}");
}
