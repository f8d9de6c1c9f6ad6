//! Says back what was heard, until somebody taps Talk twice.
//!
//! `cargo run --example transcribe`, then have Relay dial it when somebody says "write this down". Its tests need no
//! Relay: `cargo test --example transcribe`.

use relay_runtime::prelude::*;
use relay_runtime::types::Taps;

/// One sentence after the other.
#[workflow(phrase = "write this down")]
async fn transcribe(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "transcribe").await?;
    let mut over = device.next_button().matching(|press| press.taps == Taps::Double);
    device.say("Hold Talk and speak. Tap twice when you are done").await?;
    let mut sentences = Vec::new();
    loop {
        tokio::select! {
            heard = device.listen().timeout(mins(2)) => {
                let heard = heard?;
                if heard.is_silence() {
                    break;
                }
                device.say(&heard.text).await?;
                sentences.push(heard.text);
            }
            press = &mut over => {
                press?;
                break;
            }
        }
    }
    cx.analytics().message(sentences.join(". ")).category("notes").device(&device).await?;
    device.say(format!("{} sentences", sentences.len())).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(transcribe).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn writes_down_sentence_by_sentence() {
        let sim = Sim::new().workflow(transcribe);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("write this down").await;
        alice.expect_say("Hold Talk and speak. Tap twice when you are done").await;
        alice.speak("the tap drips").await;
        alice.expect_say("the tap drips").await;
        alice.speak("the lamp is broken").await;
        alice.expect_say("the lamp is broken").await;
        alice.double_tap().await;
        sim.expect_record("the tap drips. the lamp is broken").await;
        alice.expect_say("2 sentences").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
