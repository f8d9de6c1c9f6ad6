//! A crate as a user would begin one: outside of the workspace, with `relay-runtime` as its only dependency, and the
//! program of the README in it.

use std::fs;

use anyhow::{Context, Result};

use super::count::Tally;
use super::steps::Verdict;
use crate::sh::Shell;
use crate::workspace::Workspace;

/// Where it is written. It shares the workspace's own target folder, so that it is built from scratch only once.
const CRATE: &str = "target/fresh-crate";

/// A workspace of its own, or cargo would take it for a forgotten member of ours.
const MANIFEST: &str = "\
[package]
name = \"fresh-crate\"
edition = \"2024\"

[dependencies]
relay-runtime = { path = \"../../relay-runtime\" }

[workspace]
";

pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    let readme = fs::read_to_string(shell.root.join("README.md"))?;
    let program = program(&readme).context("the README has no program")?;
    let folder = shell.root.join(CRATE);
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/main.rs"), program)?;
    // The versions that we have, so that nothing new is downloaded.
    fs::copy(shell.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    let manifest = format!("{CRATE}/Cargo.toml");
    let checked =
        shell.capture(shell.cargo(&["check", "--manifest-path", &manifest, "--target-dir", "target"]))?;
    let tally = if checked.success { Tally::PASSED } else { Tally::FAILED };
    Ok(Verdict::Ran { tally, output: checked.text })
}

/// The first Rust program in a Markdown text.
fn program(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("```rust")?;
    let (_, rest) = rest.split_once('\n')?;
    Some(rest.split_once("```")?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_what_stands_between_the_fences() {
        assert_eq!(
            program("# A\n```rust,no_run\nfn main() {}\n```\nand\n```sh\nls\n```"),
            Some("fn main() {}\n")
        );
        assert_eq!(program("```sh\nls\n```"), None);
    }
}
