//! Tells what is known about the device.
//!
//! `cargo run --example device_info`, then have Relay dial it when somebody says "about me". Its tests need no Relay:
//! `cargo test --example device_info`.

use relay_runtime::prelude::*;

/// Tells the person who they are, as far as Relay knows.
#[workflow(phrase = "about me")]
async fn about_me(cx: Context, start: Start<Phrase>) -> Result<()> {
    let interaction = cx.start_interaction(start.source(), "about me").await?;
    let device = interaction.device();
    let (name, model, battery, user) =
        tokio::try_join!(device.name(), device.model(), device.battery().refresh(), device.username())?;
    interaction.say(format!("I am {name}, a {model} with {battery} percent of battery")).await?;
    match user {
        Some(user) => interaction.say(format!("I belong to {user}")).await,
        None => interaction.say("I belong to nobody").await,
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(about_me).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn tells_what_is_known() {
        let sim = Sim::new().workflow(about_me);
        let alice = sim.device_with("Alice", |info| {
            info.battery = 80;
            info.user = Some("Alice Smith".into());
        });
        alice.speak_to_assistant("about me").await;
        alice.expect_say("I am Alice, a relay2 with 80 percent of battery").await;
        alice.expect_say("I belong to Alice Smith").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
