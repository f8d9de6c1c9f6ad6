//! Calls for help: an incident on the console, and an alert to a group until one of its people taps Talk.
//!
//! `cargo run --example panic_alert`, then have Relay dial it when somebody says "help". Its tests need no Relay:
//! `cargo test --example panic_alert`.

use relay_runtime::prelude::*;

/// Finds somebody who helps.
#[workflow(phrase = "help")]
async fn help(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "help").await?;
    alice.leds().rotate(Color::RED).await?;
    let name = alice.device().name().await?;
    let incident = alice.device().create_incident("help").await?;

    let responders = GroupUrn::name("Responders")?;
    let alert = cx.alert(&responders, format!("{name} needs help")).originator(&alice).await?;
    alice.say("Help has been called").await?;
    match alert.first().within(mins(5)).await? {
        Some(helper) => {
            let helper = cx.device(&helper).name().await?;
            alice.leds().breathe(Color::GREEN).await?;
            alice.say(format!("{helper} is coming")).await?;
            incident.resolve(format!("{helper} went there")).await
        }
        None => alice.say("Nobody has answered. Call from a telephone").await,
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(help).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};
    use relay_runtime::types::LedEffect;

    use super::*;

    #[relay_runtime::test]
    async fn the_first_who_taps_goes() {
        let sim = Sim::new().workflow(help);
        let (alice, bob, carol) = (sim.device("Alice"), sim.device("Bob"), sim.device("Carol"));
        sim.group("Responders", [&bob, &carol]);

        alice.speak_to_assistant("help").await;
        sim.expect_incident("help").await;
        alice.expect_led(LedEffect::Rotate).await;
        bob.expect_alert("Alice needs help").await;
        carol.expect_alert("Alice needs help").await;
        alice.expect_say("Help has been called").await;

        carol.tap().await;
        alice.expect_say("Carol is coming").await;
        alice.expect_led_color(Color::GREEN).await;
        sim.expect_stop(StopReason::Normal).await;
        bob.expect_silence(mins(5)).await;
    }

    #[relay_runtime::test]
    async fn nobody_answers() {
        let sim = Sim::new().workflow(help);
        let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
        sim.group("Responders", [&bob]);
        alice.speak_to_assistant("help").await;
        alice.expect_say("Help has been called").await;
        for _ in 0..10 {
            bob.expect_alert("Alice needs help").await; // every half minute
        }
        alice.expect_say("Nobody has answered. Call from a telephone").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
