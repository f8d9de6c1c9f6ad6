//! Says something to a whole group at once. Nobody needs to answer, so nothing is waited for.
//!
//! `cargo run --example broadcast`, then have Relay dial it when somebody says "tell everyone". Its tests need no Relay:
//! `cargo test --example broadcast`.

use relay_runtime::prelude::*;
use relay_runtime::types::{Priority, PushOptions};

/// Passes on what was said: "tell everyone lunch is ready".
#[workflow(phrase = "tell everyone")]
async fn tell(cx: Context, start: Start<Phrase>) -> Result<()> {
    let phones = PushOptions::new().title("To everyone").priority(Priority::High);
    cx.broadcast(GroupUrn::name("Engineering")?, start.spillover())
        .originator(start.source())
        .push_options(phones)
        .await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(tell).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn everyone_hears_it() {
        let sim = Sim::new().workflow(tell);
        let (alice, bob, carol) = (sim.device("Alice"), sim.device("Bob"), sim.device("Carol"));
        sim.group("Engineering", [&bob, &carol]);
        alice.speak_to_assistant("tell everyone lunch is ready").await;
        bob.expect_broadcast("lunch is ready").await;
        carol.expect_broadcast("lunch is ready").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
