//! What logs may show of what people said.

use core::fmt;

/// Stands for a personal value in `Debug` output: its size, nothing of its content.
pub(crate) struct Redacted(pub(crate) usize);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} redacted>", self.0)
    }
}
