//! Why a parameter could not be made.

use std::fmt;

/// Why a handler was not called: one of its parameters could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// A trigger that only a device can cause came without the device.
    NoSource {
        /// The trigger.
        trigger: &'static str,
    },
    /// A [`State`](super::State) of a type that was not registered with the server.
    NoState {
        /// The type.
        ty: &'static str,
    },
    /// The caller's arguments do not fit the type in [`Args`](super::Args).
    Args {
        /// The type.
        ty: &'static str,
        /// What does not fit.
        source: serde_json::Error,
    },
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSource { trigger } => {
                write!(f, "the start event of a {trigger} trigger names no device in `source_uri`")
            }
            Self::NoState { ty } => {
                write!(
                    f,
                    "no state of type `{ty}` is registered; pass one to `.state(..)` of the server builder"
                )
            }
            Self::Args { ty, .. } => write!(f, "the arguments of the HTTP call do not fit `{ty}`"),
        }
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Args { source, .. } => Some(source),
            _ => None,
        }
    }
}
