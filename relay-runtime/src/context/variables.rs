//! Variables: values on the Relay server that live as long as the session.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use futures_util::future::try_join_all;
use relay_protocol::request::{GetVar, SetVar, UnsetVar};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Action, Context, fields};
use crate::error::Cause;

/// What all variables of a session may take together, names included. The guide says 1 MB; this is the larger reading of
/// it, to refuse nothing that Relay would take.
const LIMIT: usize = 1 << 20;

/// The variables of a session, from [`Context::vars`]: texts by name, less than 1 MB in all. The constants given when
/// the workflow was registered are among them.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context) -> Result<()> {
/// let vars = cx.vars();
/// let count = vars.get::<u32>("count").await?.unwrap_or_default();
/// vars.set("count", count + 1).await?;
///
/// let greeting: String = vars.get_or("greeting", "hello".to_owned()).await?;
/// vars.set_json("seen", &["Alice", "Bob"]).await?;
/// # Ok(()) }
/// ```
///
/// All handlers of a session share them. When two set one at once, the later wins: to count, better use the fields of
/// the workflow. All actions wait 5 s for Relay's answer.
#[derive(Debug, Clone, Copy)]
pub struct Variables<'a> {
    cx: &'a Context,
}

impl Context {
    /// Values that live on the Relay server as long as this session.
    pub fn vars(&self) -> Variables<'_> {
        Variables { cx: self }
    }
}

