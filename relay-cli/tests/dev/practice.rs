//! Workflows that the tests of the commands talk to: the program of a project that they build.

use relay_runtime::Vibration;
use relay_runtime::prelude::*;

/// Asks for a name and says hello to it.
#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "hello").await?;
    tracing::info!("somebody is here");
    device.say("What is your name?").await?;
    let heard = device.listen().timeout(secs(30)).await?;
    device.say(format!("Hello {heard}")).await
}

/// Shows what can be seen and felt, and counts taps.
#[workflow(phrase = "lights")]
async fn lights(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "lights").await?;
    device.leds().rainbow().times(1).await?;
    device.vibrate(Vibration::default()).await?;
    let press = device.next_button();
    device.say("Tap").await?;
    let press = press.await?;
    device.say(format!("It was {} on {}", press.taps, press.button)).await
}

/// Speaks in an hour.
#[workflow(phrase = "nap")]
async fn nap(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "nap").await?;
    let fired = cx.timers().fired("nap");
    cx.timers().set("nap", mins(60)).await?;
    fired.await?;
    device.say("Good morning").await
}

/// Never ends.
#[workflow(phrase = "metronome")]
async fn metronome(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "metronome").await?;
    let mut ticks = cx.events_of::<event::Timer>();
    cx.timers().start(mins(1)).await?;
    loop {
        ticks.next().await;
        device.vibrate(Vibration::default()).await?;
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    let server = Server::builder().workflow(hello).workflow(lights).workflow(nap).workflow(metronome);
    server.from_env()?.serve().await
}
