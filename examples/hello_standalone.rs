//! The smallest server that says all by itself: where it listens and what is served under which path. No environment.
//!
//! `cargo run --example hello_standalone`, and Relay dials `/hellopath` on port 8080, behind a proxy that does TLS. Its
//! tests need no Relay: `cargo test --example hello_standalone`.

use relay_runtime::prelude::*;

/// Says hello to the world.
#[workflow(phrase = "hello", path = "/hellopath")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    cx.start_interaction(start.source(), "hello interaction").await?.say("hello world").await
}

#[tokio::main]
async fn main() -> Result<()> {
    Server::builder().workflow(hello).bind(([127, 0, 0, 1], 8080)).serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn greets_the_world() {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.expect_say("hello world").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
