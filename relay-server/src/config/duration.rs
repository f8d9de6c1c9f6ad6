//! Lengths of time, as people write them.

use std::fmt;
use std::time::Duration;

use jiff::SpanRelativeTo;
use jiff::fmt::friendly::SpanPrinter;
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// A length of time: `10s`, `1h 30m`, `250ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(
    /// The same for computers.
    pub Duration,
);

impl Span {
    /// Whole seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// Whole milliseconds, for what is kept in the store.
    pub fn as_millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }

    /// Reads what people write. A day has 24 hours, a week seven days.
    pub fn parse(text: &str) -> Option<Self> {
        let span: jiff::Span = text.parse().ok()?;
        let signed = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        Duration::try_from(signed).ok().map(Self)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&SpanPrinter::new().unsigned_duration_to_string(&self.0))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("{text:?} is no time span, as in `1h 30m`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, seconds) in
            [("10s", 10), ("1h 30m", 5400), ("24h", 86_400), ("2 minutes", 120), ("90d", 7_776_000)]
        {
            assert_eq!(Span::parse(text), Some(Span::seconds(seconds)), "{text}");
        }
        for bad in ["", "10", "-1s", "soon"] {
            assert_eq!(Span::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_span_survives_being_written() {
        for seconds in [0, 1, 90, 86_400, 2_592_000] {
            assert_eq!(Span::parse(&Span::seconds(seconds).to_string()), Some(Span::seconds(seconds)));
        }
    }
}
