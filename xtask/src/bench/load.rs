//! Our SDK, a bare WebSocket loop and the official JS SDK under load, in turns.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::build;
use crate::flags::Bench;
use crate::sh::Shell;
use crate::test::{Tally, Verdict};
use crate::workspace::Workspace;

/// Where everything goes that is neither a program nor to be committed.
const OUT: &str = "target/bench";

/// The load generator with the servers to be measured.
struct Load(Command);

impl Load {
    fn new(shell: &Shell) -> Result<Self> {
        build(shell)?;
        let release = shell.root.join("target/release");
        let mut load = Self(Command::new(release.join("bench-load")));
        load.0.arg("--out").arg(shell.root.join(OUT));
        load.server("ours", release.join("bench-ours").display());
        load.server("bare", release.join("bench-bare").display());
        load.0.arg("--carried").arg(format!("ours={}", release.join("bench-carried").display()));
        Ok(load)
    }

    fn server(&mut self, name: &str, command: impl std::fmt::Display) {
        self.0.arg("--server").arg(format!("{name}={command}"));
    }

    /// The official JS SDK, installed beside a copy of the server that uses it, out of the way of version control.
    fn js(&mut self, shell: &Shell) -> Result<()> {
        let folder = shell.root.join(OUT).join("js");
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(shell.root.join("bench/js"))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&folder);
        let installed = shell.capture(npm)?;
        ensure!(installed.success, "{}", installed.text);
        self.server("js", format_args!("node {}", folder.join("server.mjs").display()));
        Ok(())
    }

    /// What a session allocates: a count, so the load generator only reports it beside its measurements.
    fn allocations(&mut self, shell: &Shell) -> Result<()> {
        let bench = ["bench", "--package", "relay-runtime", "--bench", "session_allocations"];
        let counted = shell.capture(shell.cargo(&bench))?;
        ensure!(counted.success, "{}", counted.text);
        let total = counted.text.lines().find_map(|line| line.strip_prefix("from start to gone"));
        let count = total.and_then(|figures| figures.split_whitespace().next()).context("no total")?;
        self.0.args(["--allocations", count]);
        Ok(())
    }
}

/// The measurements that the command line asks for. Whether all sessions went well with our SDK.
pub fn run(shell: &Shell, flags: &Bench) -> Result<bool> {
    let mut load = Load::new(shell)?;
    if flags.again {
        load.0.arg("--again");
        return shell.interactive(load.0);
    }
    if let Err(error) = load.js(shell) {
        eprintln!("the official JS SDK is left out: {error:#}");
    }
    if !flags.quick
        && flags.only.is_none()
        && let Err(error) = load.allocations(shell)
    {
        eprintln!("allocations are left out: {error:#}");
    }
    let Load(mut command) = load;
    if flags.quick {
        command.arg("--quick");
    }
    let number = |n: &Option<u64>| n.map(|n| n.to_string());
    let options = [
        ("--only", flags.only.clone()),
        ("--rounds", number(&flags.rounds)),
        ("--minutes", number(&flags.minutes)),
    ];
    for (flag, value) in options {
        if let Some(value) = value {
            command.args([flag, &value]);
        }
    }
    shell.interactive(command)
}

/// That the programs work and no session fails; not how fast.
pub fn smoke(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let Load(mut command) = Load::new(shell)?;
    command.arg("--quick");
    let output = shell.capture(command)?;
    let tally = if output.success { Tally::PASSED } else { Tally::FAILED };
    Ok(Verdict::Ran { tally, output: output.text })
}
