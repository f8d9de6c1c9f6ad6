//! The server is killed again and again while triggers pour in. What was acknowledged has exactly one outcome in the end,
//! and nothing was started twice.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "this is a test, helpers included")]

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use relay_protocol::manifest::TriggerSpec;
use relay_server::clock::Clock;
use relay_server::dial::{Dialer, DialerConfig, Roots, Trust};
use relay_server::events::Hub;
use relay_server::model::{Idempotency, Subscriber, SubscriberId, TriggerId, TriggerState, UnixMs, Workflow};
use relay_server::store::{Store, StoreOptions};
use relay_server::trigger::{Invocation, Parts, Runner, RunnerConfig};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

type Test<T = ()> = Result<T, Box<dyn Error>>;

/// How often it is killed. The nightly run does it more often.
fn kills() -> u32 {
    std::env::var("RELAY_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12)
}

const DATABASE: &str = "RELAY_CRASH_DATABASE";
const WORKFLOW: &str = "RELAY_CRASH_WORKFLOW";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_nothing_is_started_twice() -> Test {
    let starts: Arc<Mutex<HashMap<String, u32>>> = Arc::default();
    let workflow = count_starts(starts.clone()).await?;
    let directory = tempfile::tempdir()?;
    let database = directory.path().join("relay.db");

    let acknowledged = tokio::task::spawn_blocking(move || -> Result<_, String> {
        let mut acknowledged = HashMap::new();
        for round in 0..kills() {
            let server = Server::start(&database, workflow).map_err(|error| error.to_string())?;
            // A different moment each time: in the middle of whatever.
            let until = Instant::now() + Duration::from_millis(40 + u64::from(round * 37 % 160));
            pour(&server, round, until, &mut acknowledged);
            drop(server); // SIGKILL
        }
        // One that lives until all is done.
        let server = Server::start(&database, workflow).map_err(|error| error.to_string())?;
        server.finish().map_err(|error| error.to_string())?;
        Ok((acknowledged, database))
    });
    let (acknowledged, database) = acknowledged.await??;

    let starts = starts.lock().unwrap().clone();
    let store = Store::open(StoreOptions::new(&database)).await?;
    assert!(acknowledged.len() > kills() as usize, "too few: {}", acknowledged.len());
    let mut lost = 0;
    for (key, id) in &acknowledged {
        let row = store.trigger_get(id).await?.ok_or_else(|| format!("{key} is not on disk"))?;
        assert_eq!(row.state, TriggerState::Ended, "{key} has no outcome");
        let outcome = row.outcome.unwrap();
        let started = starts.get(key).copied().unwrap_or(0);
        match outcome.kind.as_str() {
            "completed" => assert_eq!(started, 1, "{key}"),
            // It had been started on disk; whether the frame had left is not known.
            "server_lost" => lost += 1,
            _ => assert_eq!(outcome.to_string(), "", "{key}"),
        }
    }
    let twice: Vec<_> = starts.iter().filter(|(_, started)| **started > 1).collect();
    assert!(twice.is_empty(), "started more than once: {twice:?}");
    println!("{} acknowledged, {} started, {lost} lost with a server", acknowledged.len(), starts.len());
    Ok(())
}

/// A workflow that counts its starts by what it is told, and is over at once.
async fn count_starts(starts: Arc<Mutex<HashMap<String, u32>>>) -> Test<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            let starts = starts.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = tokio_tungstenite::accept_async(tcp).await else { return };
                while let Some(Ok(message)) = socket.next().await {
                    let Ok(frame) = serde_json::from_slice::<serde_json::Value>(&message.into_data()) else {
                        continue;
                    };
                    if let Some(key) = frame["trigger"]["args"]["args"]["key"].as_str() {
                        *starts.lock().unwrap().entry(key.to_owned()).or_default() += 1;
                        let terminate = r#"{"_id":"1","_type":"wf_api_terminate_request"}"#;
                        let _ = socket.send(Message::Text(terminate.into())).await;
                    }
                }
            });
        }
    });
    Ok(address)
}

