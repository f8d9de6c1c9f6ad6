//! Why the session started.

use std::fmt;
use std::ops::Deref;

use relay_protocol::event;
use relay_protocol::urn::DeviceUrn;

use super::{Delivery, FromEvent, Rejection};
use crate::Error;
use crate::workflow::trigger::{AnyTrigger, Nfc, Phrase, TriggerKind};

/// Why the session started, typed by its trigger: `Start<Phrase>` knows the phrase, `Start<Http>` that there may be no
/// device. Plain `Start` fits a handler of any trigger.
///
/// It dereferences to the start event, where all of it stands untyped.
///
/// For a trigger that only a device can cause, it rejects with [`Rejection::NoSource`] when the event names none.
pub struct Start<T: TriggerKind = AnyTrigger> {
    event: event::Start,
    source: T::Source,
}

impl<T: TriggerKind> Start<T> {
    pub(crate) fn of(event: &event::Start) -> Result<Self, Error> {
        let source = event.trigger.args.source_uri.as_ref().and_then(|urn| urn.device());
        Ok(Self { source: T::Source::found(source, T::NAME)?, event: event.clone() })
    }

    /// `source()` of each kind says whether there may be none.
    pub(crate) fn found_source(&self) -> &T::Source {
        &self.source
    }
}

/// Any trigger is known well enough for a plain `Start`.
#[diagnostic::do_not_recommend]
impl<T: TriggerKind> FromEvent<T> for Start<AnyTrigger> {
    fn from_event(delivery: &Delivery<'_, T>) -> Result<Self, Error> {
        Self::of(delivery.event())
    }
}

impl<T: TriggerKind> Deref for Start<T> {
    type Target = event::Start;

    fn deref(&self) -> &event::Start {
        &self.event
    }
}

impl<T: TriggerKind> Clone for Start<T> {
    fn clone(&self) -> Self {
        Self { event: self.event.clone(), source: self.source.clone() }
    }
}

impl<T: TriggerKind> fmt::Debug for Start<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Start").field(&self.event).finish()
    }
}

impl Start<Phrase> {
    /// The registered phrase that was recognised, in lower case. Empty if the event does not tell.
    pub fn phrase(&self) -> &str {
        self.trigger.args.phrase.as_deref().unwrap_or_default()
    }

    /// What was spoken after the phrase. Empty if nothing was.
    pub fn spillover(&self) -> &str {
        self.trigger.args.spillover.as_deref().unwrap_or_default()
    }
}

impl Start<Nfc> {
    /// The identifier of the tag.
    pub fn uid(&self) -> Option<&str> {
        self.trigger.args.uid.as_deref()
    }

    /// What the tag's content has under `key`: `type`, `category`, `label`, or a key of its owner.
    pub fn content(&self, key: &str) -> Option<&str> {
        self.trigger.args.nfc_payload.as_ref()?.get(key)?.as_str()
    }
}

/// The device in `source_uri`: certain for some triggers, possible for others.
pub trait Source: Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn found(device: Option<DeviceUrn>, trigger: &'static str) -> Result<Self, Rejection>;
}

impl Source for DeviceUrn {
    fn found(device: Option<DeviceUrn>, trigger: &'static str) -> Result<Self, Rejection> {
        device.ok_or(Rejection::NoSource { trigger })
    }
}

impl Source for Option<DeviceUrn> {
    fn found(device: Option<DeviceUrn>, _: &'static str) -> Result<Self, Rejection> {
        Ok(device)
    }
}
