//! Makes a person the user of the device that they have picked up.
//!
//! `cargo run --example login`, then have Relay dial it when somebody says "log in". Its tests need no Relay:
//! `cargo test --example login`.

use relay_runtime::prelude::*;

/// Logs somebody in: "log in Alice Smith", or just "log in".
#[workflow(phrase = "log in")]
async fn login(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "log in").await?;
    let name = match start.spillover() {
        "" => device.ask("Who are you?").attempts(2).await?.text,
        name => name.to_owned(),
    };
    if name.is_empty() {
        return device.say("Then another time").await;
    }
    device.device().set_username(&name).force().await?;
    device.device().set_name(&name).await?;
    device.say(format!("Welcome, {name}")).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(login).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn the_name_comes_with_the_phrase() {
        let sim = Sim::new().workflow(login);
        let device = sim.device("Device 3");
        device.speak_to_assistant("log in alice").await;
        device.expect_say("Welcome, alice").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn or_is_asked_for() {
        let sim = Sim::new().workflow(login);
        let device = sim.device("Device 3");
        device.speak_to_assistant("log in").await;
        device.expect_say("Who are you?").await;
        device.speak("Bob").await;
        device.expect_say("Welcome, Bob").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
