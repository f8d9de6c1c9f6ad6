//! How large the `relay` command is, with the server inside.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;

use anyhow::{Result, bail, ensure};

use crate::sh::Shell;
use crate::test::{Tally, Verdict, ours};
use crate::workspace::Workspace;

/// What is measured. The release profile strips it.
const BINARY: &str = "target/release/relay";

/// In bytes: 20 MB, in which disks and downloads are counted.
const MOST: u64 = 20_000_000;

/// Builds it as it is handed out, and measures it.
pub fn run(shell: &Shell) -> Result<()> {
    let built = shell.capture(shell.cargo(&["build", "--release", "--locked", "--package", "relay-cli"]))?;
    ensure!(built.success, "{}", built.text);
    let Some(bytes) = measured(shell)? else { bail!("there is no {BINARY}") };
    println!("{BINARY} has {}, of {} at most", mb(bytes), mb(MOST));
    judge(bytes)
}

/// The same as a step of the tests, of a binary that somebody has built: to build it would take minutes of every run, most
/// of them in one thread, for a number that hardly moves.
pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    match measured(shell)? {
        Some(bytes) => ours(judge(bytes)),
        None => Ok(Verdict::Ran { tally: Tally::default(), output: String::new() }),
    }
}

fn measured(shell: &Shell) -> Result<Option<u64>> {
    let binary = shell.root.join(BINARY).with_extension(OsStr::new(std::env::consts::EXE_EXTENSION));
    match fs::metadata(binary) {
        Ok(file) => Ok(Some(file.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn judge(bytes: u64) -> Result<()> {
    ensure!(
        bytes <= MOST,
        "{BINARY} has {}, and may have {}; `cargo xtask size` builds it anew, `cargo bloat --release -p relay-cli --crates` \
         shows what is in it",
        mb(bytes),
        mb(MOST)
    );
    Ok(())
}

fn mb(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_is_allowed_is_too_much() {
        assert!(judge(MOST).is_ok());
        let error = judge(21_240_000).unwrap_err().to_string();
        assert!(error.contains("has 21.2 MB, and may have 20.0 MB"), "{error}");
    }
}
