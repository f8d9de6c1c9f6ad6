//! Where the workflow comes from, and how a new process of it is made.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use tokio::sync::mpsc::UnboundedSender;

use super::build::{Build, Cargo};
use super::generation::{Generation, Line, Surroundings};
use super::process::Program;
use crate::error::Result;

/// Where the workflow comes from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A cargo project, built by us.
    Cargo(Cargo),
    /// A command that starts it.
    Command(String),
    /// It is served there, and none of our business.
    Served(String),
}

/// What came of an attempt to make a new process.
#[derive(Debug)]
pub(crate) enum Made {
    /// It takes sessions.
    New(Box<New>),
    /// The program is the same as before.
    Same,
    /// It could not be built, about which all has been said. Something in these folders has to change.
    Broken(BTreeSet<PathBuf>),
}

/// A new process.
#[derive(Debug)]
pub(crate) struct New {
    pub(crate) generation: Generation,
    pub(crate) linked: Option<SystemTime>,
    /// Where its sources are.
    pub(crate) folders: BTreeSet<PathBuf>,
    /// When it was built.
    pub(crate) built: Instant,
}

impl Source {
    pub(crate) fn cargo(dir: &Path, args: Vec<OsString>, color: bool) -> Self {
        Self::Cargo(Cargo::new(dir, args, color))
    }

    /// Builds the program, if it is ours to build. What there is to say of it goes to stderr.
    ///
    /// # Cancel safety
    ///
    /// Cargo is stopped when the future is dropped.
    pub(crate) async fn build(&self, quiet: bool) -> Result<Built> {
        let build = match self {
            Self::Cargo(cargo) => cargo.build(quiet, say).await?,
            Self::Command(_) | Self::Served(_) => Build::default(),
        };
        Ok(Built { build, at: Instant::now() })
    }

    /// What is run.
    fn program(&self, build: &Build) -> Option<Program> {
        match self {
            Self::Cargo(_) => build.program.as_ref().map(Program::new),
            Self::Command(line) => Some(Program::shell(line)),
            Self::Served(_) => None,
        }
    }

    /// Starts what was built, unless it is what runs already: what was linked at the time `runs`.
    ///
    /// # Cancel safety
    ///
    /// The process ends when the future is dropped.
    pub(crate) async fn start(
        &self,
        built: Built,
        number: u32,
        runs: Option<SystemTime>,
        around: &Surroundings,
        lines: &UnboundedSender<Line>,
    ) -> Result<Made> {
        let Built { build, at } = built;
        let Some(program) = self.program(&build) else { return Ok(Made::Broken(build.folders)) };
        if runs.is_some() && build.linked == runs {
            return Ok(Made::Same);
        }
        let generation = Generation::start(number, &program, around, lines).await?;
        Ok(Made::New(Box::new(New { generation, linked: build.linked, folders: build.folders, built: at })))
    }
}

/// A build that is done.
#[derive(Debug)]
pub(crate) struct Built {
    build: Build,
    at: Instant,
}

/// As cargo would have said it itself.
fn say(rendered: &str) {
    // What cannot be said to people is not worth failing for.
    let _ = writeln!(anstream::stderr(), "{rendered}");
}
