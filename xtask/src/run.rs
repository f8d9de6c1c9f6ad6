//! Chores that are one command of cargo.

use anyhow::Result;

use crate::sh::Shell;

/// The arguments that run the demo.
pub const DEMO: &[&str] = &["run", "--quiet", "--package", "demo", "--"];

/// The whole chain once, in front of you.
pub fn demo(shell: &Shell, verbose: bool) -> Result<bool> {
    let mut command = shell.cargo(DEMO);
    if verbose {
        command.arg("--verbose");
    }
    shell.interactive(command)
}
