//! What a session costs: in time, under load, beside other servers; and in instructions, beside what it cost before.

mod icount;
mod load;

use anyhow::{Result, ensure};

use crate::sh::Shell;

pub use icount::{check as check_icount, run as icount};
pub use load::{run as load, smoke};

/// Builds all programs at once, so that they share what they are built from.
fn build(shell: &Shell) -> Result<()> {
    let built = shell.capture(shell.cargo(&["build", "--release", "--package", "bench", "--bins"]))?;
    ensure!(built.success, "{}", built.text);
    Ok(())
}
