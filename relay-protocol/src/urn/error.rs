//! What can be wrong with a URN.

use alloc::string::String;
use core::fmt;

use super::{Urn, UrnKind};

/// Why a URN could not be read, built or narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrnError {
    /// The text is not a Relay URN.
    Malformed {
        /// The text as it was given.
        text: String,
    },
    /// A constructor was given an empty string. The official JS SDK rejects it too; the others build a URN
    /// without an id.
    Empty {
        /// The resource being named, such as `device`.
        resource: &'static str,
        /// What was empty: `name`, `id` or `status`.
        part: &'static str,
    },
    /// The URN names another kind of resource than the typed URN asked for.
    WrongKind {
        /// The URN as it was found; [`Urn::kind`] says what it is.
        found: Urn,
        /// The kind that was asked for.
        wanted: UrnKind,
    },
}

impl fmt::Display for UrnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { text } => write!(
                f,
                "{text:?} is not a Relay URN, which reads `urn:relay-resource:<name or id>:<resource>:<id>`"
            ),
            Self::Empty { resource, part } => write!(f, "the {resource} {part} is empty"),
            Self::WrongKind { found, wanted } => {
                write!(f, "wanted the URN of {wanted}, found that of {}: {found:?}", found.kind())
            }
        }
    }
}

impl core::error::Error for UrnError {}
