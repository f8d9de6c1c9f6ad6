//! Why a request is refused, in words that teach.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{self, Display};

/// The text of an error response: a word for programs, then a sentence for people.
///
/// The protocol knows no list of such words, so these are ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    code: &'static str,
    text: String,
}

impl Refusal {
    /// A target of the wrong kind, or none.
    pub(crate) fn invalid_target(text: impl Display) -> Self {
        Self::new("invalid_target", text)
    }

    /// A field whose value makes no sense.
    pub(crate) fn invalid_value(text: impl Display) -> Self {
        Self::new("invalid_value", text)
    }

    /// Something named that is not there.
    pub(crate) fn not_found(text: impl Display) -> Self {
        Self::new("not_found", text)
    }

    /// Something made that is there already.
    pub(crate) fn already_exists(text: impl Display) -> Self {
        Self::new("already_exists", text)
    }

    /// Something that was there and is over.
    pub(crate) fn ended(text: impl Display) -> Self {
        Self::new("ended", text)
    }

    /// Something that cannot be done now, but may be later.
    pub(crate) fn unavailable(text: impl Display) -> Self {
        Self::new("unavailable", text)
    }

    /// A limit of the configuration.
    pub(crate) fn limit_exceeded(text: impl Display) -> Self {
        Self::new("limit_exceeded", text)
    }

    /// In words that somebody else has chosen.
    pub(crate) fn in_words(text: String) -> Self {
        Self { code: "", text }
    }

    /// A request that this engine does not know how to carry out.
    pub(crate) fn not_supported(request: &str) -> Self {
        Self::new("not_supported", format!("this engine cannot carry out {request} requests"))
    }

    fn new(code: &'static str, text: impl Display) -> Self {
        Self { code, text: text.to_string() }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            "" => f.write_str(&self.text),
            code => write!(f, "{code}: {}", self.text),
        }
    }
}
