//! Plays sounds: one to its end, and one until somebody taps Talk.
//!
//! `cargo run --example audio`, then have Relay dial it when somebody says "music". Its tests need no Relay:
//! `cargo test --example audio`.

use relay_runtime::prelude::*;

/// Plays a tune until it is over or unwanted.
#[workflow(phrase = "music")]
async fn music(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "music").await?;
    device.play("relay-static://emergency").await?; // comes with Relay
    tokio::select! {
        played = device.play("tune.wav") => played, // uploaded with `relay audio create`
        press = device.next_button() => {
            press?;
            device.stop_playback().await
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(music).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn a_tune_ends_by_itself() {
        let sim = Sim::new().workflow(music);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("music").await;
        alice.expect_play("relay-static://emergency").await;
        alice.expect_play("tune.wav").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn or_with_a_tap() {
        let sim = Sim::new().workflow(music);
        sim.sound("tune.wav", mins(60));
        let alice = sim.device("Alice");
        alice.speak_to_assistant("music").await;
        alice.expect_play("relay-static://emergency").await;
        sim.advance(secs(5)).await;
        alice.tap().await;
        alice.expect_play("tune.wav").await; // as much of it as was wanted
        sim.expect_stop(StopReason::Normal).await;
    }
}
