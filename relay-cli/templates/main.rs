//! A Relay workflow. Try it: `cargo test`; run it against a server of its own: `relay dev`.

use relay_runtime::prelude::*;

/// Asks for a name and says hello to it.
#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "hello").await?;
    device.say("What is your name?").await?;
    let heard = device.listen().timeout(secs(30)).await?;
    device.say(format!("Hello {heard}")).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(hello).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn greets_by_name() {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.expect_say("What is your name?").await;
        alice.speak("Bob").await;
        alice.expect_say("Hello Bob").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
