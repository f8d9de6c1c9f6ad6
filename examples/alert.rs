//! Alerts a group until the first of them taps Talk. The others hear who it was.
//!
//! `cargo run --example alert`, then have Relay dial it when somebody says "clean up". Its tests need no Relay:
//! `cargo test --example alert`.

use relay_runtime::prelude::*;

/// Finds somebody to clean a room: "clean up room 213".
#[workflow(phrase = "clean up")]
async fn cleanup(cx: Context, start: Start<Phrase>) -> Result<()> {
    let cleaning = GroupUrn::name("Cleaning")?;
    let text = format!("Cleanup needed in {}", start.spillover());
    let alert = cx.alert(&cleaning, text).originator(start.source()).await?;
    if let Some(first) = alert.first().await? {
        let name = cx.device(&first).name().await?;
        cx.broadcast(&cleaning, format!("{name} cleans {}", start.spillover())).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(cleanup).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn the_first_cleans_and_all_know() {
        let sim = Sim::new().workflow(cleanup);
        let (alice, bob, carol) = (sim.device("Alice"), sim.device("Bob"), sim.device("Carol"));
        sim.group("Cleaning", [&bob, &carol]);
        alice.speak_to_assistant("clean up room 213").await;
        bob.expect_alert("Cleanup needed in room 213").await;
        carol.expect_alert("Cleanup needed in room 213").await;
        carol.tap().await;
        bob.expect_broadcast("Carol cleans room 213").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
