//! Counts coffees with the Talk button: one tap more, two taps less, and done when it is held.
//!
//! `cargo run --example buttons`, then have Relay dial it when somebody says "coffee". Its tests need no Relay:
//! `cargo test --example buttons`.

use relay_runtime::prelude::*;
use relay_runtime::types::Taps;

/// Lets somebody count coffees without looking.
#[workflow(phrase = "coffee")]
async fn coffee(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "coffee").color(Color::ORANGE).await?;
    let mut buttons = device.buttons();
    let mut coffees: u32 = 0;
    device.say("Tap for each coffee").await?;
    while let Some(press) = buttons.next().await {
        coffees = match press?.taps {
            Taps::Single => coffees + 1,
            Taps::Double => coffees.saturating_sub(1),
            _ => break,
        };
        device.say(coffees.to_string()).await?;
    }
    device.say(format!("{coffees} coffees")).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(coffee).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn counts_up_and_down() {
        let sim = Sim::new().workflow(coffee);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("coffee").await;
        alice.expect_led_color(Color::ORANGE).await;
        alice.expect_say("Tap for each coffee").await;
        alice.tap().await;
        alice.expect_say("1").await;
        alice.tap().await;
        alice.expect_say("2").await;
        alice.double_tap().await;
        alice.expect_say("1").await;
        alice.long_press().await;
        alice.expect_say("1 coffees").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn taps_are_not_lost_while_the_device_speaks() {
        let sim = Sim::new().workflow(coffee);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("coffee").await;
        alice.tap().await;
        alice.tap().await;
        alice.long_press().await;
        alice.expect_say("Tap for each coffee").await;
        alice.expect_say("1").await;
        alice.expect_say("2").await;
        alice.expect_say("2 coffees").await;
    }
}
