//! Programs that a step needs and cargo does not bring.

use std::process::{Command, Stdio};

/// A program, and the Debian package that has it.
#[derive(Debug)]
pub struct Tool {
    pub command: &'static str,
    pub package: &'static str,
}

impl Tool {
    /// Makes the program available: it is there, or it can be installed without asking anybody.
    ///
    /// # Errors
    ///
    /// One line that says what is missing.
    pub fn provide(&self) -> Result<(), String> {
        let Self { command, package } = self;
        let there = || succeeds(command, &["--version"]);
        if there() || is_root() && succeeds("apt-get", &["install", "--yes", package]) && there() {
            return Ok(());
        }
        Err(format!("`{command}` is missing: install the package {package}"))
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeeds(program: &str, args: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
