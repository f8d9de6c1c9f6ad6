//! Tells where the device is, outside and inside, if it may be known.
//!
//! `cargo run --example location`, then have Relay dial it when somebody says "where am I". Its tests need no Relay:
//! `cargo test --example location`.

use relay_runtime::prelude::*;

/// Tells the person the way they would ask: the room, or else the street.
#[workflow(phrase = "where am i")]
async fn where_am_i(cx: Context, start: Start<Phrase>) -> Result<()> {
    let interaction = cx.start_interaction(start.source(), "where am I").await?;
    let device = interaction.device();
    if !device.location_enabled().await? {
        if interaction.confirm("May I look where you are?").await? != Some(true) {
            return interaction.say("Then I do not know").await;
        }
        device.enable_location().await?;
    }
    let place = match device.indoor_position().await? {
        Some(room) => Some(room),
        None => device.address().refresh().await?,
    };
    interaction.say(place.unwrap_or_else(|| "I do not know".to_owned())).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(where_am_i).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Location, Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn outside_if_i_may() {
        let sim = Sim::new().workflow(where_am_i);
        let alice = sim.device_with("Alice", |info| info.location.address = Some("1 Main Street".into()));
        alice.speak_to_assistant("where am I").await;
        alice.expect_say("May I look where you are?").await;
        alice.speak("yes").await;
        alice.expect_say("1 Main Street").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn inside_first() {
        let sim = Sim::new().workflow(where_am_i);
        let alice = sim.device_with("Alice", |info| info.location_enabled = true);
        let lobby = Location { indoor: Some("Lobby".into()), ..Location::default() };
        alice.move_to(lobby).await;
        alice.speak_to_assistant("where am I").await;
        alice.expect_say("Lobby").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
