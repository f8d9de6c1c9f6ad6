//! What can be wrong with settings.

use std::fmt;
use std::path::PathBuf;

use super::layers::Origin;

/// Why the server cannot be configured so.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no TOML.
    Syntax {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// There is no such setting.
    Unknown {
        /// Where it was set.
        origin: Origin,
        /// What was set.
        key: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The setting cannot have this value.
    Value {
        /// Where it was set.
        origin: Origin,
        /// The setting.
        key: &'static str,
        /// What it must be.
        why: String,
    },
    /// Two settings do not go together.
    Conflict {
        /// Which, why, and what to do.
        why: &'static str,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::Syntax { path, source } => {
                write!(f, "{}: {}", path.display(), source.to_string().trim_end())
            }
            Self::Unknown { origin, key, suggestion } => {
                write!(f, "{origin}: there is no setting `{key}`")?;
                suggestion.map_or(Ok(()), |meant| write!(f, "; did you mean `{meant}`?"))
            }
            Self::Value { origin, key, why } => write!(f, "{origin}: `{key}` {why}"),
            Self::Conflict { why } => f.write_str(why),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}
