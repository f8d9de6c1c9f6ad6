//! Workflows to be tested.

use relay_runtime::Vibration;
use relay_runtime::prelude::*;

/// Asks for a name and says hello to it.
#[workflow(phrase = "hello")]
pub(crate) async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("What is your name?").await?;
    let heard = alice.listen().timeout(secs(30)).await?;
    alice.say(format!("Hello {heard}")).await
}

/// Wakes people after an hour.
#[workflow(phrase = "wake me")]
pub(crate) async fn nap(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "nap").await?;
    cx.timers().set("nap", mins(60)).await?;
    cx.timers().fired("nap").await?;
    alice.vibrate(Vibration::new().pulse(millis(500))).await?;
    alice.say("Good morning").await
}

/// Fails in all ways.
#[workflow(phrase = ["panic", "fail", "wait"])]
pub(crate) async fn broken(cx: Context, start: Start<Phrase>) -> Result<()> {
    match start.phrase() {
        "panic" => panic!("the roof is on fire"),
        "fail" => Err(Error::msg("out of paper")),
        _ => {
            cx.vars().set("mood", "patient").await?;
            std::future::pending().await
        }
    }
}
