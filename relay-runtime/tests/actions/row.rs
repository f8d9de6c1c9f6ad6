//! One action in a table: how it is called, what it sends, what it is answered, what it brings.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use relay_protocol::{Event, RequestBody, Response};
use relay_runtime::{Action, Context, PlayInbox, RequestError, Result};
use serde_json::Value;

/// An action under way. Its error is taken out of the [`Error`], to be compared.
pub(crate) type Running = Pin<Box<dyn Future<Output = std::result::Result<String, RequestError>>>>;

/// Calls an action, with a deadline of its own or the usual one.
type Call = Box<dyn Fn(&Context, Option<Duration>) -> Running>;

pub(crate) struct Row {
    call: Call,
    /// The frame, without its id.
    pub(crate) sends: Value,
    pub(crate) answer: Response,
    /// The events that end it, given the request's id.
    pub(crate) then: fn(&str) -> Vec<Event>,
    /// The result, as `Debug` shows it.
    pub(crate) brings: &'static str,
}

impl Row {
    pub(crate) fn new<A, T>(
        call: impl Fn(&Context) -> A + 'static,
        sends: Value,
        answer: impl Into<Response>,
    ) -> Self
    where
        A: Limited + IntoFuture<Output = Result<T>, IntoFuture: 'static> + 'static,
        T: Debug,
    {
        let call = move |cx: &Context, within: Option<Duration>| -> Running {
            let action = call(cx);
            let action = match within {
                Some(time) => action.limit(time),
                None => action,
            };
            Box::pin(async move { done(action.await).map(|brought| format!("{brought:?}")) })
        };
        Self { call: Box::new(call), sends, answer: answer.into(), then: |_| Vec::new(), brings: "()" }
    }

    pub(crate) fn then(self, then: fn(&str) -> Vec<Event>) -> Self {
        Self { then, ..self }
    }

    pub(crate) fn brings(self, brings: &'static str) -> Self {
        Self { brings, ..self }
    }

    pub(crate) fn call(&self, cx: &Context) -> Running {
        (self.call)(cx, None)
    }

    pub(crate) fn call_within(&self, cx: &Context, time: Duration) -> Running {
        (self.call)(cx, Some(time))
    }

    /// `say` for `wf_api_say_request`.
    pub(crate) fn action(&self) -> &str {
        self.answer.name()
    }

    /// Whether there is nothing to wait for after the response.
    pub(crate) fn ends_with_response(&self) -> bool {
        (self.then)("").is_empty()
    }
}

/// The result of an action, in a form that can be compared.
pub(crate) fn done<T>(result: Result<T>) -> std::result::Result<T, RequestError> {
    result.map_err(|error| error.request().expect("actions fail with a `RequestError`").clone())
}

/// How an action failed.
pub(crate) fn failure<T>(result: Result<T>) -> RequestError {
    done(result).map(drop).expect_err("the action should have failed")
}

/// What has a deadline.
pub(crate) trait Limited {
    fn limit(self, time: Duration) -> Self;
}

impl<R: RequestBody, T> Limited for Action<R, T> {
    fn limit(self, time: Duration) -> Self {
        self.within(time)
    }
}

impl Limited for PlayInbox {
    fn limit(self, time: Duration) -> Self {
        self.within(time)
    }
}
