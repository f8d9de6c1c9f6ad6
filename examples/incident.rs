//! Opens an incident in the console, and tells the person who reported it when somebody has dealt with it.
//!
//! `cargo run --example incident`, then have Relay dial it when somebody says "report". Its tests need no Relay:
//! `cargo test --example incident`.

use relay_runtime::prelude::*;
use relay_runtime::types::IncidentStatus;

/// Reports something: "report a spill".
#[workflow(phrase = "report")]
async fn report(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.device(start.source());
    let mut incident = device.create_incident(start.spillover()).await?;
    let end = incident.closed().await?; // the device stays free meanwhile

    let device = cx.start_interaction(&device, "report").await?;
    match end.kind {
        IncidentStatus::Resolved => device.say(format!("It has been dealt with: {}", end.reason)).await,
        _ => device.say("It was cancelled").await,
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(report).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn a_resolved_incident_comes_back() {
        let sim = Sim::new().workflow(report);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("report a spill").await;
        let spill = sim.expect_incident("a spill").await;
        alice.expect_silence(mins(60)).await;
        sim.resolve_incident(&spill, "mopped").await;
        alice.expect_say("It has been dealt with: mopped").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn and_so_does_a_cancelled_one() {
        let sim = Sim::new().workflow(report);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("report a spill").await;
        let spill = sim.expect_incident("a spill").await;
        sim.cancel_incident(&spill, "").await;
        alice.expect_say("It was cancelled").await;
        sim.expect_stop(StopReason::Normal).await;
    }
}
