//! What a story did not expect.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use relay_protocol::session::Misuse;

/// Why a conversation did not go as the story says.
///
/// `Debug`, which is what a failing test prints, tells the conversation, too.
pub struct PeerError {
    /// What went wrong.
    pub trouble: Trouble,
    /// What was said before, a line for each frame.
    pub conversation: String,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// The workflow asked for something else.
    Unexpected {
        /// What the story expects.
        wanted: String,
        /// What came instead.
        came: String,
    },
    /// The connection is over.
    Over {
        /// What the story expects.
        wanted: String,
        /// How it ended.
        ending: String,
    },
    /// Nothing came.
    TooSlow {
        /// What the story expects.
        wanted: String,
        /// How long was waited.
        after: Duration,
    },
    /// The story breaks the rules of the protocol.
    Misuse(Misuse),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { wanted, came } => write!(f, "expected {wanted}, but {came} came"),
            Self::Over { wanted, ending } => write!(f, "expected {wanted}, but {ending}"),
            Self::TooSlow { wanted, after } => {
                write!(f, "expected {wanted}, but nothing came within {after:?}")
            }
            Self::Misuse(misuse) => write!(f, "not allowed by the protocol: {misuse}"),
        }
    }
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.trouble.fmt(f)
    }
}

impl fmt::Debug for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; the conversation was:\n{}", self.trouble, self.conversation)
    }
}

impl Error for PeerError {}
