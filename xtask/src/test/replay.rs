//! The fuzz targets, on inputs that are known beforehand: they still build, and what they check holds for the seeds and
//! for some noise. Needs no nightly toolchain. The search for new inputs is `cargo xtask fuzz`.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::count::Tally;
use super::steps::Verdict;
use crate::fuzz;
use crate::sh::Shell;
use crate::tools::Tool;
use crate::workspace::Workspace;

/// The fuzzer's own library is C++.
const COMPILER: Tool = Tool { command: "c++", package: "g++" };

/// Where it is built, apart from the workspace's own.
const BUILT: &str = "target/fuzz";

const NOISES: u64 = 256;
const LONGEST_NOISE: u64 = 2048;

pub fn check(shell: &Shell, _: &Workspace) -> Result<Verdict> {
    if let Err(missing) = COMPILER.provide() {
        return Ok(Verdict::Skipped(missing));
    }
    let build = ["build", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", BUILT];
    let built = shell.capture(shell.cargo(&build))?;
    if !built.success {
        return Ok(Verdict::Ran { tally: Tally::FAILED, output: built.text });
    }
    let noises = noises(&shell.root.join(BUILT).join("noise"))?;
    let (mut tally, mut output) = (Tally::default(), String::new());
    for target in fuzz::targets(&shell.root)? {
        let mut command = Command::new(shell.root.join(BUILT).join(format!("debug/{target}{EXE_SUFFIX}")));
        command.args(seeds(&shell.root.join("fuzz/seeds").join(&target))?).args(&noises);
        let ran = shell.capture(command)?;
        tally += if ran.success { Tally::PASSED } else { Tally::FAILED };
        output += &ran.text;
    }
    Ok(Verdict::Ran { tally, output })
}

/// The committed inputs of a target, if it has any.
fn seeds(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect()
}

/// Files of bytes that look random and are the same each time.
fn noises(folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // xorshift64
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..NOISES)
        .map(|number| {
            let length = next() % LONGEST_NOISE;
            let bytes: Vec<u8> = (0..length).map(|_| next() as u8).collect();
            let path = folder.join(number.to_string());
            fs::write(&path, bytes)?;
            Ok(path)
        })
        .collect()
}
