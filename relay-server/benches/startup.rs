//! From nothing to the first answer, and what a server takes that has nothing to do:
//! `cargo bench -p relay-server --bench startup`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark, not a part of the server")]

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use relay_protocol::manifest::TriggerSpec;
use relay_server::DATABASE;
use relay_server::model::{Subscriber, SubscriberId, Workflow};
use relay_server::store::{Store, StoreOptions};
use tokio::process::Command;

#[allow(dead_code, reason = "it can do more")]
#[path = "../tests/support/server.rs"]
mod server;

use server::Server;

#[tokio::main]
async fn main() {
    // Without `--bench` it is a test that this works.
    let measures = std::env::args().any(|argument| argument == "--bench");
    for registrations in if measures { [0, 1000, 100_000] } else { [0, 1, 100] } {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        register(folder.path(), registrations).await;
        let mut took = Vec::new();
        let mut resident = 0.0;
        for _ in 0..if measures { 7 } else { 1 } {
            let (answered, bytes) = start(folder.path()).await;
            took.push(answered);
            resident = bytes;
        }
        took.sort_unstable();
        let [best, median] = [took[0], took[took.len() / 2]].map(|took| took.as_secs_f64() * 1e3);
        println!(
            "{registrations:>6} registrations: first answer after {median:.0} ms, {best:.0} ms at best; {resident:.1} MB"
        );
    }
}

/// Time until the first answer, and the resident memory then.
async fn start(data: &Path) -> (Duration, f64) {
    let began = Instant::now();
    let mut server = Server::start(command(data)).await;
    reqwest::get(format!("{}/healthz", server.url)).await.unwrap().error_for_status().unwrap();
    let answered = began.elapsed();
    let statm = std::fs::read_to_string(format!("/proc/{}/statm", server.child.id().unwrap())).unwrap();
    let pages: f64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    server.child.kill().await.unwrap();
    (answered, pages * 4096.0 / 1e6)
}

fn command(data: &Path) -> Command {
    server::command(data, &["--listen", "127.0.0.1:0", "--log-format", "json"])
}

async fn register(data: &Path, registrations: usize) {
    let store = Store::open(StoreOptions::new(data.join(DATABASE))).await.unwrap();
    let account = SubscriberId::from("sub");
    store.subscriber_create(&Subscriber::new("sub")).await.unwrap();
    let workflow = |n: usize| {
        let (id, name, uri) = (format!("wf_{n}"), format!("workflow {n}"), format!("wss://example.org/{n}"));
        Workflow::new(&*id, name, uri, TriggerSpec::Phrases(vec![format!("phrase {n}")]))
    };
    let workflows: Vec<_> = (0..registrations).map(workflow).collect();
    let saves = futures_util::stream::iter(workflows.iter().map(|workflow| store.save(&account, workflow)));
    saves.buffer_unordered(1024).for_each(|saved| async { saved.unwrap() }).await;
    store.close().await;
}
