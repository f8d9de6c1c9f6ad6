//! The steps: what is checked, and in which groups.

use std::process::Command;

use anyhow::Result;

use super::Group::{self, All, Docs, Lint, System, Ui, Unit};
use super::count::Tally;
use super::{fresh, layers, replay, runners};
use crate::sh::Shell;
use crate::workspace::Workspace;
use crate::{bench, codegen, interop, run, size, tidy};

/// One thing that is checked.
pub struct Step {
    pub name: &'static str,
    pub groups: &'static [Group],
    pub run: fn(&Shell, &Workspace) -> Result<Verdict>,
}

/// How a step ended.
#[derive(Debug)]
pub enum Verdict {
    Ran {
        tally: Tally,
        /// Shown when something failed.
        output: String,
    },
    /// With the reason.
    Skipped(String),
}

/// What is quick and fails often comes first.
pub const STEPS: &[Step] = &[
    Step { name: "generated files", groups: &[All, Unit, Lint], run: generated_files },
    Step { name: "formatting", groups: &[All, Unit, Lint], run: formatting },
    Step { name: "house rules", groups: &[All, Unit, Lint], run: house_rules },
    Step { name: "layers", groups: &[All, Lint], run: layers::check },
    Step { name: "unit tests", groups: &[All, Unit], run: runners::unit },
    Step { name: "clippy", groups: &[All, Lint], run: clippy },
    Step { name: "cores alone", groups: &[All, Lint], run: cores_alone },
    Step { name: "fuzz targets", groups: &[All], run: replay::check },
    Step { name: "integration tests", groups: &[All], run: runners::integration },
    Step { name: "compiler messages", groups: &[All, Ui], run: runners::ui },
    Step { name: "system tests", groups: &[All, System], run: runners::system },
    Step { name: "interop", groups: &[All, System], run: interop::step },
    Step { name: "demo", groups: &[All, System], run: demo },
    Step { name: "documentation", groups: &[All, Docs], run: documentation },
    Step { name: "doctests", groups: &[All, Docs], run: runners::doctests },
    Step { name: "fresh crate", groups: &[All, Docs], run: fresh::check },
    Step { name: "benchmarks", groups: &[All], run: runners::benchmarks },
    Step { name: "instruction counts", groups: &[All], run: bench::check_icount },
    Step { name: "size", groups: &[All, Lint], run: size::check },
    Step { name: "load", groups: &[All, System], run: bench::smoke },
];

/// A check that is one command: it passes or fails as a whole.
fn command(shell: &Shell, command: Command) -> Result<Verdict> {
    let output = shell.capture(command)?;
    let tally = if output.success { Tally::PASSED } else { Tally::FAILED };
    Ok(Verdict::Ran { tally, output: output.text })
}

/// A check that this program makes itself.
pub fn ours(result: Result<()>) -> Result<Verdict> {
    result.map(|()| Verdict::Ran { tally: Tally::PASSED, output: String::new() })
}

fn generated_files(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    ours(codegen::run(&shell.root, true))
}

fn formatting(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    command(shell, shell.cargo(&["fmt", "--all", "--check"]))
}

fn house_rules(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    ours(tidy::run(&shell.root))
}

fn clippy(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    command(
        shell,
        shell.cargo(&["clippy", "--workspace", "--all-targets", "--keep-going", "--", "-D", "warnings"]),
    )
}

/// Each by itself, without the features that others in the workspace ask of shared dependencies.
fn cores_alone(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let (mut tally, mut output) = (Tally::default(), String::new());
    for package in layers::NO_STD {
        let checked = shell.capture(shell.cargo(&["check", "--package", package]))?;
        tally += if checked.success { Tally::PASSED } else { Tally::FAILED };
        output += &checked.text;
    }
    Ok(Verdict::Ran { tally, output })
}

fn demo(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    command(shell, shell.cargo(run::DEMO))
}

fn documentation(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let mut doc = shell.cargo(&["doc", "--workspace", "--no-deps"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    command(shell, doc)
}
