//! Numbers of bytes, as people write them.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// A number of bytes: `512`, `64 KiB`, `10 MiB`, `1 GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(
    /// In bytes.
    pub u64,
);

const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];

impl Size {
    /// Whole mebibytes.
    pub const fn mib(count: u64) -> Self {
        Self(count << 20)
    }

    /// As what the length of something in memory is compared with.
    pub fn bytes(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let factor = match text[digits.len()..].trim() {
            "" | "B" => 1,
            unit => UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?.1,
        };
        digits.trim().parse::<u64>().ok()?.checked_mul(factor).map(Self)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.into_iter().find(|(_, factor)| self.0 != 0 && self.0.is_multiple_of(*factor)) {
            Some((unit, factor)) => write!(f, "{} {unit}", self.0 / factor),
            None => write!(f, "{}", self.0),
        }
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is no size, as in `64 KiB`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [("512", 512), ("64 KiB", 65_536), ("10mib", 10 << 20), ("1 GiB", 1 << 30)] {
            assert_eq!(Size::parse(text), Some(Size(bytes)), "{text}");
        }
        for bad in ["", "KiB", "1 kB", "-1", "1.5 MiB", "99999999999 GiB"] {
            assert_eq!(Size::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_size_survives_being_written() {
        for bytes in [0, 1, 1000, 1024, 3 << 20, 5 << 30] {
            assert_eq!(Size::parse(&Size(bytes).to_string()), Some(Size(bytes)));
        }
    }
}
