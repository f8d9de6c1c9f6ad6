//! Workflows on our own SDK.

use relay_runtime::prelude::*;
use relay_runtime::server::ServerBuilder;
use relay_runtime::workflow::trigger::Schedule;

use crate::calls::{Desk, called};

pub(crate) fn all(server: ServerBuilder) -> ServerBuilder {
    server
        .workflow(hello)
        .workflow(now)
        .workflow(wait)
        .workflow(record)
        .workflow(tick)
        .workflow(play)
        .workflow(Desk::default)
        .workflow(called)
}

/// Asks for a name and says hello to it.
#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "hello").await?;
    device.say("What is your name?").await?;
    let heard = device.listen().timeout(secs(30)).await?;
    device.say(format!("Hello {heard}")).await
}

/// Is over at once.
#[workflow(http)]
async fn now(_cx: Context, _start: Start<Http>) -> Result<()> {
    Ok(())
}

/// Stays until it is stopped.
#[workflow(http)]
async fn wait(_cx: Context, _start: Start<Http>) -> Result<()> {
    std::future::pending().await
}

/// Writes into the analytics, and says whose device it is, under another name.
#[workflow(http)]
async fn record(cx: Context, start: Start<Http>) -> Result<()> {
    cx.analytics().message("seen").category("test").await?;
    match start.source() {
        Some(device) => {
            cx.device(device).set_username("Alice Smith").await?;
            cx.device(device).set_name("Alice the Great").await
        }
        None => Ok(()),
    }
}

/// Plays a sound that was uploaded.
#[workflow(phrase = "play")]
async fn play(cx: Context, start: Start<Phrase>) -> Result<()> {
    cx.start_interaction(start.source(), "play").await?.play("relay-static://hymn").await
}

/// Is started by the clock.
#[workflow(timer, start_time = "2027-01-04T00:01:00")]
async fn tick(_cx: Context, _start: Start<Schedule>) -> Result<()> {
    Ok(())
}
