//! Greets whoever says "hello" to the Assistant of a Relay device, by name.
//!
//! `cargo run --example hello_world`, then have Relay dial it; or `cargo xtask demo`, which plays the device.

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
