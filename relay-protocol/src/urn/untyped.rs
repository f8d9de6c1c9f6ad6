//! `Urn`: any Relay URN, as it was written.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use super::grammar::{PREFIX, Parts, decode, encode, push_param};
use super::typed::DeviceUrn;
use super::{UrnError, UrnKind};

/// Any Relay URN, checked once and kept exactly as it was written.
///
/// Equality, order and hash are those of the text; [`same_resource`](Self::same_resource) compares what the
/// text means, and [`canonical`](Self::canonical) gives a key for a map. A clone costs a reference count.
// The kind follows from the text, so that the derived comparisons are those of the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urn {
    text: Arc<str>,
    kind: UrnKind,
}

/// How a URN identifies its resource, with escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceId<'a> {
    /// By display name, which can change. Its case is kept; whether the platform minds it is not known.
    Name(Cow<'a, str>),
    /// By an id that never changes.
    Id(Cow<'a, str>),
}

impl ResourceId<'_> {
    /// The name or the id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(text) | Self::Id(text) => text,
        }
    }
}

impl Urn {
    /// Reads a URN and keeps its text.
    ///
    /// # Errors
    ///
    /// [`UrnError::Malformed`] unless the text has the shape that the [module](super) shows.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, UrnError> {
        let text = text.into();
        match Parts::of(&text) {
            Some(parts) => Ok(Self { kind: parts.kind(), text }),
            None => Err(UrnError::Malformed { text: text.as_ref().into() }),
        }
    }

    /// Every device of the account.
    pub fn all_devices() -> Self {
        Self { text: "urn:relay-resource:all:device".into(), kind: UrnKind::AllDevices }
    }

    /// The platform itself, for use as the originator of a notification.
    pub fn server() -> Self {
        Self { text: "urn:relay-resource:name:server:ibot".into(), kind: UrnKind::Server }
    }

    /// The text, as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the URN names.
    pub fn kind(&self) -> UrnKind {
        self.kind
    }

    /// Whether this is an interaction, with or without parameters.
    pub fn is_interaction(&self) -> bool {
        self.kind.is_interaction()
    }

    /// The name (or id) of the interaction, if this is one, on whatever devices.
    pub fn interaction_name(&self) -> Option<Cow<'_, str>> {
        match self.id()? {
            ResourceId::Name(text) | ResourceId::Id(text) if self.is_interaction() => Some(text),
            _ => None,
        }
    }

    /// The name or id of the resource; none in the `all` form.
    pub fn id(&self) -> Option<ResourceId<'_>> {
        let parts = Parts::of(&self.text)?;
        match parts.id_type {
            "name" => Some(ResourceId::Name(decode(parts.id))),
            "id" => Some(ResourceId::Id(decode(parts.id))),
            _ => None,
        }
    }

    /// The parameters in their order: the key as written, the value with its escapes resolved once.
    pub fn params(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let pairs = Parts::of(&self.text).into_iter().flat_map(|parts| parts.params());
        pairs.map(|(key, value)| (key, decode(value)))
    }

    /// The state that the `status` parameter asks for, such as `started`.
    pub fn status(&self) -> Option<Cow<'_, str>> {
        self.params().find_map(|(key, value)| (key == "status").then_some(value))
    }

    /// The devices that `device` parameters name, each in its [canonical](Self::canonical) form. A parameter
    /// that is not the URN of a device is passed over.
    pub fn devices(&self) -> impl Iterator<Item = DeviceUrn> {
        self.params().filter(|(key, _)| *key == "device").filter_map(|(_, value)| canonical_device(&value))
    }

    /// The device that this is about: itself, or else the first of its [`devices`](Self::devices).
    ///
    /// Always in [canonical](Self::canonical) form, so that it equals what `DeviceUrn::name` and `DeviceUrn::id`
    /// build and one device is one key, whichever way the peer escapes.
    pub fn device(&self) -> Option<DeviceUrn> {
        match self.kind {
            UrnKind::Device if Parts::of(&self.text).is_some_and(|parts| parts.is_plain()) => {
                self.clone().try_into().ok()
            }
            UrnKind::Device => canonical_device(&self.text),
            _ => self.devices().next(),
        }
    }

    /// Whether its first `device` parameter is this URN, escaped as this crate would do it. Nearly always it is, when it
    /// is the device in question at all, and to see that takes no memory.
    pub(crate) fn is_plainly_on(&self, device: &Self) -> bool {
        let first = Parts::of(&self.text).and_then(|parts| parts.params().find(|(key, _)| *key == "device"));
        let Some((_, mut rest)) = first else { return false };
        for part in encode(&device.text) {
            match rest.strip_prefix(part) {
                Some(left) => rest = left,
                None => return false,
            }
        }
        rest.is_empty()
    }

    /// Whether both name the same thing, however each is escaped. Parameters count, and so does their order.
    /// A device by name and the same device by id are not known to be the same.
    pub fn same_resource(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.text == other.text || self.canonical() == other.canonical())
    }

    /// The same URN as the constructors of this crate would write it. Parameters of a nested device are
    /// dropped: no official SDK writes any.
    pub fn canonical(&self) -> Self {
        let Some(parts) = Parts::of(&self.text) else { return self.clone() };
        let mut text = parts.canonical_path();
        for (key, value) in self.params() {
            let device = if key == "device" { canonical_device(&value) } else { None };
            push_param(&mut text, key, device.as_ref().map_or(&value, |device| device.as_str()));
        }
        Self { text: text.into(), kind: self.kind }
    }

    /// The same kind of URN with other names: `rename` is told what kind of resource a name is of, `device`. Parameters
    /// that are URNs of devices are renamed too.
    pub(crate) fn renamed(&self, rename: &mut dyn FnMut(&str, &str) -> String) -> Self {
        let Some(parts) = Parts::of(&self.text) else { return self.clone() };
        let mut text = parts.canonical_path();
        if parts.id_type != "all" {
            let Parts { id_type, resource, id, .. } = parts;
            text = format!("{PREFIX}{id_type}:{resource}:{}", encode(&rename(resource, &decode(id))));
        }
        for (key, value) in self.params() {
            let device = canonical_device(&value).map(|device| Self::from(device).renamed(rename));
            push_param(&mut text, key, device.as_ref().map_or(&value, |device| device.as_str()));
        }
        Self { text: text.into(), kind: self.kind }
    }

    /// The URN of a resource by `name` or `id`. The caller vouches that the kind is right.
    pub(super) fn build(
        kind: UrnKind,
        id_type: &'static str,
        resource: &'static str,
        id: &str,
    ) -> Result<Self, UrnError> {
        if id.is_empty() {
            return Err(UrnError::Empty { resource, part: id_type });
        }
        Ok(Self { text: format!("{PREFIX}{id_type}:{resource}:{}", encode(id)).into(), kind })
    }

    /// This URN with one more parameter. The caller vouches that the kind is right.
    pub(super) fn with_param(&self, kind: UrnKind, key: &str, value: &str) -> Self {
        let mut text = self.text.to_string();
        push_param(&mut text, key, value);
        Self { text: text.into(), kind }
    }
}

/// The device that the text is the URN of, in canonical form.
fn canonical_device(text: &str) -> Option<DeviceUrn> {
    // The id of a URN that was nested in single-escaped form stands bare by now and is decoded once too often.
    // That is harmless, unless the name itself looks escaped, which that form cannot tell.
    let parts = Parts::of(text)?;
    let text = if parts.is_plain() { text.into() } else { parts.canonical_path().into() };
    Urn { kind: parts.kind(), text }.try_into().ok()
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl AsRef<str> for Urn {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl FromStr for Urn {
    type Err = UrnError;

    fn from_str(text: &str) -> Result<Self, UrnError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Urn {
    type Error = UrnError;

    fn try_from(text: &str) -> Result<Self, UrnError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Urn {
    type Error = UrnError;

    fn try_from(text: String) -> Result<Self, UrnError> {
        Self::parse(text)
    }
}
