//! The kinds of triggers, and what the start event of each says.

use relay_protocol::event;
use relay_protocol::urn::DeviceUrn;

use crate::Error;
use crate::extract::{Delivery, FromEvent, Source, Start};
use crate::workflow::{EventKind, Incoming};

/// A kind of trigger, or any.
pub trait TriggerKind: EventKind<Body = event::Start> {
    /// `DeviceUrn` if only a device can cause it, `Option<DeviceUrn>` if it may come without one.
    type Source: Source;

    /// `trigger.type` of the start event; none for any.
    #[doc(hidden)]
    const WIRE: Option<&'static str>;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $name:literal, $wire:expr, $source:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub enum $kind {}

        impl EventKind for $kind {
            type Body = event::Start;
            const NAME: &'static str = $name;

            fn body(incoming: Incoming<'_>) -> Option<&event::Start> {
                event::Start::body(incoming)
            }
        }

        impl TriggerKind for $kind {
            type Source = $source;
            const WIRE: Option<&'static str> = $wire;
        }
    )*};
}

/// Kinds with a `Start` of their own. Not a blanket over all kinds, which would include [`AnyTrigger`], whose `Start`
/// fits every kind.
macro_rules! known_kinds {
    ($($(#[$doc:meta])* $kind:ident, $name:literal, $wire:literal, $source:ty;)*) => {
        kinds! { $($(#[$doc])* $kind, $name, Some($wire), $source;)* }

        $(#[diagnostic::do_not_recommend]
        impl FromEvent<$kind> for Start<$kind> {
            fn from_event(delivery: &Delivery<'_, $kind>) -> Result<Self, Error> {
                Self::of(delivery.event())
            }
        })*
    };
}

kinds! {
    /// Any trigger.
    AnyTrigger, "any", None, Option<DeviceUrn>;
}

known_kinds! {
    /// Somebody speaks one of the phrases to the Assistant.
    Phrase, "phrase", "phrase", DeviceUrn;
    /// Somebody taps Talk while the device is on the Assistant channel.
    ButtonTap, "button", "button", DeviceUrn;
    /// Somebody calls the workflow over the platform's HTTP API.
    Http, "http", "http", Option<DeviceUrn>;
    /// Somebody holds a device to a tag.
    Nfc, "nfc", "nfc", DeviceUrn;
    /// A time comes.
    Schedule, "timer", "calendar", Option<DeviceUrn>;
    /// The battery of a device crosses a level.
    Battery, "battery", "other", DeviceUrn;
    /// A device crosses the border of an area on the map.
    Geofence, "geofence", "geofence", DeviceUrn;
    /// A device comes to a place inside a building, or leaves it.
    Position, "position", "other", DeviceUrn;
    /// Somebody calls from a device, or calls it.
    CallTrigger, "call", "telephony", DeviceUrn;
    /// Somebody raises the alarm on a device.
    Emergency, "emergency", "emergency", DeviceUrn;
    /// Something that the protocol has no word for.
    Other, "other", "other", Option<DeviceUrn>;
}

macro_rules! sources {
    (device: $($kind:ident)*) => {$(
        impl Start<$kind> {
            /// The device that caused it, on whose behalf the workflow runs.
            pub fn source(&self) -> &DeviceUrn {
                self.found_source()
            }
        }
    )*};
    (maybe: $($kind:ident)*) => {$(
        impl Start<$kind> {
            /// The device on whose behalf the workflow runs, if there is one.
            pub fn source(&self) -> Option<&DeviceUrn> {
                self.found_source().as_ref()
            }
        }
    )*};
}

sources! { device: Phrase ButtonTap Nfc Battery Geofence Position CallTrigger Emergency }
sources! { maybe: AnyTrigger Http Schedule Other }
