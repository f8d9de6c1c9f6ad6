//! Reminds somebody of the tea, again and again until a tap on Talk.
//!
//! `cargo run --example timers`, then have Relay dial it when somebody says "tea". Its tests need no Relay, and no four
//! minutes: `cargo test --example timers`.

use std::sync::OnceLock;

use relay_runtime::prelude::*;

/// Times a tea.
#[derive(Default)]
struct Tea {
    device: OnceLock<Interaction>,
}

#[workflow]
impl Tea {
    #[trigger(phrase = "tea")]
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        let device = cx.start_interaction(start.source(), "tea").await?;
        let device = self.device.get_or_init(|| device);
        cx.timers().set("steeped", mins(4)).await?;
        device.say("I will call you in four minutes").await
    }

    #[on(timer_fired, name = "steeped")]
    async fn steeped(&self, cx: Context) -> Result<()> {
        cx.timers().set("again", secs(30)).repeating().await?;
        self.call().await
    }

    #[on(timer_fired, name = "again")]
    async fn call(&self) -> Result<()> {
        match self.device.get() {
            Some(device) => device.say("Your tea is ready").await,
            None => Ok(()),
        }
    }

    #[on(button)]
    async fn taken(&self, cx: Context) -> Result<()> {
        cx.finish().await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(Tea::default).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn calls_until_somebody_comes() {
        let sim = Sim::new().workflow(Tea::default);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("tea").await;
        alice.expect_say("I will call you in four minutes").await;
        alice.expect_silence(mins(3)).await;
        alice.expect_say("Your tea is ready").await;
        alice.expect_silence(secs(28)).await;
        alice.expect_say("Your tea is ready").await;
        alice.tap().await;
        sim.expect_stop(StopReason::Normal).await;
        alice.expect_silence(mins(60)).await;
    }
}