/// Sends triggers until the time is over, and notes which were acknowledged.
fn pour(server: &Server, round: u32, until: Instant, acknowledged: &mut HashMap<String, TriggerId>) {
    let Ok(mut stream) = TcpStream::connect(server.address) else { return };
    let mut answers = BufReader::new(stream.try_clone().unwrap()).lines();
    let (mut sent, mut received) = (0, 0);
    while Instant::now() < until {
        // Some at once, so that they share a transaction.
        while sent < received + 8 {
            if writeln!(stream, "{round}-{sent}").is_err() {
                return;
            }
            sent += 1;
        }
        let Some(Ok(answer)) = answers.next() else { return };
        if let Some((key, id)) = answer.split_once(' ') {
            acknowledged.insert(key.to_owned(), TriggerId::from(id));
        }
        received += 1;
    }
}

/// This program once more, as a server. Dropping it kills it.
struct Server {
    child: Child,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Server {
    fn start(database: &Path, workflow: SocketAddr) -> Test<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--exact", "serve", "--nocapture"])
            .env(DATABASE, database)
            .env(WORKFLOW, format!("ws://{workflow}/count"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let address =
            output.by_ref().lines().find_map(|line| line.ok()?.rsplit_once("serves at ")?.1.parse().ok());
        let address = address.ok_or("the server did not start")?;
        Ok(Self { child, output, address })
    }

    /// Asks it to end when nothing is left to do, and waits for that.
    fn finish(mut self) -> Test {
        drop(self.child.stdin.take());
        std::io::copy(&mut self.output, &mut std::io::sink())?;
        assert!(self.child.wait()?.success());
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server that the test beside it kills. By itself it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serve() -> Test {
    let (Some(database), Ok(workflow)) = (std::env::var_os(DATABASE), std::env::var(WORKFLOW)) else {
        return Ok(());
    };
    let store = Store::open(StoreOptions::new(database)).await?;
    let subscriber = SubscriberId::from("sub");
    if store.subscriber_get(&subscriber).await?.is_none() {
        store.subscriber_create(&Subscriber::new("sub")).await?;
    }
    let count = Workflow::new("wf_count", "count", workflow, TriggerSpec::Http("POST".into()));
    store.save(&subscriber, &count).await?;
    let mut config = RunnerConfig::default();
    config.uris.insecure_loopback = true;
    let dialer = Dialer::new(DialerConfig::new(Trust::load(Roots::Mozilla, &[])?));
    let parts = Parts { store: store.clone(), clock: Clock::real(), hub: Hub::new(1, 10, 1 << 20), dialer };
    let runner = Runner::start(parts, config).await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("serves at {}", listener.local_addr()?);
    let accept = async {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, runner.clone()));
        }
    };
    let finished = async {
        let closed = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = tokio::task::spawn_blocking(closed).await;
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            let counts = store.trigger_counts().await;
            if counts.is_ok_and(|counts| counts.queued + counts.dialing + counts.started == 0) {
                return;
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = finished => {}
    }
    runner.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    Ok(())
}

/// Takes a key a line, and answers with the id of its trigger when that is on disk.
async fn answer(stream: tokio::net::TcpStream, runner: Runner) {
    let (read, write) = stream.into_split();
    let write = Arc::new(tokio::sync::Mutex::new(write));
    let mut lines = tokio::io::BufReader::new(read).lines();
    while let Ok(Some(key)) = lines.next_line().await {
        let (runner, write) = (runner.clone(), write.clone());
        tokio::spawn(async move {
            let mut args = serde_json::Map::new();
            args.insert("key".into(), key.clone().into());
            let invocation = Invocation {
                subscriber: "sub".into(),
                workflow: "wf_count".into(),
                device: None,
                args,
                idempotency: Some(Idempotency {
                    key: key.clone(),
                    fingerprint: Vec::new(),
                    until: UnixMs::MAX,
                }),
                not_before: None,
                not_after: None,
            };
            let line = match runner.invoke(invocation).await {
                Ok(accepted) => format!("{key} {}\n", accepted.row().id),
                Err(_) => "refused\n".to_owned(),
            };
            let _ = write.lock().await.write_all(line.as_bytes()).await;
        });
    }
}
