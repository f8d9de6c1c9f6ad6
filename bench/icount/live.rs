//! Sessions with a real server over a loopback connection, both on one thread. What the client does is small and counts
//! too.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use relay_runtime::prelude::*;

use crate::client::Client;
use crate::codec::FRAMES;

#[workflow]
async fn greet(cx: relay_runtime::Context, start: Start) -> relay_runtime::Result<()> {
    let device = start.source().ok_or_else(|| Error::msg("nobody"))?;
    cx.start_interaction(device, "hello").await?.say("Hello").await
}

#[workflow]
async fn ask(cx: relay_runtime::Context) -> relay_runtime::Result<()> {
    let count: u32 = cx.vars().get("count").await?.unwrap_or_default();
    for _ in 0..count {
        cx.vars().get::<u64>("x").await?;
    }
    Ok(())
}

#[derive(Default)]
struct Tick;

#[workflow]
impl Tick {
    #[trigger(any)]
    async fn begin(&self) {}

    #[on(timer)]
    async fn tick(&self) {}

    #[on(timer_fired, name = "last")]
    async fn last(&self, cx: relay_runtime::Context) -> relay_runtime::Result<()> {
        cx.terminate().await
    }
}

/// Serves the workflows while `load` is put on them.
fn serve(load: impl AsyncFnOnce(SocketAddr) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::builder().workflow(greet).workflow(ask).workflow(Tick::default);
        let server = server.bind(([127, 0, 0, 1], 0)).listen().await?;
        let addr = server.local_addr();
        let server = tokio::spawn(server.serve_with_shutdown(std::future::pending()));
        load(addr).await?;
        server.abort();
        Ok(())
    })
}

/// Whole hello sessions, one after the other.
pub fn hello(times: u32) -> Result<()> {
    // The ids of a session differ in their last digit alone.
    let frames = FRAMES.map(|frame| frame.split("0000000000000007000000000000000").collect::<Vec<_>>());
    serve(async |addr| {
        for _ in 0..times {
            let mut client = Client::dial(addr, "/greet").await?;
            client.say(FRAMES[0]);
            client.flush().await?;
            for answers in [&frames[1..3], &frames[3..6], &frames[6..8], &frames[8..]] {
                let request = client.hear().await?;
                let session = &id(&request)?[..31];
                for answer in answers {
                    client.say(&answer.join(session));
                    client.flush().await?;
                    settle().await;
                }
            }
            client.close().await?;
        }
        Ok(())
    })
}

/// One session with so many requests.
pub fn request(times: u32) -> Result<()> {
    serve(async |addr| {
        let mut client = Client::dial(addr, "/ask").await?;
        client.say(FRAMES[0]);
        client.flush().await?;
        for _ in 0..=times {
            let request = client.hear().await?;
            let id = id(&request)?;
            // Also what `count` is, which is asked first.
            client.say(&format!(r#"{{"_id":"{id}","_type":"wf_api_get_var_response","value":"{times}"}}"#));
            client.flush().await?;
        }
        stop(client).await
    })
}

/// One session with so many events, ten in a write, each with a handler that does nothing.
pub fn dispatch(times: u32) -> Result<()> {
    serve(async |addr| {
        let mut client = Client::dial(addr, "/tick").await?;
        client.say(FRAMES[0]);
        for event in 1..=times {
            client.say(r#"{"_type":"wf_api_timer_event"}"#);
            if event % 10 == 0 {
                client.flush().await?;
                settle().await;
            }
        }
        client.say(r#"{"_type":"wf_api_timer_fired_event","name":"last"}"#);
        client.flush().await?;
        stop(client).await
    })
}

/// Answers `terminate` and closes.
async fn stop(mut client: Client) -> Result<()> {
    client.hear().await?;
    client.say(FRAMES[8]);
    client.flush().await?;
    client.close().await
}

/// The id is the first value of every request.
fn id(request: &str) -> Result<&str> {
    request.get(8..40).context("no id")
}

/// Lets the server handle what was written, so that it never finds two messages at once by chance.
async fn settle() {
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
}
