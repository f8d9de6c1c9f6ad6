//! Places in the stream of events.

use std::fmt;
use std::str::FromStr;

/// A place in the stream: `<boot>-<sequence>`. The boot tells the runs of a server apart, whose sequences all begin at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub(super) boot: u64,
    pub(super) sequence: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.boot, self.sequence)
    }
}

/// No cursor of this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCursor;

impl fmt::Display for BadCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cursor is the `id` of an event, as in `18c3f2a9e01-42`")
    }
}

impl std::error::Error for BadCursor {}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (boot, sequence) = text.split_once('-').ok_or(BadCursor)?;
        let boot = u64::from_str_radix(boot, 16).map_err(|_| BadCursor)?;
        Ok(Self { boot, sequence: sequence.parse().map_err(|_| BadCursor)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_being_written_down() {
        let cursor = Cursor { boot: 0x18c3_f2a9, sequence: 42 };
        assert_eq!(cursor.to_string(), "18c3f2a9-42");
        assert_eq!("18c3f2a9-42".parse(), Ok(cursor));
        for bad in ["", "42", "x-1", "1-", "1-x"] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor), "{bad}");
        }
    }
}
