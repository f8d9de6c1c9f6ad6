//! Reacts to tags: a watchman's round, in which each checkpoint has one on its wall.
//!
//! `cargo run --example nfc`, then have Relay dial it for tags of the category "checkpoint". Its tests need no Relay:
//! `cargo test --example nfc`.

use relay_runtime::prelude::*;
use relay_runtime::workflow::trigger::Nfc;

/// Keeps a record of who was where, and says what comes next.
#[workflow(nfc, category = "checkpoint")]
async fn checkpoint(cx: Context, start: Start<Nfc>) -> Result<()> {
    let place = start.content("label").unwrap_or("an unknown place");
    let watchman = cx.start_interaction(start.source(), "checkpoint").await?;
    watchman.leds().flash(Color::GREEN).times(2).await?;
    cx.analytics().message(format!("was at {place}")).category("round").device(&watchman).await?;
    match start.content("next") {
        Some(next) => watchman.say(format!("This is {place}. Go on to {next}")).await,
        None => watchman.say(format!("This is {place}. The round is done")).await,
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(checkpoint).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn a_round_is_a_way_from_tag_to_tag() {
        let sim = Sim::new().workflow(checkpoint);
        sim.tag("04:01", [("category", "checkpoint"), ("label", "the gate"), ("next", "the roof")]);
        sim.tag("04:02", [("category", "checkpoint"), ("label", "the roof")]);
        sim.tag("04:03", [("category", "door")]);
        let alice = sim.device("Alice");
        alice.scan("04:01").await;
        sim.expect_record("was at the gate").await;
        alice.expect_say("This is the gate. Go on to the roof").await;
        sim.expect_stop(StopReason::Normal).await;
        alice.scan("04:03").await; // none of ours
        alice.scan("04:02").await;
        alice.expect_say("This is the roof. The round is done").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
