//! The example as a running process.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use relay_testkit::CertificateFiles;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// How long the server may take to start, to say something that is due, and to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, killed when dropped.
pub(crate) struct Server {
    child: Child,
    output: UnboundedReceiver<String>,
    said: Vec<String>,
}

impl Server {
    /// Starts the program on a free port of this machine.
    pub(crate) fn start(program: &Path, certificate: &CertificateFiles) -> Result<Self> {
        let mut child = Command::new(program)
            .env("PORT", "0")
            .env("RELAY_BIND", "127.0.0.1")
            .env("RELAY_TLS_CERT", &certificate.certificate)
            .env("RELAY_TLS_KEY", &certificate.key)
            .env("RUST_LOG", "relay_runtime=info")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be run", program.display()))?;
        let (sender, output) = unbounded_channel();
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(lines(stdout, sender.clone()));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(lines(stderr, sender));
        }
        Ok(Self { child, output, said: Vec::new() })
    }

    /// Where it listens, as it says itself: to choose a port for it would be to race with everybody else for it.
    pub(crate) async fn address(&mut self) -> Result<String> {
        let line = self.line("listening on ").await?;
        let address = line.split("listening on ").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.context("the server does not say where it listens")?;
        ensure!(address.starts_with("wss://"), "the server listens on {address}, without TLS");
        Ok(address.to_owned())
    }

    /// Waits for a line of its output that holds `part`.
    pub(crate) async fn line(&mut self, part: &str) -> Result<String> {
        let found = async {
            while let Some(line) = self.output.recv().await {
                self.said.push(line.clone());
                if line.contains(part) {
                    return Some(line);
                }
            }
            None
        };
        match timeout(PATIENCE, found).await {
            Ok(Some(line)) => Ok(line),
            Ok(None) => bail!("the server ended before it said \"{part}\""),
            Err(_) => bail!("the server did not say \"{part}\" within {PATIENCE:?}"),
        }
    }

    /// Asks it to stop, as an init system does.
    #[cfg(unix)]
    pub(crate) async fn terminate(&self) -> Result<()> {
        let id = self.child.id().context("the server is not running any more")?;
        let sent = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
        ensure!(sent.context("`kill` cannot be run")?.success(), "SIGTERM could not be sent");
        Ok(())
    }

    /// Waits until it is gone.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus> {
        match timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => Ok(status?),
            Err(_) => bail!("the server still runs after {PATIENCE:?}"),
        }
    }

    /// What it said so far.
    pub(crate) fn output(&mut self) -> &[String] {
        while let Ok(line) = self.output.try_recv() {
            self.said.push(line);
        }
        &self.said
    }
}

impl Drop for Server {
    /// Waits as well: who interrupts this should not find the rest of it among the processes.
    fn drop(&mut self) {
        let begun = Instant::now();
        if self.child.start_kill().is_ok() {
            while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < Duration::from_secs(1) {
                std::thread::yield_now();
            }
        }
    }
}

async fn lines(output: impl AsyncRead + Unpin, sender: UnboundedSender<String>) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if sender.send(line).is_err() {
            break;
        }
    }
}
