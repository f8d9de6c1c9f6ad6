//! Counts down with the timer that has no name, which fires again and again.
//!
//! `cargo run --example interval`, then have Relay dial it when somebody says "count down". Its tests need no Relay:
//! `cargo test --example interval`.

use relay_runtime::prelude::*;

/// Says a number every ten seconds.
#[workflow(phrase = "count down")]
async fn count_down(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "count down").await?;
    let mut ticks = cx.events_of::<event::Timer>();
    cx.timers().start(secs(10)).await?;
    for left in (0..3).rev() {
        device.say(format!("{left} to go")).await?;
        ticks.next().await;
    }
    cx.timers().stop().await?;
    device.say("Go").await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(count_down).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn counts_every_ten_seconds() {
        let sim = Sim::new().workflow(count_down);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("count down").await;
        for left in ["2", "1", "0"] {
            alice.expect_say(format!("{left} to go")).await;
            alice.expect_silence(secs(8)).await;
        }
        alice.expect_say("Go").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
