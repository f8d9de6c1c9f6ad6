//! `cargo xtask interop`: peers that others have written, against our server.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::sh::Shell;
use crate::test::{Tally, Verdict};
use crate::tools::Tool;
use crate::workspace::Workspace;

/// What is installed from npm: the official JS SDK with workflows on it, and the official command line.
const SOURCES: &str = "relay-server/tests/interop";
/// Where that is, out of the way of version control.
const OUT: &str = "target/interop";

const TOOLS: [Tool; 2] =
    [Tool { command: "node", package: "nodejs" }, Tool { command: "npm", package: "npm" }];

/// Whether all went well. What did not has then been said.
pub fn run(shell: &Shell) -> Result<bool> {
    let (tally, output) = test(shell, install(shell)?)?;
    if tally.failed > 0 && !shell.verbose {
        println!("{output}");
    }
    println!("{tally}");
    Ok(tally.failed == 0)
}

/// As a step of `cargo xtask test`: without node or the registry of npm it is skipped.
pub fn step(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    for tool in &TOOLS {
        if let Err(missing) = tool.provide() {
            return Ok(Verdict::Skipped(missing));
        }
    }
    let folder = match install(shell) {
        Ok(folder) => folder,
        Err(error) => {
            return Ok(Verdict::Skipped(format!("the official peers cannot be installed: {error:#}")));
        }
    };
    let (tally, output) = test(shell, folder)?;
    Ok(Verdict::Ran { tally, output })
}

fn install(shell: &Shell) -> Result<PathBuf> {
    let out = shell.root.join(OUT);
    for peer in ["js", "cli"] {
        let folder = out.join(peer);
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(shell.root.join(SOURCES).join(peer))? {
            let entry = entry?;
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&folder);
        let installed = shell.capture(npm)?;
        ensure!(installed.success, "{}", installed.text);
    }
    Ok(out)
}

fn test(shell: &Shell, folder: PathBuf) -> Result<(Tally, String)> {
    let mut command = shell.cargo(&["test", "--workspace", "--test", "interop", "--", "--ignored"]);
    command.env("RELAY_INTEROP_JS", folder.join("js")).env("RELAY_INTEROP_CLI", folder.join("cli"));
    let output = shell.capture(command)?;
    Ok((Tally::of_libtest(&output.text).judged(output.success), output.text))
}
