//! How many instructions the hot paths take, beside a baseline that is committed.
//!
//! Instructions and not time: two runs differ by a thousandth, whatever else the machine does meanwhile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::build;
use crate::sh::Shell;
use crate::test::{Tally, Verdict};
use crate::tools::Tool;
use crate::workspace::Workspace;

const VALGRIND: Tool = Tool { command: "valgrind", package: "valgrind" };

const BASELINE: &str = "bench/icount/baseline.toml";

const HEADER: &str = "\
# Instructions of one round of each case, for x86_64 Linux. Written by `cargo xtask icount --write`.
# A case that takes 5 % more fails `cargo xtask test`.

";

/// Percent that a case may cost more; and less, until the baseline is worth writing anew.
const TOLERANCE: f64 = 5.0;

/// The cost of one round is the difference between these two: starting and ending do not count.
const ROUNDS: [u64; 2] = [100, 300];

/// What `bench-icount` knows to do.
const CASES: [&str; 6] = ["decode", "encode", "session", "dispatch", "request", "hello"];

type Counts = BTreeMap<String, u64>;

/// Counts, and compares or keeps the counts. Whether no case has become dearer.
pub fn run(shell: &Shell, write: bool) -> Result<bool> {
    VALGRIND.provide().map_err(anyhow::Error::msg)?;
    let counts = count(shell)?;
    if write {
        let lines: String = counts.iter().map(|(case, count)| format!("{case} = {count}\n")).collect();
        fs::write(shell.root.join(BASELINE), format!("{HEADER}{lines}"))?;
    }
    let (tally, table) = compare(&counts, &baseline(shell)?);
    print!("{table}");
    Ok(tally.failed == 0)
}

/// The same as a step of the tests.
pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Ok(Verdict::Skipped("the baseline is for x86_64 Linux".to_owned()));
    }
    if let Err(missing) = VALGRIND.provide() {
        return Ok(Verdict::Skipped(missing));
    }
    let (tally, output) = compare(&count(shell)?, &baseline(shell)?);
    Ok(Verdict::Ran { tally, output })
}

fn count(shell: &Shell) -> Result<Counts> {
    build(shell)?;
    let one = |case: &str| {
        let [few, many] = [instructions(shell, case, ROUNDS[0])?, instructions(shell, case, ROUNDS[1])?];
        Ok((case.to_owned(), many.saturating_sub(few) / (ROUNDS[1] - ROUNDS[0])))
    };
    CASES.into_iter().map(one).collect()
}

fn instructions(shell: &Shell, case: &str, rounds: u64) -> Result<u64> {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    command.args(["target/release/bench-icount", case, &rounds.to_string()]);
    let output = shell.capture(command)?;
    ensure!(output.success, "{}", output.text);
    let line = output.text.lines().find_map(|line| line.split_once("Collected : "));
    let (_, count) = line.with_context(|| format!("valgrind counted nothing:\n{}", output.text))?;
    Ok(count.trim().parse()?)
}

fn baseline(shell: &Shell) -> Result<Counts> {
    let text = fs::read_to_string(shell.root.join(BASELINE)).context(BASELINE)?;
    Ok(toml::from_str(&text)?)
}

/// A check for each case, and a table for those who want to know.
fn compare(counts: &Counts, baseline: &Counts) -> (Tally, String) {
    let (mut tally, mut table, mut stale) = (Tally::default(), String::new(), false);
    for (case, &is) in counts {
        let was = baseline.get(case).copied().unwrap_or_default();
        let percent = (is as f64 - was as f64) * 100.0 / was as f64;
        let dearer = percent > TOLERANCE || was == 0;
        tally += if dearer { Tally::FAILED } else { Tally::PASSED };
        stale |= percent.abs() > TOLERANCE;
        let verdict = if dearer { "  dearer" } else { "" };
        let _ = writeln!(table, "{case:<10}{was:>10} → {is:>10} {percent:>+7.1} %{verdict}");
    }
    if stale {
        table += "if that is as it should be: cargo xtask icount --write\n";
    }
    (tally, table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(was: u64, is: u64) -> (u64, bool) {
        let counts = |count| Counts::from([("decode".to_owned(), count)]);
        let (tally, table) = compare(&counts(is), &counts(was));
        (tally.failed, table.contains("--write"))
    }

    #[test]
    fn a_case_may_cost_a_little_more_and_much_less() {
        assert_eq!(compared(1000, 1050), (0, false));
        assert_eq!(compared(1000, 1051), (1, true));
        assert_eq!(compared(1000, 900), (0, true));
    }

    #[test]
    fn a_case_without_baseline_fails() {
        assert_eq!(compared(0, 1000), (1, true));
    }
}
