//! Workflows tested as their authors would.

use relay_runtime::prelude::*;
use relay_runtime::testing::{Sim, StopReason};

/// Asks for a name and says hello to it.
#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("What is your name?").await?;
    let heard = alice.listen().timeout(secs(30)).await?;
    alice.say(format!("Hello {}", heard.text)).await?;
    Ok(())
}

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
