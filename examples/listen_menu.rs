//! A choice that can be said or tapped, asked again when it was not understood.
//!
//! `cargo run --example listen_menu`, then have Relay dial it when somebody says "breakfast". Its tests need no Relay:
//! `cargo test --example listen_menu`.

use relay_runtime::prelude::*;

/// Takes an order for breakfast.
#[workflow(phrase = "breakfast")]
async fn breakfast(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "breakfast").await?;
    let eggs = device
        .menu("Boiled, fried or none? Say it, or tap that many times")
        .again("Sorry? Boiled, fried or none")
        .choice("boiled", 4)
        .choice("fried", 3)
        .choice("none", 0)
        .timeout(secs(20))
        .attempts(2)
        .await?;
    match eggs {
        Some(0) => device.say("Coffee will do").await,
        Some(minutes) => device.say(format!("Your eggs need {minutes} minutes")).await,
        None => device.say("Come back when you are awake").await,
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(breakfast).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    const QUESTION: &str = "Boiled, fried or none? Say it, or tap that many times";

    #[relay_runtime::test]
    async fn said() {
        let sim = Sim::new().workflow(breakfast);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("breakfast").await;
        alice.expect_say(QUESTION).await;
        alice.speak("Boiled").await;
        alice.expect_say("Your eggs need 4 minutes").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn tapped_before_the_question_is_over() {
        let sim = Sim::new().workflow(breakfast);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("breakfast").await;
        alice.expect_channel("breakfast").await;
        alice.double_tap().await;
        alice.expect_say(QUESTION).await;
        alice.expect_say("Your eggs need 3 minutes").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn asked_twice_in_vain() {
        let sim = Sim::new().workflow(breakfast);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("breakfast").await;
        alice.expect_say(QUESTION).await;
        alice.expect_say("Sorry? Boiled, fried or none").await;
        alice.expect_say("Come back when you are awake").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
