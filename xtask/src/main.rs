//! Chores of the workspace: `cargo xtask --help`.

#![allow(missing_docs, unreachable_pub, clippy::print_stdout, clippy::print_stderr)] // a program, not a library

mod bench;
mod codegen;
mod flags;
mod fuzz;
mod interop;
mod run;
mod schema;
mod sh;
mod size;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

use flags::{Xtask, XtaskCmd};
use sh::Shell;

fn main() -> ExitCode {
    match dispatch(Xtask::from_env_or_exit().subcommand) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is well. What is not has then been said.
fn dispatch(command: XtaskCmd) -> Result<bool> {
    let root = root();
    match command {
        XtaskCmd::Test(flags) => {
            let strict = flags.strict || test::on_ci();
            test::run(&Shell::new(root, flags.verbose), flags.group.unwrap_or_default(), strict)
        }
        XtaskCmd::Ci(flags) => test::run(&Shell::new(root, flags.verbose), test::Group::All, true),
        XtaskCmd::Codegen(flags) => codegen::run(&root, flags.check).map(|()| true),
        XtaskCmd::Tidy(_) => tidy::run(&root).map(|()| true),
        XtaskCmd::Demo(flags) => run::demo(&Shell::new(root, true), flags.verbose),
        XtaskCmd::Interop(flags) => interop::run(&Shell::new(root, flags.verbose)),
        XtaskCmd::Fuzz(flags) => {
            fuzz::run(&root, &flags.target.unwrap_or_default(), flags.secs.unwrap_or(60)).map(|()| true)
        }
        XtaskCmd::Bench(flags) => bench::load(&Shell::new(root, false), &flags),
        XtaskCmd::Size(_) => size::run(&Shell::new(root, false)).map(|()| true),
        XtaskCmd::Icount(flags) => bench::icount(&Shell::new(root, false), flags.write),
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}
