//! What was said in an instance.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::UnixMs;

/// A line of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Counted up in its instance.
    pub number: u64,
    /// When it was said.
    pub at: UnixMs,
    /// What was said, in the form that the transcript chose.
    pub content: Value,
}
