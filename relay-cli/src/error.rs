//! What a person is told when a command does not work: what happened, why, and what to do next.

use std::fmt;
use std::process::ExitCode;

use serde_json::{Value, json};

/// The result of everything a command does.
pub(crate) type Result<T, E = CliError> = std::result::Result<T, E>;

/// How the process ends. Scripts may rely on these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// It is done.
    Ok = 0,
    /// The server could not do it, or something else went wrong.
    Failed = 1,
    /// The command makes no sense as it was given.
    Usage = 2,
    /// What was named does not exist.
    NotFound = 3,
    /// The token is missing, not valid, or not enough.
    Denied = 4,
    /// There is no connection to the server.
    Unreachable = 5,
    /// The command did its work and found something wrong.
    Findings = 6,
    /// A question was answered with no, or nobody was there to answer it.
    Declined = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not work.
#[derive(Debug)]
pub struct CliError {
    exit: Exit,
    what: String,
    causes: Vec<String>,
    next: Option<String>,
}

impl CliError {
    /// `what` happened, in one line that begins in lower case.
    pub fn new(exit: Exit, what: impl fmt::Display) -> Self {
        Self { exit, what: what.to_string(), causes: Vec::new(), next: None }
    }

    /// Something went wrong that is not the user's fault.
    pub fn failed(what: impl fmt::Display) -> Self {
        Self::new(Exit::Failed, what)
    }

    /// The command makes no sense as it was given.
    pub fn usage(what: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// What was named does not exist.
    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::new(Exit::NotFound, what)
    }

    /// Whoever read the output has gone away: there is nothing to tell them.
    pub(crate) fn nobody_reads() -> Self {
        Self::new(Exit::Ok, "")
    }

    /// Adds why, below what is known already.
    #[must_use]
    pub fn cause(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// Says what to do now.
    #[must_use]
    pub fn next(mut self, next: impl fmt::Display) -> Self {
        self.next = Some(next.to_string());
        self
    }

    /// How the process ends.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether there is anybody to tell.
    pub(crate) fn is_silent(&self) -> bool {
        self.what.is_empty()
    }

    /// The reasons, from the nearest to the deepest.
    pub(crate) fn causes(&self) -> &[String] {
        &self.causes
    }

    /// What to do now, if that is known.
    pub(crate) fn next_step(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The same for programs.
    pub(crate) fn to_json(&self) -> Value {
        json!({ "error": { "message": self.what, "causes": self.causes, "next": self.next, "exit": self.exit as u8 } })
    }
}

/// One line, without causes.
impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for CliError {}
