//! How a trigger ended.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How a trigger ended. Each has exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// In one word.
    pub kind: OutcomeKind,
    /// For people: what happened. May be empty.
    #[serde(default)]
    pub reason: String,
}

impl Outcome {
    /// Ended so, because of this.
    pub fn new(kind: OutcomeKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_str())?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, ": {}", self.reason) }
    }
}

macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident { $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)* }) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[doc = $doc])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// As it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok(Self::$variant),)* _ => Err(UnknownWord(word.into())) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(super) use words;

words! {
    /// How a trigger ended, in one word.
    OutcomeKind {
        /// The workflow ended its run.
        Completed = "completed",
        /// Somebody stopped it: a person, the interface, the server's shutdown.
        Stopped = "stopped",
        /// The run began, and broke: the connection was lost, a rule of the protocol broken, a time-out.
        Broken = "broken",
        /// The run never began: every attempt failed, or could not be made.
        NotStarted = "not_started",
        /// The run never began before the trigger was too old.
        Expired = "expired",
        /// The server died while it ran.
        ServerLost = "server_lost",
        /// A time that passed while the server was down, too long ago to be made up for.
        Missed = "missed",
    }
}

/// A word that is none of those that may stand there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word that may stand here")]
pub struct UnknownWord(pub String);
