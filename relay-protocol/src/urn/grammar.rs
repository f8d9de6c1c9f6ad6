//! The text of a URN: its parts, its kind, its escapes.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode};

pub(super) const PREFIX: &str = "urn:relay-resource:";

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a URN names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum UrnKind {
    /// One device.
    Device,
    /// A group of devices.
    Group,
    /// A group with a `device` parameter: that device as a member of the group.
    GroupMember,
    /// An interaction, on every device in it or on those that its `device` parameters name.
    Interaction,
    /// An interaction with a `status` parameter: the devices whose interaction is in that state.
    InteractionWithStatus,
    /// Every device of the account.
    AllDevices,
    /// The platform itself, as the originator of something.
    Server,
    /// A resource that this crate has no word for. It is kept, for a newer peer may know it.
    Other,
}

impl UrnKind {
    /// Whether this is an interaction, with or without parameters.
    pub fn is_interaction(self) -> bool {
        matches!(self, Self::Interaction | Self::InteractionWithStatus)
    }
}

impl fmt::Display for UrnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "a device",
            Self::Group => "a group",
            Self::GroupMember => "a group member",
            Self::Interaction => "an interaction",
            Self::InteractionWithStatus => "the devices of an interaction with a status",
            Self::AllDevices => "all devices",
            Self::Server => "the server",
            Self::Other => "another resource",
        })
    }
}

/// Whether the text is a Relay URN, that is, whether [`Urn::parse`](super::Urn::parse) would take it.
///
/// The helper of this name in the official SDKs looks at the prefix only (the JS one also counts colons), and so
/// says yes to text that names nothing. Our choice is one answer everywhere.
pub fn is_relay_urn(text: &str) -> bool {
    Parts::of(text).is_some()
}

/// Whether the text is the Relay URN of an interaction, with or without parameters.
///
/// The helper of this name in the official SDKs searches the text for the interaction prefix, wherever it stands.
pub fn is_interaction(text: &str) -> bool {
    Parts::of(text).is_some_and(|parts| parts.kind().is_interaction())
}

/// A URN cut at its separators. Nothing is decoded.
pub(super) struct Parts<'a> {
    /// `name`, `id` or `all`.
    pub(super) id_type: &'a str,
    pub(super) resource: &'a str,
    /// Empty under `all` only.
    pub(super) id: &'a str,
    query: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a well-formed URN.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(PREFIX)?;
        let (path, query) = cut(rest, b'?').unwrap_or((rest, ""));
        let (id_type, path) = cut(path, b':')?;
        // Three parts and no more: a colon that a peer left raw belongs to the id.
        let (resource, id) = cut(path, b':').map_or((path, None), |(resource, id)| (resource, Some(id)));
        let whole = match id_type {
            "all" => id.is_none(),
            "name" | "id" => id.is_some_and(|id| !id.is_empty()),
            _ => false,
        };
        (whole && !resource.is_empty()).then(|| Self { id_type, resource, id: id.unwrap_or_default(), query })
    }

    pub(super) fn kind(&self) -> UrnKind {
        let has = |name| self.params().any(|(key, _)| key == name);
        match (self.id_type, self.resource) {
            ("all", "device") => UrnKind::AllDevices,
            ("all", _) => UrnKind::Other,
            (_, "device") => UrnKind::Device,
            (_, "group") if has("device") => UrnKind::GroupMember,
            (_, "group") => UrnKind::Group,
            (_, "interaction") if has("status") => UrnKind::InteractionWithStatus,
            (_, "interaction") => UrnKind::Interaction,
            (_, "server") => UrnKind::Server,
            _ => UrnKind::Other,
        }
    }

    /// Whether the URN is written as this crate would write it, as far as a look at it tells: it has no parameters, and
    /// nothing in its id was or should be escaped. Most are.
    pub(super) fn is_plain(&self) -> bool {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        self.query.is_empty() && self.id.bytes().all(unreserved)
    }

    /// The URN without its parameters, as this crate would write it.
    pub(super) fn canonical_path(&self) -> String {
        let Self { id_type, resource, id, .. } = self;
        match *id_type {
            "all" => format!("{PREFIX}all:{resource}"),
            _ => format!("{PREFIX}{id_type}:{resource}:{}", encode(&decode(id))),
        }
    }

    /// Keys and values as written, in their order.
    pub(super) fn params(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| cut(pair, b'=').unwrap_or((pair, "")))
    }
}

/// The text before and after the first `byte`, which is ASCII. On texts this short faster than `split_once`.
fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|b| b == byte)?;
    Some((&text[..at], &text[at + 1..]))
}

/// The text with its escapes resolved once, or as written where they are not UTF-8.
pub(super) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    // With room from the start: `decode_utf8` grows in small steps.
    let mut decoded = Vec::with_capacity(text.len());
    decoded.extend(percent_decode_str(text));
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// The text as it may stand for an id or a parameter's value.
pub(super) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, ESCAPED)
}

/// Adds a parameter to a URN.
pub(super) fn push_param(text: &mut String, key: &str, value: &str) {
    text.push(if text.contains('?') { '&' } else { '?' });
    text.push_str(key);
    text.push('=');
    text.extend(encode(value));
}
