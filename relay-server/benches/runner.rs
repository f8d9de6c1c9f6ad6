//! What a live instance costs: `cargo bench -p relay-server --bench runner`.
//!
//! The server is this process; its workflows are another one, which does as little as it can. Both are on one machine, so
//! that the workflow side's share of the processor counts as well.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark, not a part of the server")]

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{ButtonName, Taps};
use relay_server::clock::Clock;
use relay_server::dial::{Dialer, DialerConfig, Trust};
use relay_server::events::{Filter, Hub, Item, Kind};
use relay_server::model::{Device, DeviceId, Subscriber, SubscriberId, Workflow};
use relay_server::store::{Store, StoreOptions};
use relay_server::trigger::{Invocation, Parts, Runner, RunnerConfig};
use relay_testkit::Authority;
use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const CERTIFICATE: &str = "RELAY_BENCH_CERTIFICATE";

fn live() -> usize {
    let live = std::env::var("RELAY_BENCH_LIVE").ok().and_then(|live| live.parse().ok());
    // Without `--bench` it is a test that this works.
    let measures = std::env::args().any(|argument| argument == "--bench");
    live.unwrap_or(if measures { 10_000 } else { 100 })
}

fn main() -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match std::env::var(CERTIFICATE) {
        Ok(files) => runtime.block_on(workflows(&files)),
        Err(_) => runtime.block_on(measure()),
    }
}

async fn measure() -> Result {
    instances(&Workflows::start()?).await
}

/// Many instances, each on a device of its own.
async fn instances(workflows: &Workflows) -> Result {
    let live = live();
    let stage = Stage::open(workflows, live).await?;
    let before = resident();
    let begin = Instant::now();
    let mut started = stage.hub.watch(None, Filter { kinds: [Kind::Device].into(), ..Filter::default() });
    let waits = tokio::spawn(async move {
        let mut there = 0;
        while there < live {
            match started.next().await {
                Item::Event(event) if event.event.what == "channel" => there += 1,
                Item::Event(_) => {}
                Item::Gap(_) => return Err("events were lost"),
            }
        }
        Ok(())
    });
    let ids: Arc<Vec<String>> = Arc::new((0..live).map(device_id).collect());
    let mut callers = Vec::new();
    for caller in 0..64 {
        let (runner, ids) = (stage.runner.clone(), ids.clone());
        callers.push(tokio::spawn(async move {
            for id in ids.iter().skip(caller).step_by(64) {
                runner.invoke(invocation(id)).await.unwrap();
            }
        }));
    }
    for caller in callers {
        caller.await?;
    }
    waits.await??;
    let seconds = begin.elapsed().as_secs_f64();
    let each = (resident() - before) as f64 / live as f64;
    println!("{live} live instances on {live} devices after {seconds:.1} s");
    println!("memory: {:.1} KB for each instance, {:.0} MB in all", each / 1e3, resident() as f64 / 1e6);

    // A tap on every device, a thousand a second; the workflow answers each with a request.
    let mut answers = stage.hub.watch(None, Filter { kinds: [Kind::Frame].into(), ..Filter::default() });
    let (tapped, taps) = tokio::sync::oneshot::channel();
    let account = stage.runner.account(&SubscriberId::from("sub")).unwrap();
    let count = live.min(5000);
    let tapping = ids.clone();
    tokio::spawn(async move {
        let mut at = Vec::new();
        let mut tick = tokio::time::interval(Duration::from_millis(1));
        for id in tapping.iter().take(count) {
            tick.tick().await;
            at.push((id.clone(), Instant::now()));
            let id = DeviceId::from(id.as_str());
            let tap = account.run(move |platform| {
                let key = platform.ids.devices.key(&id).unwrap();
                let _ = platform.engine.tap(platform.now, key, ButtonName::Action, Taps::Single);
            });
            tap.await.unwrap();
        }
        tapped.send(at).unwrap();
    });
    let mut heard = std::collections::HashMap::new();
    while heard.len() < count {
        if let Item::Event(event) = answers.next().await {
            let text = event.event.data["text"].as_str().unwrap_or_default();
            if event.event.what == "received" && text.contains("get_var") {
                let frame: Value = serde_json::from_str(text)?;
                heard.insert(frame["name"].as_str().unwrap_or_default().to_owned(), Instant::now());
            }
        }
    }
    let mut took: Vec<Duration> =
        taps.await?.into_iter().map(|(id, at)| heard[&format!("device {id}")].duration_since(at)).collect();
    println!("tap → workflow → request back: {}", percentiles(&mut took));
    stage.close().await;
    Ok(())
}

