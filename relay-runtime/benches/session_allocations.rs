//! How often and how much one session allocates on the workflow side, step by step.
//!
//! `cargo bench -p relay-runtime --bench session_allocations`
//!
//! The server runs on this thread, the peer on another; the counter counts by thread. What follows from one step of the
//! peer is one measurement, and the figures are the same in each session: if they are not, that is an error. A buffer
//! that grows counts with its whole new size each time.
#![allow(clippy::print_stdout, reason = "the figures are the purpose")]

use std::future::pending;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use allocation_counter::{AllocationInfo, measure};
use relay_protocol::request::{EndInteraction, Say, StartInteraction};
use relay_protocol::types::{LifecycleType, PromptType, StopReason};
use relay_protocol::{event, response};
use relay_runtime::prelude::*;
use relay_runtime::server::ServerHandle;
use relay_testkit::{Device, Peer, Trust};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::yield_now;

#[workflow(phrase = "hello")]
async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("Hello").await
}

const STEPS: [&str; 6] = [
    "connection → upgrade",
    "start → start_interaction",
    "started → say",
    "spoken → end_interaction",
    "ended → terminate",
    "stop → gone",
];

/// How many sessions are compared, after one that fills caches.
const SESSIONS: usize = 5;

type Figures = [AllocationInfo; STEPS.len()];
type Fallible<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Fallible<ExitCode> {
    let server = Builder::new_current_thread().enable_all().build()?;
    let (uri, handle) = server.block_on(async {
        let builder = Server::builder().workflow(hello).bind(([127, 0, 0, 1], 0));
        let listening = builder.listen().await?;
        let (uri, handle) = (format!("ws://{}/hello", listening.local_addr()), listening.handle());
        tokio::spawn(listening.serve_with_shutdown(pending()));
        Fallible::Ok((uri, handle))
    })?;

    session(&server, &handle, &uri)?;
    let all = (0..SESSIONS).map(|_| session(&server, &handle, &uri)).collect::<Fallible<Vec<_>>>()?;
    print(&all[0]);
    if all.iter().any(|figures| *figures != all[0]) {
        println!("\nnot the same in each session: {all:#?}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(figures: &Figures) {
    println!("heap of the workflow side in one session, plain ws:\n");
    println!("{:<28}{:>12}{:>12}{:>14}", "", "allocations", "bytes", "bytes held");
    let mut held = 0;
    for (step, info) in STEPS.iter().zip(figures) {
        held += info.bytes_current;
        println!("{step:<28}{:>12}{:>12}{held:>14}", info.count_total, info.bytes_total);
    }
    let conversation = &figures[1..];
    let (count, bytes) = conversation
        .iter()
        .fold((0, 0), |(count, bytes), info| (count + info.count_total, bytes + info.bytes_total));
    println!("{:<28}{count:>12}{bytes:>12}", "from start to gone");
}

/// What the server allocates in each step of one session.
fn session(server: &Runtime, handle: &ServerHandle, uri: &str) -> Fallible<Figures> {
    let (next, steps) = channel();
    let done = Arc::new(Notify::new());
    let peer = thread::spawn({
        let (uri, done) = (uri.to_owned(), done.clone());
        move || play(&uri, &steps, &done)
    });
    let mut figures = Figures::default();
    for (number, figure) in figures.iter_mut().enumerate() {
        // The server runs only while it is measured.
        next.send(())?;
        *figure = measure(|| {
            server.block_on(async {
                done.notified().await;
                while number + 1 == STEPS.len() && handle.sessions() > 0 {
                    yield_now().await;
                }
            });
        });
    }
    peer.join().map_err(|_| "the peer panicked")??;
    Ok(figures)
}

/// The peer: a step when it may, and a word when its answer is there.
fn play(uri: &str, steps: &Receiver<()>, done: &Notify) -> Fallible {
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let alice = Device::named("Alice")?;
        let interaction = alice.interaction("hello")?;

        steps.recv()?;
        let mut peer = Peer::dial(uri, &Trust::nobody()?).await?;
        done.notify_one();

        steps.recv()?;
        peer.start(alice.start("hello")).await?;
        let start = peer.expect::<StartInteraction>().await?;
        done.notify_one();

        // What the server answers with one message is sent at once: else its figures would depend on the pace.
        steps.recv()?;
        peer.act_at_once(|session, now| {
            session.respond(now, start.token, response::StartInteraction::new())?;
            session.emit(now, event::InteractionLifecycle::new(LifecycleType::Started, &interaction))
        })
        .await?;
        let say = peer.expect::<Say>().await?;
        done.notify_one();

        steps.recv()?;
        peer.act_at_once(|session, now| {
            session.respond(now, say.token, response::Say::new().id(&say.id))?;
            session.emit(now, event::Prompt::new(PromptType::Started).id(&say.id))?;
            session.emit(now, event::Prompt::new(PromptType::Stopped).id(&say.id))
        })
        .await?;
        let end = peer.expect::<EndInteraction>().await?;
        done.notify_one();

        steps.recv()?;
        peer.act_at_once(|session, now| {
            session.respond(now, end.token, response::EndInteraction::new())?;
            session.emit(now, event::InteractionLifecycle::new(LifecycleType::Ended, &interaction))
        })
        .await?;
        peer.expect_terminate().await?;
        done.notify_one();

        steps.recv()?;
        peer.act_at_once(|session, now| session.stop(now, StopReason::Normal)).await?;
        peer.closed().await?;
        done.notify_one();
        Ok(())
    })
}
