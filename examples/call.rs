//! Calls somebody, and tells the caller why when nobody can be reached.
//!
//! `cargo run --example call`, then have Relay dial it when somebody says "get me". Its tests need no Relay:
//! `cargo test --example call`.

use relay_runtime::prelude::*;

/// Connects two people: "get me Bob". The workflow lasts as long as they talk.
#[workflow(phrase = "get me")]
async fn connect(cx: Context, start: Start<Phrase>) -> Result<()> {
    let callee = cx.device(DeviceUrn::name(start.spillover())?);
    let mut call = cx.device(start.source()).call(&callee).await?;
    match call.connected().await {
        Ok(_) => call.ended().await.map(drop),
        Err(error) => match error.cause() {
            Some(Cause::Failed(_)) => {
                let device = cx.start_interaction(start.source(), "call").await?;
                device.say(format!("{} does not answer", callee.name().await?)).await
            }
            _ => Err(error),
        },
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(connect).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn the_two_talk() {
        let sim = Sim::new().workflow(connect);
        let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
        alice.speak_to_assistant("get me Bob").await;
        bob.expect_ringing("Alice").await;
        bob.answer().await;
        alice.expect_connected("Bob").await;
        bob.hang_up().await;
        alice.expect_call_ended("normal").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn nobody_is_there() {
        let sim = Sim::new().workflow(connect);
        let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
        alice.speak_to_assistant("get me Bob").await;
        bob.expect_ringing("Alice").await;
        alice.expect_say("Bob does not answer").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
