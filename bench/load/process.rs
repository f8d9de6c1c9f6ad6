//! A server under load, and what it uses.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::str::FromStr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;
use tokio::time::sleep;

use crate::tls::Certificate;

/// How to start a server. It is given `--port`, `--tls-cert` and `--tls-key` for wss, and `--tls-tickets` where clients
/// resume.
#[derive(Debug, Clone)]
pub struct Command {
    pub name: String,
    program: String,
    args: Vec<String>,
}

impl FromStr for Command {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, command) = text.split_once('=').ok_or("a server is given as name=command")?;
        let mut words = command.split_whitespace().map(str::to_owned);
        let program = words.next().ok_or("the command is empty")?;
        Ok(Self { name: name.to_owned(), program, args: words.collect() })
    }
}

impl Command {
    /// The same with one more argument.
    pub fn with(&self, arg: &str) -> Self {
        let mut command = self.clone();
        command.args.push(arg.to_owned());
        command
    }
}

/// A server that listens. Killed when dropped.
pub struct Process {
    child: Child,
    pid: u32,
    pub addr: SocketAddr,
}

impl Process {
    pub async fn start(command: &Command, certificate: Option<&Certificate>) -> Result<Self> {
        let addr = free_port().await?;
        let mut process = tokio::process::Command::new(&command.program);
        process.args(&command.args).arg("--port").arg(addr.port().to_string());
        if let Some(certificate) = certificate {
            process.arg("--tls-cert").arg(&certificate.chain).arg("--tls-key").arg(&certificate.key);
        }
        process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = process.spawn().with_context(|| format!("cannot start {}", command.program))?;
        let pid = child.id().context("the server is gone")?;
        for _ in 0..1000 {
            if TcpStream::connect(addr).await.is_ok() {
                return Ok(Self { child, pid, addr });
            }
            if let Some(status) = child.try_wait()? {
                bail!("{} ended with {status}", command.name);
            }
            sleep(Duration::from_millis(10)).await;
        }
        bail!("{} does not listen", command.name)
    }

    /// CPU time so far, user and system.
    pub fn cpu(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The second field is the program's name in brackets, whatever that holds.
        let (_, fields) = stat.rsplit_once(')').context("no such line in stat")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks =
            || fields.next().and_then(|field| field.parse::<u64>().ok()).context("no time in stat");
        let (user, system) = (ticks()?, ticks()?);
        Ok(Duration::from_secs(user + system) / u32::try_from(rustix::param::clock_ticks_per_second())?)
    }

    /// Resident memory in bytes. The exact count: the cheaper one in `statm` lags behind.
    pub fn resident(&self) -> Result<u64> {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.pid))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).context("no Rss")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Not one of the system's choice: those are the ports of past connections, which it keeps for a while.
async fn free_port() -> Result<SocketAddr> {
    static NEXT: AtomicU16 = AtomicU16::new(12_000);
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        ensure!(port < 30_000, "no free port");
        if TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await.is_ok() {
            return Ok((Ipv4Addr::LOCALHOST, port).into());
        }
    }
}
