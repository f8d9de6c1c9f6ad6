//! Runs a fuzz target for some time.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// Runs `target` for `secs` seconds; without a target says which there are.
pub fn run(root: &Path, target: &str, secs: u64) -> Result<()> {
    let targets = targets(root)?;
    if target.is_empty() {
        println!("{}", targets.join("\n"));
        return Ok(());
    }
    ensure!(targets.iter().any(|t| t == target), "no target `{target}`; there are {}", targets.join(", "));
    ensure!(
        succeeds(nightly().arg("--version")),
        "fuzzing needs nightly Rust: rustup toolchain install nightly"
    );
    if !succeeds(nightly().args(["fuzz", "--version"])) {
        let installed = nightly().args(["install", "--locked", "cargo-fuzz"]).status()?.success();
        ensure!(installed, "fuzzing needs cargo-fuzz, which could not be installed");
    }
    let (corpus, seeds) = (format!("fuzz/corpus/{target}"), format!("fuzz/seeds/{target}"));
    std::fs::create_dir_all(root.join(&corpus))?;
    let mut fuzz = nightly();
    fuzz.args(["fuzz", "run", "--fuzz-dir", "fuzz", target, &corpus]).current_dir(root);
    if root.join(&seeds).is_dir() {
        fuzz.arg(&seeds);
    }
    fuzz.args(["--", &format!("-max_total_time={secs}")]);
    if !fuzz.status().context("cannot run cargo")?.success() {
        bail!("`{target}` failed; the input that did it lies in fuzz/artifacts/{target}");
    }
    Ok(())
}

/// The names of the targets, which are the files of `fuzz/fuzz_targets`.
fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        names.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Cargo of the nightly toolchain, whichever runs us.
fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]);
    command
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