impl Variables<'_> {
    /// The value of a variable, or `None` if it is not set: `cx.vars().get::<u32>("count").await?`.
    ///
    /// # Errors
    ///
    /// [`Cause::BadValue`] when the text is no `T`, and those of every [`Action`].
    pub fn get<T>(self, name: impl Into<String>) -> Action<GetVar, Option<T>>
    where
        T: FromStr<Err: Display> + 'static,
    {
        self.read(name, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// The value of a variable, or `default` if it is not set.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get): a value that is no `T` does not count as not set.
    pub fn get_or<T>(self, name: impl Into<String>, default: T) -> Action<GetVar, T>
    where
        T: FromStr<Err: Display> + Send + 'static,
    {
        let name = name.into();
        self.action(GetVar::new(name)).finish(|done| {
            let name = &done.body.name;
            let read = |text: String| text.parse().map_err(|error: T::Err| bad_value(name, error));
            done.response()?.value.map_or(Ok(default), read)
        })
    }

    /// The value of a variable that holds JSON, or `None` if it is not set.
    ///
    /// # Errors
    ///
    /// [`Cause::BadValue`] when the text is not JSON, or no `T`.
    pub fn get_json<T: DeserializeOwned + 'static>(
        self,
        name: impl Into<String>,
    ) -> Action<GetVar, Option<T>> {
        self.read(name, |text| serde_json::from_str(text).map_err(|error| error.to_string()))
    }

    /// The value of a variable that holds a list with commas, as the official JS SDK writes them. Nothing escapes a
    /// comma inside an item; JSON is safer. Empty if the variable is not set, or is the empty text.
    ///
    /// # Errors
    ///
    /// [`Cause::BadValue`] when an item is no `T`.
    pub fn get_list<T>(self, name: impl Into<String>) -> Action<GetVar, Vec<T>>
    where
        T: FromStr<Err: Display> + 'static,
    {
        self.action(GetVar::new(name)).finish(|done| {
            let name = &done.body.name;
            let text = done.response()?.value.unwrap_or_default();
            let items = text.split(',').filter(|_| !text.is_empty());
            items.map(|item| item.parse().map_err(|error: T::Err| bad_value(name, error))).collect()
        })
    }

    /// The values of several variables, asked for at once, by name. Those that are not set are missing.
    ///
    /// # Errors
    ///
    /// The first that occurs.
    pub async fn get_all<N: Into<String>>(
        self,
        names: impl IntoIterator<Item = N>,
    ) -> crate::Result<BTreeMap<String, String>> {
        let values = names.into_iter().map(|name| {
            let get = self.get::<String>(name);
            async move {
                let name = get.body().name.clone();
                get.await.map(|value| Some((name, value?)))
            }
        });
        Ok(try_join_all(values).await?.into_iter().flatten().collect())
    }

    /// A struct of variables, asked for at once: each field is the variable of its name. The way to the constants that
    /// the workflow was registered with.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// #[derive(serde::Deserialize)]
    /// struct Site {
    ///     greeting: String,
    ///     floors: u8,
    ///     #[serde(default)]
    ///     retries: u32,
    ///     night_desk: Option<String>,
    /// }
    ///
    /// # async fn f(cx: Context) -> Result<()> {
    /// let site: Site = cx.vars().all_as().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Numbers, truth values and words stand as they are in a variable, lists and structs as JSON. A variable that is not
    /// set is `None`, or what `#[serde(default)]` says; aliases and flattened fields are not asked for.
    ///
    /// # Errors
    ///
    /// [`Cause::BadValue`] when a text does not fit its field, or a field has neither variable nor default;
    /// [`Cause::BadArgument`] when `T` is no struct with named fields; and the first of any [`Action`].
    pub async fn all_as<T: DeserializeOwned>(self) -> crate::Result<T> {
        // An action that is not sent is what makes the errors: they say session and request as all others do.
        let error = |cause| crate::Error::from(self.action(GetVar::new("")).error(cause));
        let Some(names) = fields::names::<T>() else {
            let (argument, why) = ("T", "it is no struct with named fields".to_owned());
            return Err(error(Cause::BadArgument { argument, why }));
        };
        let texts = self.get_all(names.iter().copied()).await?;
        fields::read(texts).map_err(|wrong| error(Cause::BadValue(format!("variables do not fit: {wrong}"))))
    }

    /// Sets a variable, in place of an earlier value.
    ///
    /// # Errors
    ///
    /// [`Cause::BadArgument`] when this variable alone is larger than all together may be.
    pub fn set(self, name: impl Into<String>, value: impl Display) -> Action<SetVar> {
        let body = SetVar::new(name, value.to_string());
        let size = body.name.len() + body.value.len();
        let action = self.action(body);
        if size < LIMIT {
            return action;
        }
        let why = format!("name and value have {size} bytes; all variables together stay below {LIMIT}");
        action.refuse("value", why)
    }

    /// Sets a variable to a value as JSON.
    ///
    /// # Errors
    ///
    /// [`Cause::BadArgument`] when it cannot be written as JSON, and as [`set`](Self::set).
    pub fn set_json(self, name: impl Into<String>, value: &impl Serialize) -> Action<SetVar> {
        match serde_json::to_string(value) {
            Ok(json) => self.set(name, json),
            Err(error) => {
                self.set(name, "").refuse("value", format!("it cannot be written as JSON: {error}"))
            }
        }
    }

    /// Sets several variables at once. When one fails, the others may be set or not.
    ///
    /// # Errors
    ///
    /// The first that occurs.
    pub async fn set_all<N: Into<String>, V: Display>(
        self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> crate::Result<()> {
        try_join_all(values.into_iter().map(|(name, value)| self.set(name, value))).await.map(drop)
    }

    /// Takes a variable away. One that is not set is no error.
    pub fn unset(self, name: impl Into<String>) -> Action<UnsetVar> {
        self.action(UnsetVar::new(name))
    }

    /// Takes several variables away at once.
    ///
    /// # Errors
    ///
    /// The first that occurs.
    pub async fn unset_all<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> crate::Result<()> {
        try_join_all(names.into_iter().map(|name| self.unset(name))).await.map(drop)
    }

    fn action<R: relay_protocol::RequestBody>(self, body: R) -> Action<R> {
        Action::new(&self.cx.shared, [], body)
    }

    fn read<T: 'static>(
        self,
        name: impl Into<String>,
        read: fn(&str) -> Result<T, String>,
    ) -> Action<GetVar, Option<T>> {
        self.action(GetVar::new(name)).finish(move |done| {
            let name = &done.body.name;
            let value = done.response()?.value;
            value.map(|text| read(&text).map_err(|error| bad_value(name, error))).transpose()
        })
    }
}

fn bad_value(name: &str, error: impl Display) -> Cause {
    Cause::BadValue(format!("the variable `{name}` has a value that does not parse: {error}"))
}
