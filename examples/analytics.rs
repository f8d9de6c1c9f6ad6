//! Keeps records for later: a message that people read, and an event with values that machines count.
//!
//! `cargo run --example analytics`, then have Relay dial it when somebody says "done". Its tests need no Relay:
//! `cargo test --example analytics`.

use relay_runtime::prelude::*;
use serde::Serialize;

/// What is counted.
#[derive(Serialize)]
struct Cleaned<'a> {
    room: &'a str,
    with_deep_clean: bool,
}

/// Records that a room has been cleaned: "done 213".
#[workflow(phrase = "done")]
async fn done(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "done").await?;
    let room = start.spillover();
    let with_deep_clean = device.confirm("Was it a deep clean?").await? == Some(true);

    let records = cx.analytics();
    records.message(format!("{room} is clean")).category("cleaning").device(&device).await?;
    records.event("cleaned", &Cleaned { room, with_deep_clean }).device(&device).await?;
    device.say("Thank you").await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(done).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn both_records_are_kept() {
        let sim = Sim::new().workflow(done);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("done 213").await;
        alice.expect_say("Was it a deep clean?").await;
        alice.speak("yes").await;
        sim.expect_record("213 is clean").await;
        let event = sim.expect_record("213").await;
        assert_eq!(event, r#"{"room":"213","with_deep_clean":true}"#);
        alice.expect_say("Thank you").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
