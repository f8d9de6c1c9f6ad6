//! `relay completions` and `relay man`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::Cx;
use crate::cli;
use crate::error::{CliError, Result};

/// Write a completion script for a shell to stdout.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut cli::command(), "relay", &mut script);
        cx.out.line(String::from_utf8_lossy(&script).trim_end())
    }
}

/// Write the manual pages into a directory.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Made if it does not exist
    dir: PathBuf,
}

impl Man {
    pub(crate) fn run(self, cx: &Cx) -> Result<()> {
        let written =
            fs::create_dir_all(&self.dir).and_then(|()| clap_mangen::generate_to(cli::command(), &self.dir));
        written.map_err(|error| {
            CliError::failed(format_args!("cannot write to {}", self.dir.display())).cause(error)
        })?;
        cx.out.note(format_args!(
            "manual pages are in {}: man -l {}",
            self.dir.display(),
            self.dir.join("relay.1").display()
        ));
        Ok(())
    }
}
