//! Interprets: what is said in English is spoken in Spanish on somebody else's device.
//!
//! `cargo run --example translate`, then have Relay dial it when somebody says "tell Maria". Its tests need no Relay:
//! `cargo test --example translate`.

use relay_runtime::prelude::*;

/// Passes a sentence on to Maria: "tell Maria room 213 is free".
#[workflow(phrase = "tell maria")]
async fn tell_maria(cx: Context, start: Start<Phrase>) -> Result<()> {
    let spanish = cx.translate(start.spillover(), Language::Spanish).await?;
    let maria = cx.start_interaction(DeviceUrn::name("Maria")?, "translate").await?;
    maria.say(spanish).lang(Language::Spanish).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(tell_maria).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn maria_hears_spanish() {
        let sim = Sim::new().workflow(tell_maria);
        let (alice, maria) = (sim.device("Alice"), sim.device("Maria"));
        alice.speak_to_assistant("tell Maria room 213 is free").await;
        maria.expect_say("[es-ES] room 213 is free").await; // the simulator only marks what is to be translated
        sim.expect_stop(StopReason::Normal).await;
    }
}
