//! How much a simulated conversation costs.

use std::fs;
use std::time::{Duration, Instant as RealTime};

use relay_runtime::testing::{self, Sim, StopReason};

use crate::workflows::hello;

const CONVERSATIONS: u32 = 1000;

/// Prints the time, with `--nocapture`; fails only in a release build.
#[test]
fn a_thousand_conversations_take_less_than_a_second() {
    let began = (RealTime::now(), busy());
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
    let took = began.0.elapsed();
    let worked = busy().zip(began.1).map_or(took, |(now, then)| now - then);
    println!("{CONVERSATIONS} conversations took {took:?}, of which {worked:?} on the processor");
    assert!(cfg!(debug_assertions) || worked < Duration::from_secs(1), "it took {worked:?}");
}

/// How long this thread has been on the processor, where the system tells: a machine that is busy with something else is
/// no slower by that.
fn busy() -> Option<Duration> {
    let nanos = fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}
