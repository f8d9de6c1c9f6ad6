//! Sessions that talk to each other: what a guest wants is offered to all who are on duty, and the first to tap brings it.
//!
//! `cargo run --example signals`, then have Relay dial it when somebody says "on duty", and when somebody says "bring".
//! Its tests need no Relay: `cargo test --example signals`.

use std::sync::Arc;

use relay_runtime::Signals;
use relay_runtime::prelude::*;
use tokio::sync::SetOnce;
use tokio::time::timeout;

/// Something to be brought, and the name of who does.
#[derive(Debug, Clone)]
struct Errand {
    what: String,
    taker: Arc<SetOnce<String>>,
}

/// Asks those on duty to bring something: "bring two towels".
#[workflow(phrase = "bring")]
async fn bring(cx: Context, start: Start<Phrase>, State(errands): State<Signals<Errand>>) -> Result<()> {
    let guest = cx.start_interaction(start.source(), "bring").await?;
    let errand = Errand { what: start.spillover().to_owned(), taker: Arc::default() };
    if errands.send(errand.clone()) == 0 {
        return guest.say("Nobody is on duty").await;
    }
    match timeout(mins(5), errand.taker.wait()).await {
        Ok(taker) => guest.say(format!("{taker} is on the way")).await,
        Err(_) => guest.say("Nobody is free right now").await,
    }
}

/// Offers errands to somebody, as long as the person stays on duty.
#[workflow(phrase = "on duty")]
async fn duty(cx: Context, start: Start<Phrase>, State(errands): State<Signals<Errand>>) -> Result<()> {
    let mut errands = cx.subscribe(&errands);
    let helper = cx.start_interaction(start.source(), "duty").await?;
    let name = helper.device().name().await?;
    while let Some(errand) = errands.next().await {
        let Errand { what, taker } = errand?;
        let press = helper.next_button();
        helper.say(format!("Tap to bring {what}")).await?;
        tokio::select! {
            press = press => match (press?, taker.set(name.clone())) {
                (_, Ok(())) => helper.say("Thank you").await?,
                (_, Err(_)) => helper.say("Somebody was faster").await?,
            },
            somebody = taker.wait() => helper.say(format!("{somebody} does it")).await?,
        }
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    let errands = Signals::<Errand>::new(64);
    Server::builder().workflow(bring).workflow(duty).state(errands).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    fn sim() -> Sim {
        Sim::new().workflow(bring).workflow(duty).state(Signals::<Errand>::new(64))
    }

    #[relay_runtime::test]
    async fn the_first_to_tap_goes_and_the_others_hear_of_it() {
        let sim = sim();
        let (guest, bob, carol) = (sim.device("Guest"), sim.device("Bob"), sim.device("Carol"));
        bob.speak_to_assistant("on duty").await;
        carol.speak_to_assistant("on duty").await;
        guest.speak_to_assistant("bring two towels").await;
        bob.expect_say("Tap to bring two towels").await;
        carol.expect_say("Tap to bring two towels").await;
        carol.tap().await;
        carol.expect_say("Thank you").await;
        bob.expect_say("Carol does it").await;
        guest.expect_say("Carol is on the way").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn nobody_is_there_or_nobody_is_free() {
        let sim = sim();
        let (guest, bob) = (sim.device("Guest"), sim.device("Bob"));
        guest.speak_to_assistant("bring tea").await;
        guest.expect_say("Nobody is on duty").await;
        bob.speak_to_assistant("on duty").await;
        guest.speak_to_assistant("bring tea").await;
        bob.expect_say("Tap to bring tea").await;
        guest.expect_say("Nobody is free right now").await;
    }
}
