//! One workflow process, from its start to the end of its last session.

use std::path::PathBuf;
use std::time::Duration;

use relay_protocol::manifest::WorkflowManifest;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{sleep, timeout};

use super::process::{Process, Program, Streams};
use super::{manifest, port};
use crate::error::{CliError, Result};
use crate::uri::WorkflowUri;

/// How long a process may take until it answers.
const PATIENCE: Duration = Duration::from_secs(30);

/// What each process is told, whatever its port.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    /// Where it runs.
    pub(crate) dir: PathBuf,
    /// The chain and the key that it shows, in PEM.
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    /// Variables by which it, or what it calls, finds the server.
    pub(crate) variables: Vec<(&'static str, String)>,
}

/// A line that a process wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which process.
    pub(crate) generation: u32,
    pub(crate) text: String,
}

/// A workflow process that takes sessions.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) number: u32,
    process: Process,
    port: u16,
    /// What it says of itself; nothing if it is not made with our SDK.
    pub(crate) manifest: Vec<WorkflowManifest>,
}

impl Generation {
    /// Starts `program` and waits until it takes sessions. What it writes goes to `lines`.
    ///
    /// # Errors
    ///
    /// If it ends, or does not answer within half a minute.
    ///
    /// # Cancel safety
    ///
    /// The process ends when the future is dropped.
    pub(crate) async fn start(
        number: u32,
        program: &Program,
        around: &Surroundings,
        lines: &UnboundedSender<Line>,
    ) -> Result<Self> {
        let unavailable = |error| CliError::failed("there is no free port").cause(error);
        let (port, admin) = (port::any().map_err(unavailable)?, port::any().map_err(unavailable)?);
        let token = secret();
        let mut variables = around.variables.clone();
        variables.extend([
            ("PORT", port.to_string()),
            ("RELAY_BIND", "127.0.0.1".into()),
            ("RELAY_TLS_CERT", around.certificate.display().to_string()),
            ("RELAY_TLS_KEY", around.key.display().to_string()),
            ("RELAY_ADMIN", admin.to_string()),
            ("RELAY_ADMIN_TOKEN", token.clone()),
        ]);
        let mut process = program.start(&around.dir, &variables, Streams::Both)?;
        if let Some(stdout) = process.stdout() {
            forward(number, stdout, lines);
        }
        if let Some(stderr) = process.stderr() {
            forward(number, stderr, lines);
        }
        let ready = timeout(PATIENCE, ready(port, admin, &token));
        let manifest = tokio::select! {
            ready = ready => ready.map_err(|_| silent(port))?,
            status = process.wait() => return Err(ended(status)),
        };
        Ok(Self { number, process, port, manifest })
    }

    /// What is dialled for the workflow at `path`.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("wss://localhost:{}/{}", self.port, path.trim_start_matches('/'))
    }

    /// Whether it is this process that is dialled there, under whichever name of this machine.
    pub(crate) fn serves(&self, uri: &str) -> bool {
        WorkflowUri::parse(uri).is_ok_and(|uri| uri.port == self.port && uri.is_loopback())
    }

    /// Completes when the process ends by itself, and says how. Cancel safe.
    pub(crate) async fn ended(&mut self) -> CliError {
        ended(self.process.wait().await)
    }

    /// Asks it to end, which it does once its sessions are over.
    pub(crate) async fn drain(&mut self) {
        self.process.terminate().await;
    }

    /// Ends it, whatever it does.
    pub(crate) async fn end(self) {
        self.process.end().await;
    }
}

/// With our SDK the manifest answers as soon as sessions are taken. Others take connections: then they get a moment to
/// answer for the manifest too.
async fn ready(port: u16, admin: u16, token: &str) -> Vec<WorkflowManifest> {
    let open = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(250)).await;
    };
    tokio::select! {
        manifest = manifest::ask(admin, token) => manifest.unwrap_or_default(),
        () = open => Vec::new(),
    }
}

fn forward(generation: u32, stream: impl AsyncRead + Unpin + Send + 'static, lines: &UnboundedSender<Line>) {
    let lines = lines.clone();
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream).split(b'\n');
        while let Ok(Some(line)) = stream.next_segment().await {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if lines.send(Line { generation, text }).is_err() {
                return;
            }
        }
    });
}

fn silent(port: u16) -> CliError {
    CliError::failed(format_args!("the program runs, but nothing answers at its port {port}"))
        .cause("it is told its port by PORT, and its certificate by RELAY_TLS_CERT and RELAY_TLS_KEY")
        .next("does it call `from_env()` on its server?")
}

fn ended(status: Option<std::process::ExitStatus>) -> CliError {
    let how = match status.and_then(|status| status.code()) {
        Some(0) => "without an error".to_owned(),
        Some(code @ 129..) => format!("by signal {}", code - 128),
        Some(code) => format!("with exit code {code}"),
        None => "in an unknown way".to_owned(),
    };
    CliError::failed(format_args!("the workflow's program has ended {how}"))
}

/// For one process, and nobody else to guess.
fn secret() -> String {
    use std::hash::{BuildHasher, RandomState};
    let random = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", random(), random())
}
