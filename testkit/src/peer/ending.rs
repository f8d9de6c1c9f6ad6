//! How a connection ended.

use std::fmt;

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Code and text of the workflow side's close frame, if it sent one.
    pub close: Option<(u16, String)>,
    /// What broke the connection, if it was not closed.
    pub error: Option<String>,
}

impl Ending {
    /// The code of the workflow side's close frame.
    pub fn code(&self) -> Option<u16> {
        self.close.as_ref().map(|(code, _)| *code)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.close, &self.error) {
            (Some((code, reason)), _) => write!(f, "the workflow side closed with code {code} {reason}"),
            (None, Some(error)) => write!(f, "the connection broke: {error}"),
            (None, None) => f.write_str("the connection was closed without a close frame"),
        }
    }
}
