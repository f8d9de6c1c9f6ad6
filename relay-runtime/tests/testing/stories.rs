//! Workflows tested as their authors would.

use relay_runtime::testing::{self, Sim, StopReason};

use crate::workflows::{hello, nap};

#[relay_runtime::test]
async fn greets_by_name() {
    let sim = Sim::new().workflow(hello);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("hello").await;
    alice.expect_say("What is your name?").await;
    alice.speak("Bob").await;
    alice.expect_say("Hello Bob").await;
    sim.expect_stop(StopReason::Normal).await;
}

#[test]
fn greets_without_the_attribute() {
    testing::run(async {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.expect_say_containing("your name").await;
        alice.speak("Bob").await;
        alice.expect_say_matching(|said| said.starts_with("Hello")).await;
        sim.expect_stop(StopReason::Normal).await;
    });
}

#[relay_runtime::test]
async fn two_people_are_greeted_at_once() {
    let sim = Sim::new().workflow(hello);
    let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
    alice.speak_to_assistant("hello").await;
    bob.speak_to_assistant("hello").await;
    alice.expect_say("What is your name?").await;
    bob.expect_say("What is your name?").await;
    bob.speak("Bob").await;
    bob.expect_say("Hello Bob").await;
    alice.speak("Alice").await;
    alice.expect_say("Hello Alice").await;
    sim.expect_stop(StopReason::Normal).await;
    sim.expect_stop(StopReason::Normal).await;
}

#[relay_runtime::test]
async fn wakes_after_an_hour() {
    let sim = Sim::new().workflow(nap);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("wake me").await;
    alice.expect_silence(std::time::Duration::from_secs(3599)).await;
    alice.expect_vibration([0, 500]).await;
    alice.expect_say("Good morning").await;
    sim.expect_stop(StopReason::Normal).await;
}