fn percentiles(took: &mut [Duration]) -> String {
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    format!("p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms", at(50), at(99), at(100))
}

fn device_id(n: usize) -> String {
    format!("99{n:013}")
}

fn invocation(device: &str) -> Invocation {
    Invocation {
        subscriber: "sub".into(),
        workflow: "wf_bench".into(),
        device: Some(device.into()),
        args: serde_json::Map::new(),
        idempotency: None,
        not_before: None,
        not_after: None,
    }
}

/// The resident memory of this process, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}

struct Stage {
    runner: Runner,
    store: Store,
    hub: Hub,
    _directory: tempfile::TempDir,
}

impl Stage {
    async fn open(workflows: &Workflows, devices: usize) -> Result<Self> {
        // Not where everything is in memory: what is measured is the disk.
        let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let store = Store::open(StoreOptions::new(directory.path().join("relay.db"))).await?;
        let subscriber = SubscriberId::from("sub");
        store.subscriber_create(&Subscriber::new("sub")).await?;
        let uri = format!("wss://localhost:{}/bench", workflows.port);
        store
            .save(&subscriber, &Workflow::new("wf_bench", "bench", uri, TriggerSpec::Http("POST".into())))
            .await?;
        let devices = (0..devices).map(device_id);
        let devices: Vec<_> = devices.map(|id| Device::new(id.as_str(), format!("device {id}"))).collect();
        futures_util::stream::iter(devices.iter().map(|device| store.save(&subscriber, device)))
            .buffer_unordered(256)
            .for_each(|saved| async { saved.unwrap() })
            .await;
        let hub = Hub::new(1, 1_000_000, 512 << 20);
        let dialer = Dialer::new(DialerConfig::new(Trust::only(&workflows.authority)?));
        let parts = Parts { store: store.clone(), clock: Clock::real(), hub: hub.clone(), dialer };
        let runner = Runner::start(parts, RunnerConfig::default()).await?;
        Ok(Self { runner, store, hub, _directory: directory })
    }

    async fn close(self) {
        self.runner.shutdown(Duration::from_secs(10)).await;
        self.store.close().await;
    }
}

/// The other process.
struct Workflows {
    child: Child,
    authority: String,
    port: u16,
    _files: relay_testkit::CertificateFiles,
}

impl Workflows {
    fn start() -> Result<Self> {
        let authority = Authority::new("Bench authority")?;
        let files = authority.certificate()?.to_files()?;
        let mut child = Command::new(std::env::current_exe()?)
            .env(CERTIFICATE, format!("{}\n{}", files.certificate.display(), files.key.display()))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line)?;
        Ok(Self { child, authority: authority.pem(), port: line.trim().parse()?, _files: files })
    }
}

impl Drop for Workflows {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves workflows.
async fn workflows(files: &str) -> Result {
    let (certificate, key) = files.split_once('\n').ok_or("two files")?;
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<std::result::Result<_, _>>()?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
    config.send_tls13_tickets = 0;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (tcp, _) = listener.accept().await?;
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let _ = tcp.set_nodelay(true);
            if let Ok(tls) = acceptor.accept(tcp).await {
                let _ = workflow(tls).await;
            }
        });
    }
}

/// Holds its device and asks for a variable, named like the device, at each tap.
async fn workflow<S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin>(stream: S) -> Result {
    let config = WebSocketConfig::default().read_buffer_size(1 << 10);
    let mut socket = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await?;
    let mut name = String::new();
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        let answer = if text.contains("wf_api_start_event") {
            let start: Value = serde_json::from_str(&text)?;
            let device = start["trigger"]["args"]["source_uri"].as_str().unwrap_or_default();
            name = device.rsplit(':').next().unwrap_or_default().replace("%20", " ");
            json!({
                "_id": "1", "_type": "wf_api_start_interaction_request",
                "_target": { "uris": [device] }, "name": "bench",
            })
        } else if text.contains("wf_api_button_event") {
            json!({ "_id": "2", "_type": "wf_api_get_var_request", "name": name })
        } else {
            continue;
        };
        socket.send(Message::Text(answer.to_string().into())).await?;
    }
    Ok(())
}
