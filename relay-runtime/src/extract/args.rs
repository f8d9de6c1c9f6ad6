//! What came with an HTTP trigger.

use std::any::type_name;
use std::ops::Deref;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Delivery, FromEvent, Rejection};
use crate::Error;
use crate::workflow::trigger::Http;

/// The `action_args` of the HTTP call that started the session, read into `T`.
///
/// No arguments are an empty object, so a `T` whose fields are all optional takes them too.
///
/// Rejects with [`Rejection::Args`] when they do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Args<T>(
    /// The arguments.
    pub T,
);

impl<T> Deref for Args<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromEvent<Http> for Args<T> {
    fn from_event(delivery: &Delivery<'_, Http>) -> Result<Self, Error> {
        let args = delivery.event().trigger.args.args.clone().unwrap_or_default();
        let args = T::deserialize(Value::Object(args))
            .map_err(|source| Rejection::Args { ty: type_name::<T>(), source })?;
        Ok(Self(args))
    }
}
