//! Joins and leaves a group, and tells who is in it.
//!
//! `cargo run --example group`, then have Relay dial it when somebody says "night shift". Its tests need no Relay:
//! `cargo test --example group`.

use relay_runtime::prelude::*;

/// Who is not in the night shift joins it, and who is leaves.
#[workflow(phrase = "night shift")]
async fn night_shift(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "night shift").await?;
    let shift = cx.group(GroupUrn::name("Night shift")?);
    if shift.is_member(&device).await? {
        shift.remove([&device]).await?;
        return device.say("Good night").await;
    }
    shift.add([&device]).await?;
    device.say(format!("Welcome. You are {} now", shift.members().await?.len())).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(night_shift).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn joins_and_leaves() {
        let sim = Sim::new().workflow(night_shift);
        let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
        sim.group("Night shift", [&bob]);
        alice.speak_to_assistant("night shift").await;
        alice.expect_say("Welcome. You are 2 now").await;
        sim.expect_stop(StopReason::Normal).await;
        alice.speak_to_assistant("night shift").await;
        alice.expect_say("Good night").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
