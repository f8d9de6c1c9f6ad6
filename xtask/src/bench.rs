//! `cargo xtask bench`: builds the servers and the load generator, then lets the generator do the work.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Measures our SDK, a bare WebSocket loop and the official JS SDK in turns. `args` go to the load generator.
pub fn run(root: &Path, args: &[OsString]) -> Result<()> {
    let out = root.join("target/bench");
    let release = root.join("target/release");
    cargo(root, &["build", "--release", "--package", "bench"])?;
    cargo(root, &["build", "--release", "--package", "examples", "--example", "bench_target"])?;

    let mut load = Command::new(release.join("bench-load"));
    load.arg("--out").arg(&out);
    let mut server = |name: &str, command: String| _ = load.arg("--server").arg(format!("{name}={command}"));
    server("ours", release.join("examples/bench_target").display().to_string());
    server("bare", release.join("bench-bare").display().to_string());
    match install_js(root, &out) {
        Ok(()) => server("js", format!("node {}", out.join("js/server.mjs").display())),
        Err(error) => eprintln!("the official JS SDK is left out: {error:#}"),
    }
    done(load.args(args))
}

/// Installs the official JS SDK beside a copy of the server that uses it, out of the way of version control.
fn install_js(root: &Path, out: &Path) -> Result<()> {
    let folder = out.join("js");
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(root.join("bench/js"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    done(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(folder))
}

fn cargo(root: &Path, args: &[&str]) -> Result<()> {
    done(Command::new(env!("CARGO")).args(args).current_dir(root))
}

fn done(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    ensure!(status.success(), "{name}: {status}");
    Ok(())
}
