//! What the engine knows of a workflow.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

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
    /// Whether the channels of its interactions are to be kept from the person at the triggering device. What that looks
    /// like is for whoever shows the device. Default: false.
    pub hidden: bool,
    /// The calls that are told to a run that has the device already, in place of starting another run. Default: none.
    pub absorb: Vec<Absorb>,
}

/// A call that a run can take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absorb {
    /// The person wants to call somebody: `on_call_request`.
    CallRequest,
    /// Somebody calls the device: `on_incoming_call`.
    IncomingCall,
}

impl Workflow {
    /// A workflow without arguments.
    pub fn new(name: impl Into<String>, uri: impl Into<String>) -> Self {
        let (args, absorb) = (BTreeMap::new(), Vec::new());
        Self { name: name.into(), uri: uri.into(), args, transient: true, hidden: false, absorb }
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

    /// Says whether its channels are kept from the person.
    #[must_use]
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Lets its runs take in such calls.
    #[must_use]
    pub fn absorb(mut self, absorb: Absorb) -> Self {
        self.absorb.push(absorb);
        self
    }
}
