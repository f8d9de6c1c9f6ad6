//! Triggers from HTTP to the start frame: `cargo bench -p relay-server --bench triggers`.
//!
//! The server is the program itself. So many callers each post a trigger, wait until its workflow was started, and post the
//! next; each trigger is on disk before it is answered. Callers and workflows share a process of their own and the machine,
//! so that what steers is the processor time of the server. `RELAY_TEST_PROGRAM` names another build to measure.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark, not a part of the server")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use relay_testkit::Authority;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::oneshot;

#[path = "../tests/support/server.rs"]
mod server;
#[path = "../tests/support/workflows.rs"]
mod workflows;

use server::{Caller, Server, answer};
use workflows::{Workflow, acceptor, serve};

/// Ticks of the kernel's clock in a second, on every Linux.
const TICKS: f64 = 100.0;

#[tokio::main]
async fn main() {
    // Without `--bench` it is a test that this works.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let authority = Authority::new("Bench authority").unwrap();
    // Not where everything is in memory: what is measured is the disk.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    let certificate = authority.certificate().unwrap();

    let starts = Arc::new(Starts::default());
    let plain = serve(None, starts.clone()).await;
    let full = serve(Some(acceptor(&certificate, 0)), starts.clone()).await;
    let resumed = serve(Some(acceptor(&certificate, 2)), starts.clone()).await;
    let mut command = server::serving(folder.path(), &file);
    command.arg("--allow-insecure-loopback");
    let server = Server::start(command).await;
    let bench =
        Bench { caller: Caller::new(folder.path()).await, server, starts, posted: AtomicUsize::new(0) };
    println!("the server is process {}", bench.server.child.id().unwrap());
    println!(
        "{:22}{:>10}{:>15}{:>9}{:>22}{:>22}",
        "", "triggers", "CPU µs of the", "commits", "accept, ms", "→ start, ms"
    );
    println!(
        "{:14}{:>8}{:>10}{:>15}{:>9}{:>11}{:>11}{:>11}{:>11}",
        "", "at once", "/s", "server each", "each", "p50", "p99", "p50", "p99"
    );
    for (name, scheme, port) in [("ws", "ws", plain), ("wss", "wss", full), ("wss, resumed", "wss", resumed)]
    {
        let uri = format!("{scheme}://127.0.0.1:{port}/{scheme}");
        let workflow = bench.caller.register(&bench.server.url, name, &uri).await;
        for at_once in [1, 64, 256] {
            let triggers = if measures { 500 + 50 * at_once } else { 2 * at_once };
            println!("{name:14}{at_once:>8}{}", bench.run(&workflow, at_once, triggers).await);
        }
    }
    bench.server.kill().await;
}

struct Bench {
    caller: Caller,
    server: Server,
    starts: Arc<Starts>,
    posted: AtomicUsize,
}

impl Bench {
    async fn run(&self, workflow: &str, at_once: usize, triggers: usize) -> String {
        let last = self.posted.load(Ordering::Relaxed) + triggers;
        let (before, commits) = (self.processor_time(), self.commits().await);
        let began = Instant::now();
        let callers = (0..at_once).map(|_| self.call(workflow, last));
        let took = futures_util::future::join_all(callers).await.concat();
        let seconds = began.elapsed().as_secs_f64();
        self.idle().await;
        let each = (self.processor_time() - before) / triggers as f64 * 1e6;
        let commits = (self.commits().await - commits) / triggers as f64;
        self.posted.store(last, Ordering::Relaxed);
        let (accepted, started): (Vec<_>, Vec<_>) = took.into_iter().unzip();
        let rate = triggers as f64 / seconds;
        format!("{rate:>10.0}{each:>15.0}{commits:>9.2}{}{}", percentiles(accepted), percentiles(started))
    }

    /// Posts and waits, until there are enough: how long it took until the answer, and until the start.
    async fn call(&self, workflow: &str, last: usize) -> Vec<(Duration, Duration)> {
        let mut took = Vec::new();
        loop {
            let n = self.posted.fetch_add(1, Ordering::Relaxed);
            if n >= last {
                return took;
            }
            let started = self.starts.expect(n);
            let path = format!("/v1/workflows/{workflow}/trigger");
            let post = self.caller.request(&self.server.url, Method::POST, &path);
            let posted = Instant::now();
            answer(post.body(json!({"args": {"n": n, "room": "231"}}).to_string())).await.unwrap();
            took.push((posted.elapsed(), started.await.unwrap() - posted));
        }
    }

    /// Waits until the ends of all runs are written.
    async fn idle(&self) {
        let path = "/v1/triggers?state=queued,dialing,started&limit=1";
        while self.caller.get(&self.server.url, path).await["items"] != json!([]) {}
    }

    /// How often the store has synced the disk.
    async fn commits(&self) -> f64 {
        let metrics = self.caller.request(&self.server.url, Method::GET, "/metrics").send().await.unwrap();
        let text = metrics.text().await.unwrap();
        let number = |line: &str| line.strip_prefix("relay_server_store_commits_total ")?.parse().ok();
        text.lines().find_map(number).unwrap()
    }

    /// What the server has used of the processors, in seconds.
    fn processor_time(&self) -> f64 {
        let stat =
            std::fs::read_to_string(format!("/proc/{}/stat", self.server.child.id().unwrap())).unwrap();
        let (_, after_name) = stat.rsplit_once(')').unwrap();
        let fields: Vec<f64> =
            after_name.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
        (fields[11] + fields[12]) / TICKS
    }
}

/// Who waits for which start.
#[derive(Default)]
struct Starts(Mutex<HashMap<usize, oneshot::Sender<Instant>>>);

impl Starts {
    fn expect(&self, n: usize) -> oneshot::Receiver<Instant> {
        let (started, waits) = oneshot::channel();
        self.0.lock().unwrap().insert(n, started);
        waits
    }
}

impl Workflow for Starts {
    fn started(&self, args: &Value) {
        let now = Instant::now();
        let n = args["n"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap();
        self.0.lock().unwrap().remove(&n).unwrap().send(now).unwrap();
    }
}

fn percentiles(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    format!("{:>11.2}{:>11.2}", at(50), at(99))
}
