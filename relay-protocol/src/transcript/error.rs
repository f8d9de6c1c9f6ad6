//! Why a text is no transcript.

use alloc::string::String;
use core::error::Error;
use core::fmt;

/// Why a text is no transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TranscriptError {
    /// The first line is not that of a transcript.
    NoTranscript,
    /// A format that this version cannot read.
    Version {
        /// Its number.
        found: u64,
    },
    /// A line cannot be read.
    Line {
        /// Its number, from 1.
        number: usize,
        /// What is wrong with it.
        why: String,
    },
}

impl fmt::Display for TranscriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTranscript => f.write_str("not a transcript: it does not begin with `relay_transcript`"),
            Self::Version { found } => {
                write!(f, "a transcript in the format {found}, of which this version knows only 1")
            }
            Self::Line { number, why } => write!(f, "line {number} of the transcript: {why}"),
        }
    }
}

impl Error for TranscriptError {}
