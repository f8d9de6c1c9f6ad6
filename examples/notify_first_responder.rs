//! Somebody raises the alarm: the first responder to tap Talk learns where, and joins the person on one channel.
//!
//! `cargo run --example notify_first_responder`, then have Relay dial it for alarms. Its tests need no Relay:
//! `cargo test --example notify_first_responder`.

use relay_runtime::prelude::*;
use relay_runtime::workflow::trigger::Emergency;

/// Brings a responder and the person in need together.
#[workflow(emergency)]
async fn alarm(cx: Context, start: Start<Emergency>) -> Result<()> {
    let person = cx.device(start.source());
    let (name, place) = tokio::try_join!(person.name(), person.indoor_position())?;
    let place = place.unwrap_or_else(|| "an unknown place".to_owned());

    let responders = GroupUrn::name("Responders")?;
    let alert = cx.alert(&responders, format!("{name} has raised the alarm")).originator(&person).await?;
    let first = alert.first().within(mins(5)).tell_others("Somebody is on the way");
    let Some(first) = first.await? else {
        return Err(Error::msg(format!("nobody responds to {name}"))); // ends up in the log and in the metrics
    };

    let responder = cx.start_interaction(&first, "alarm").await?;
    responder.say(format!("{name} is at {place}")).await?;
    responder.end().await?;
    for device in [&person, &responder.device()] {
        device.set_channel("Emergency").suppress_tts().disable_home_channel().await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(alarm).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Location, Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn the_first_responder_is_told_and_joined() {
        let sim = Sim::new().workflow(alarm);
        let alice = sim.device_with("Alice", |info| info.location_enabled = true);
        let (bob, carol) = (sim.device("Bob"), sim.device("Carol"));
        sim.group("Responders", [&bob, &carol]);
        alice.move_to(Location { indoor: Some("Lobby".into()), ..Location::default() }).await;
        alice.raise_alarm().await;
        carol.expect_alert("Alice has raised the alarm").await;
        bob.expect_alert("Alice has raised the alarm").await;
        bob.tap().await;
        carol.expect_broadcast("Somebody is on the way").await;
        bob.expect_say("Alice is at Lobby").await;
        bob.expect_channel("Emergency").await;
        alice.expect_channel("Emergency").await;
        sim.expect_stop(StopReason::Normal).await;
        carol.expect_silence(mins(10)).await;
    }

    #[relay_runtime::test]
    async fn nobody_responds() {
        let sim = Sim::new().workflow(alarm);
        let alice = sim.device_with("Alice", |info| info.location_enabled = true);
        sim.group("Responders", [&sim.device("Bob")]);
        alice.raise_alarm().await;
        sim.expect_failure("nobody responds to Alice").await;
    }
}
