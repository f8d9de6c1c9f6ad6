//! What a handler can be registered for.

use std::fmt::Debug;

use relay_protocol::codec::Unrecognised;
use relay_protocol::{Event, EventBody, event};

use super::Incoming;

/// What a handler can be registered for: an event, a [trigger](super::trigger), [`Any`] or [`Unknown`].
///
/// It cannot be implemented elsewhere, for the type in its method cannot be named there.
pub trait EventKind: 'static {
    /// What arrives.
    type Body: Clone + Debug + Send + Sync + 'static;

    /// For the manifest and for messages.
    #[doc(hidden)]
    const NAME: &'static str;

    /// The message as what arrives, if that is what it is.
    #[doc(hidden)]
    fn body(incoming: Incoming<'_>) -> Option<&Self::Body>;
}

/// Every event that no more specific handler takes, unless it is a start event.
#[derive(Debug, Clone, Copy)]
pub enum Any {}

/// Every message that this version of the protocol does not know or cannot read.
#[derive(Debug, Clone, Copy)]
pub enum Unknown {}

impl<E: EventBody> EventKind for E {
    type Body = E;
    const NAME: &'static str = E::NAME;

    fn body(incoming: Incoming<'_>) -> Option<&E> {
        E::of(incoming.event()?)
    }
}

impl EventKind for Any {
    type Body = Event;
    const NAME: &'static str = "any";

    fn body(incoming: Incoming<'_>) -> Option<&Event> {
        incoming.event().filter(|event| event::Start::of(event).is_none())
    }
}

impl EventKind for Unknown {
    type Body = Unrecognised;
    const NAME: &'static str = "unknown";

    fn body(incoming: Incoming<'_>) -> Option<&Unrecognised> {
        match incoming {
            Incoming::Event(_) => None,
            Incoming::Unrecognised(message) => Some(message),
        }
    }
}
