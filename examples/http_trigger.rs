//! Started by a program: what the call brings is read into a struct.
//!
//! `cargo run --example http_trigger`, then have Relay dial it when its HTTP trigger is called. Its tests need no Relay:
//! `cargo test --example http_trigger`.

use relay_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// What the till sends.
#[derive(Serialize, Deserialize)]
struct Order {
    table: u32,
    #[serde(default)]
    dishes: Vec<String>,
}

/// Tells the waiter who is called for that an order is ready.
#[workflow(http)]
async fn ready(cx: Context, start: Start<Http>, Args(order): Args<Order>) -> Result<()> {
    let waiter = start.source().ok_or_else(|| Error::msg("the call names no device"))?;
    let waiter = cx.start_interaction(waiter, "ready").await?;
    waiter.say(format!("Table {}: {}", order.table, order.dishes.join(", "))).await
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    Server::builder().workflow(ready).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    #[relay_runtime::test]
    async fn the_waiter_hears_of_the_order() {
        let sim = Sim::new().workflow(ready);
        let alice = sim.device("Alice");
        alice.invoke("ready", Order { table: 7, dishes: vec!["soup".into(), "fish".into()] }).await;
        alice.expect_say("Table 7: soup, fish").await;
        sim.expect_stop(StopReason::Normal).await;
    }

    #[relay_runtime::test]
    async fn an_order_without_a_table_is_none() {
        let sim = Sim::new().workflow(ready);
        sim.device("Alice").invoke("ready", ()).await;
        sim.expect_failure("do not fit").await;
    }
}
