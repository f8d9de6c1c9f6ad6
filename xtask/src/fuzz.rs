//! Runs a fuzz target for some time.

use std::collections::BTreeSet;
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
    let corpus = format!("fuzz/corpus/{target}");
    sow(root, target, &root.join(&corpus))?;
    let mut fuzz = nightly();
    fuzz.args(["fuzz", "run", "--fuzz-dir", "fuzz", target, &corpus, "--"]);
    fuzz.arg(format!("-max_total_time={secs}")).current_dir(root);
    if !fuzz.status().context("cannot run cargo")?.success() {
        bail!("`{target}` failed; the input that did it lies in fuzz/artifacts/{target}");
    }
    Ok(())
}

/// The names of the targets, which are the files of `fuzz/fuzz_targets`.
pub fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for file in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        names.extend(file?.path().file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Gives the fuzzer something to begin with: the frames of the session scripts, or the URNs in them.
fn sow(root: &Path, target: &str, corpus: &Path) -> Result<()> {
    std::fs::create_dir_all(corpus)?;
    let mut seeds = BTreeSet::new();
    for script in std::fs::read_dir(root.join("relay-protocol/tests/data/sessions"))? {
        let text = std::fs::read_to_string(script?.path())?;
        let frames = text.lines().filter_map(|line| line.strip_prefix("> ").or(line.strip_prefix("< ")));
        match target {
            "codec" => seeds.extend(frames.map(str::to_owned)),
            "urn" => seeds.extend(text.split('"').filter(|t| t.starts_with("urn:")).map(str::to_owned)),
            _ => {} // its input is no text
        }
    }
    for (number, seed) in seeds.iter().enumerate() {
        std::fs::write(corpus.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
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
