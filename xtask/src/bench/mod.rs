//! What a session costs: in time, under load, beside other servers; and in instructions, beside what it cost before.

mod icount;
mod load;

use anyhow::{Result, ensure};

use crate::sh::Shell;

pub use icount::{check as check_icount, run as icount};
pub use load::{run as load, smoke};

/// Builds all programs of this folder at once, so that they share what they are built from.
fn build(shell: &Shell) -> Result<()> {
    let args = ["build", "--release", "--package", "bench", "--package", "examples"];
    let mut cargo = shell.cargo(&args);
    cargo.args(["--bins", "--example", "bench_target"]);
    let built = shell.capture(cargo)?;
    ensure!(built.success, "{}", built.text);
    Ok(())
}
