//! Orders coffee from a back end of one's own. Its address and key stay with this program: Relay dials in, and never
//! learns what is behind.
//!
//! `cargo run --example coffee_order` with `SHOP_URL` and `SHOP_KEY` set, then have Relay dial it when somebody says
//! "order coffee". Its tests need neither: `cargo test --example coffee_order`.

use relay_runtime::prelude::*;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

/// The shop's back end.
#[derive(Clone)]
struct Shop {
    url: String,
    key: String,
}

impl Shop {
    /// Places an order. Brings how many minutes it takes.
    async fn order(&self, drink: &'static str, name: String) -> Result<u64> {
        let post = ureq::post(format!("{}/orders", self.url))
            .header("Authorization", format!("Bearer {}", self.key));
        // This client blocks, so it gets a thread; in tests the clock stands still until it is done.
        let ticket: Value = spawn_blocking(move || {
            let order = json!({ "drink": drink, "name": name });
            post.send_json(order).and_then(|mut reply| reply.body_mut().read_json())
        })
        .await??;
        ticket["minutes"].as_u64().ok_or_else(|| Error::msg("the ticket has no minutes"))
    }
}

/// Takes an order for coffee.
#[workflow(phrase = "order coffee")]
async fn coffee(cx: Context, start: Start<Phrase>, State(shop): State<Shop>) -> Result<()> {
    let device = cx.start_interaction(start.source(), "coffee").await?;
    let menu = device.menu("Latte or espresso?").choice("latte", "latte").choice("espresso", "espresso");
    let Some(drink) = menu.await? else { return device.say("Nothing, then").await };
    let name = device.device().name().await?;
    match shop.order(drink, name).await {
        Ok(minutes) => device.say(format!("Your {drink} is ready in {minutes} minutes")).await,
        Err(error) => {
            tracing::warn!(%error, "the shop does not take orders");
            device.say("The shop does not answer. Please try later").await
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    let shop = Shop { url: std::env::var("SHOP_URL")?, key: std::env::var("SHOP_KEY")? };
    Server::builder().workflow(coffee).state(shop).from_env()?.serve().await
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;

    use relay_runtime::testing::{Sim, StopReason};

    use super::*;

    /// A back end that takes one order if the key is right, and says what it was asked.
    fn back_end() -> std::io::Result<(Shop, std::thread::JoinHandle<std::io::Result<Value>>)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let served = std::thread::spawn(move || {
            let mut stream = BufReader::new(listener.accept()?.0);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                stream.read_line(&mut head)?;
            }
            let head = head.to_lowercase();
            let length =
                head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body)?;
            let (status, ticket) = match head.contains("authorization: bearer s3cret\r\n") {
                true => ("200 OK", r#"{"minutes":3}"#),
                false => ("401 Unauthorized", "{}"),
            };
            let length = ticket.len();
            write!(stream.get_mut(), "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{ticket}")?;
            Ok(serde_json::from_slice(&body)?)
        });
        Ok((Shop { url, key: "s3cret".into() }, served))
    }

    #[relay_runtime::test]
    async fn an_order_reaches_the_shop() -> Result<()> {
        let (shop, served) = back_end()?;
        let sim = Sim::new().workflow(coffee).state(shop);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("order coffee").await;
        alice.expect_say("Latte or espresso?").await;
        alice.speak("latte").await;
        alice.expect_say("Your latte is ready in 3 minutes").await;
        sim.expect_stop(StopReason::Normal).await;
        let order = served.join().map_err(|_| Error::msg("the back end panicked"))??;
        assert_eq!(order, json!({ "drink": "latte", "name": "Alice" }));
        Ok(())
    }

    #[relay_runtime::test]
    async fn an_order_with_the_wrong_key_does_not() -> Result<()> {
        let (shop, _served) = back_end()?;
        let sim = Sim::new().workflow(coffee).state(Shop { key: "guessed".into(), ..shop });
        let alice = sim.device("Alice");
        alice.speak_to_assistant("order coffee").await;
        alice.expect_say("Latte or espresso?").await;
        alice.speak("espresso").await;
        alice.expect_say("The shop does not answer. Please try later").await;
        sim.expect_stop(StopReason::Normal).await;
        Ok(())
    }
}
