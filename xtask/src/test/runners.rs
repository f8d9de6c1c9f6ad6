//! The steps that run tests: nextest where it is installed, else `cargo test`, which every toolchain has.

use anyhow::Result;

use super::count::Tally;
use super::steps::Verdict;
use crate::sh::Shell;
use crate::workspace::Workspace;

/// What the compiler says about wrong workflows. Slow, since each case is a crate.
const UI: &str = "ui";
/// Whole systems over real sockets.
const SYSTEM: &str = "system";
/// Needs programs that cargo does not bring; see `interop.rs`.
const INTEROP: &str = "interop";
/// Their tests do no I/O, so that they belong to the inner loop wherever they stand.
const CORES: [&str; 3] = ["relay-protocol", "relay-engine", "relay-macros"];

/// The tests inside the crates, and all tests of the cores.
pub fn unit(shell: &Shell, workspace: &Workspace) -> Result<Verdict> {
    let mut args = vec!["--lib", "--bins"];
    args.extend(tests(workspace, |package, name| name != UI && CORES.contains(&package)));
    tested(shell, &args)
}

/// The tests beside the crates.
pub fn integration(shell: &Shell, workspace: &Workspace) -> Result<Verdict> {
    let other =
        |package: &str, name: &str| ![UI, SYSTEM, INTEROP].contains(&name) && !CORES.contains(&package);
    tested_if_any(shell, &tests(workspace, other))
}

pub fn ui(shell: &Shell, workspace: &Workspace) -> Result<Verdict> {
    tested_if_any(shell, &tests(workspace, |_, name| name == UI))
}

pub fn system(shell: &Shell, workspace: &Workspace) -> Result<Verdict> {
    tested_if_any(shell, &tests(workspace, |_, name| name == SYSTEM))
}

pub fn doctests(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let output = shell.capture(shell.cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]))?;
    let tally = Tally::of_libtest(&output.text).judged(output.success);
    Ok(Verdict::Ran { tally, output: output.text })
}

/// Runs each benchmark once, unoptimised: that it works, not how fast.
pub fn benchmarks(shell: &Shell, workspace: &Workspace) -> Result<Verdict> {
    let benches = selection("--bench", workspace.targets("bench").map(|(_, name)| name));
    if benches.is_empty() {
        return Ok(Verdict::Skipped("there are none".to_owned()));
    }
    let mut command = shell.cargo(&["test", "--workspace"]);
    command.args(&benches);
    let output = shell.capture(command)?;
    let tally = if output.success { Tally::PASSED } else { Tally::FAILED };
    Ok(Verdict::Ran { tally, output: output.text })
}

/// The test targets that are wanted, as arguments of cargo.
fn tests(workspace: &Workspace, wanted: impl Fn(&str, &str) -> bool) -> Vec<&str> {
    let found = workspace.targets("test").filter(|(package, name)| wanted(package, name));
    selection("--test", found.map(|(_, name)| name))
}

/// `--test a --test b`. Always with `--workspace` and never by package: then all steps ask for the same features, and
/// what one has built the next can use.
fn selection<'a>(flag: &'a str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.flat_map(|name| [flag, name]).collect()
}

fn tested_if_any(shell: &Shell, args: &[&str]) -> Result<Verdict> {
    if args.is_empty() { Ok(Verdict::Skipped("there are none".to_owned())) } else { tested(shell, args) }
}

fn tested(shell: &Shell, args: &[&str]) -> Result<Verdict> {
    let nextest = shell.read(shell.cargo(&["nextest", "--version"])).is_ok();
    let runner: &[&str] = if nextest { &["nextest", "run", "--cargo-quiet"] } else { &["test", "--quiet"] };
    let mut command = shell.cargo(runner);
    command.args(["--workspace", "--no-fail-fast"]).args(args);
    let output = shell.capture(command)?;
    let counted = if nextest { Tally::of_nextest(&output.text) } else { Tally::of_libtest(&output.text) };
    Ok(Verdict::Ran { tally: counted.judged(output.success), output: output.text })
}
