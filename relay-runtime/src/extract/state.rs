//! Values that all sessions share.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use super::{Delivery, FromEvent, Rejection};
use crate::Error;
use crate::workflow::EventKind;

/// A value that was registered with the server: a database pool, a client, a configuration.
///
/// All sessions of all workflows share it. What belongs to one session goes into the fields of the workflow instead.
///
/// Rejects with [`Rejection::NoState`] when no value of this type was registered.
pub struct State<T>(
    /// The value.
    pub Arc<T>,
);

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&self.0).finish()
    }
}

impl<E: EventKind, T: Send + Sync + 'static> FromEvent<E> for State<T> {
    fn from_event(delivery: &Delivery<'_, E>) -> Result<Self, Error> {
        let value = delivery.state().ok_or(Rejection::NoState { ty: type_name::<T>() })?;
        Ok(Self(value))
    }
}

/// At most one value of each type.
#[derive(Clone, Default)]
pub(crate) struct States(HashMap<TypeId, Entry>);

#[derive(Clone)]
struct Entry {
    type_name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl States {
    /// Registers the value, in place of an earlier one of its type.
    pub(crate) fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        let entry = Entry { type_name: type_name::<T>(), value: Arc::new(value) };
        self.0.insert(TypeId::of::<T>(), entry);
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.get(&TypeId::of::<T>())?.value.clone().downcast().ok()
    }
}

/// Shows the types, not the values, which may be secrets.
impl fmt::Debug for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.values().map(|entry| entry.type_name)).finish()
    }
}
