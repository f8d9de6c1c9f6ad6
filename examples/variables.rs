//! Values of a session: the constants that it was registered with, and some that it sets itself.
//!
//! `cargo run --example variables`, then have Relay dial it when somebody says "shift". Its tests need no Relay:
//! `cargo test --example variables`.

use relay_runtime::prelude::*;
use serde::Deserialize;

/// What is given when the workflow is registered: the same program serves several sites.
#[derive(Deserialize)]
struct Site {
    greeting: String,
    #[serde(default = "eight")]
    hours: u32,
}

const fn eight() -> u32 {
    8
}

/// Greets, and counts the hours that are left.
#[workflow(phrase = "shift")]
async fn shift(cx: Context, start: Start<Phrase>) -> Result<()> {
    let vars = cx.vars();
    let site: Site = vars.all_as().await?;
    let device = cx.start_interaction(start.source(), "shift").await?;
    device.say(&site.greeting).await?;

    vars.set("worked", 3).await?; // other handlers of the session could set it
    let worked: u32 = vars.get("worked").await?.unwrap_or_default();
    device.say(format!("{} hours to go", site.hours.saturating_sub(worked))).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(shift).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn each_site_has_its_greeting() {
        let sim = Sim::new().workflow(shift).args([("greeting", "Good morning")]);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("shift").await;
        alice.expect_say("Good morning").await;
        alice.expect_say("5 hours to go").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn a_site_without_greeting_was_registered_wrongly() {
        let sim = Sim::new().workflow(shift).args([("hours", "4")]);
        sim.device("Alice").speak_to_assistant("shift").await;
        sim.expect_failure("missing field `greeting`").await;
    }
}
