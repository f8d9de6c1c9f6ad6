//! What the engine knows of a workflow.

use alloc::collections::BTreeMap;
use alloc::string::String;

/// A registered workflow: where it is and with what it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Workflow {
    /// Its name, for people.
    pub name: String,
    /// What the driver dials for each run.
    pub uri: String,
    /// The constants of this registration: variables that each run has from the start.
    pub args: BTreeMap<String, String>,
    /// Whether a run goes on after the person at the triggering device has left the interaction. (The word is the
    /// platform's; it means the opposite of what it suggests.) Default: true, as in the official command line.
    pub transient: bool,
}

impl Workflow {
    /// A workflow without arguments.
    pub fn new(name: impl Into<String>, uri: impl Into<String>) -> Self {
        Self { name: name.into(), uri: uri.into(), args: BTreeMap::new(), transient: true }
    }

    /// Adds an argument, or replaces it.
    #[must_use]
    pub fn arg(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.args.insert(name.into(), value.into());
        self
    }

    /// Says whether runs survive that the person leaves.
    #[must_use]
    pub fn transient(mut self, transient: bool) -> Self {
        self.transient = transient;
        self
    }
}
