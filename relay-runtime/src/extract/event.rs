//! The event as a parameter: its struct, or the enum over all.

use std::ops::Deref;

use relay_protocol::codec::Unrecognised;
use relay_protocol::{Event, EventBody, event};

use super::{Delivery, FromEvent};
use crate::Error;
use crate::workflow::trigger::TriggerKind;
use crate::workflow::{Any, EventKind, Unknown};

#[diagnostic::do_not_recommend]
impl<E: EventBody> FromEvent<E> for E {
    fn from_event(delivery: &Delivery<'_, E>) -> Result<Self, Error> {
        Ok(delivery.event().clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: TriggerKind> FromEvent<T> for event::Start {
    fn from_event(delivery: &Delivery<'_, T>) -> Result<Self, Error> {
        Ok(delivery.event().clone())
    }
}

impl FromEvent<Any> for Event {
    fn from_event(delivery: &Delivery<'_, Any>) -> Result<Self, Error> {
        Ok(delivery.event().clone())
    }
}

impl FromEvent<Unknown> for Unrecognised {
    fn from_event(delivery: &Delivery<'_, Unknown>) -> Result<Self, Error> {
        Ok(delivery.event().clone())
    }
}

/// The event as a member of the enum over all events, for a handler that takes several kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw(pub Event);

#[diagnostic::do_not_recommend]
impl<E: EventKind> FromEvent<E> for Raw
where
    E::Body: Into<Event>,
{
    fn from_event(delivery: &Delivery<'_, E>) -> Result<Self, Error> {
        Ok(Self(delivery.event().clone().into()))
    }
}

impl Deref for Raw {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.0
    }
}
