//! Variables: values on the Relay server that live as long as the session.

use std::fmt::Display;
use std::str::FromStr;

use relay_protocol::request::{GetVar, SetVar, UnsetVar};

use super::{Context, response};
use crate::error::{Cause, Error, RequestError, Result};

/// The variables of a session, from [`Context::vars`]: texts by name, less than 1 MB in all. The constants given when
/// the workflow was registered are among them.
#[derive(Debug, Clone, Copy)]
pub struct Variables<'a> {
    cx: &'a Context,
}

impl<'a> Variables<'a> {
    pub(super) fn new(cx: &'a Context) -> Self {
        Self { cx }
    }

    /// The value of a variable, or `None` if it is not set: `cx.vars().get::<u32>("count").await?`.
    ///
    /// # Errors
    ///
    /// [`Cause::BadValue`] when the text is no `T`, and those of every action.
    pub async fn get<T>(self, name: impl Into<String>) -> Result<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        let name = name.into();
        let body = GetVar::new(name.clone());
        let value = self.cx.operation(Vec::new(), body, |_, reply| response::<GetVar>(reply)).await?.value;
        let Some(text) = value else { return Ok(None) };
        text.parse().map(Some).map_err(|error: T::Err| {
            Error::from(RequestError {
                action: "get_var",
                target: None,
                session: self.cx.session(),
                cause: Cause::BadValue(format!(
                    "the variable `{name}` has a value that does not parse: {error}"
                )),
            })
        })
    }

    /// Sets a variable, in place of an earlier value.
    pub async fn set(self, name: impl Into<String>, value: impl Display) -> Result<()> {
        self.cx.operation(Vec::new(), SetVar::new(name.into(), value.to_string()), |_, _| Ok(())).await
    }

    /// Takes a variable away. One that is not set is no error.
    pub async fn unset(self, name: impl Into<String>) -> Result<()> {
        self.cx.operation(Vec::new(), UnsetVar::new(name.into()), |_, _| Ok(())).await
    }
}
