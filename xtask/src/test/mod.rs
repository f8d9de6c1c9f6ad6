//! `cargo xtask test`: every check there is, as a list of steps.

mod count;
mod fresh;
mod layers;
mod replay;
mod runners;
mod steps;

use std::io::{self, Write};
use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::sh::Shell;
use crate::workspace::Workspace;
use steps::Step;

pub use count::Tally;
pub use steps::{Verdict, ours};

/// Which steps are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// Everything.
    #[default]
    All,
    /// What one runs while writing code.
    Unit,
    /// Formatting, lints, house rules: nothing that runs the project.
    Lint,
    /// What the compiler says about wrong workflows.
    Ui,
    /// Whole systems over real sockets.
    System,
    /// The documentation and its programs.
    Docs,
}

impl FromStr for Group {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "all" => Self::All,
            "unit" => Self::Unit,
            "lint" => Self::Lint,
            "ui" => Self::Ui,
            "system" => Self::System,
            "docs" => Self::Docs,
            _ => return Err("expected all, unit, lint, ui, system or docs"),
        })
    }
}

/// Whether nobody is there to read that something was skipped.
pub fn on_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Runs the steps of a group, all of them even when some fail. Whether none did.
pub fn run(shell: &Shell, group: Group, strict: bool) -> Result<bool> {
    let workspace = Workspace::load(shell)?;
    let begun = Instant::now();
    let mut sum = Tally::default();
    let mut bad = Vec::new();
    for step in steps::STEPS.iter().filter(|step| step.groups.contains(&group)) {
        let tally = take(step, shell, &workspace)?;
        if tally.failed > 0 || strict && tally.skipped > 0 {
            bad.push(step.name);
        }
        sum += tally;
    }
    if strict {
        sum = sum.strictly();
    }
    println!("\n{} in all", seconds(begun.elapsed()).trim_start());
    if !bad.is_empty() {
        println!("not well: {}", bad.join(", "));
    }
    println!("{sum}");
    Ok(sum.failed == 0)
}

/// One step and its line.
fn take(step: &Step, shell: &Shell, workspace: &Workspace) -> Result<Tally> {
    print!("{:<20}", step.name);
    if shell.verbose {
        println!();
    }
    io::stdout().flush()?; // so that a step that hangs is the one in sight
    let begun = Instant::now();
    let verdict = (step.run)(shell, workspace);
    let time = seconds(begun.elapsed());
    if shell.verbose {
        print!("{:<20}", step.name);
    }
    Ok(match verdict {
        Ok(Verdict::Skipped(why)) => {
            println!(" skipped {time}   {why}");
            Tally { skipped: 1, ..Tally::default() }
        }
        Ok(Verdict::Ran { tally, output }) => {
            let word = if tally.failed > 0 { "FAILED" } else { "ok" };
            println!(
                " {word:<7} {time}   {}",
                if tally.is_one() { String::new() } else { tally.to_string() }
            );
            if tally.failed > 0 && !shell.verbose {
                indented(&output);
            }
            tally
        }
        Err(error) => {
            println!(" FAILED  {time}");
            indented(&format!("{error:#}"));
            Tally::FAILED
        }
    })
}

/// Set apart from our own lines, of which the last is looked for by machines.
fn indented(text: &str) {
    for line in text.lines() {
        println!("    | {line}");
    }
}

fn seconds(time: Duration) -> String {
    format!("{:>6.1} s", time.as_secs_f64())
}
