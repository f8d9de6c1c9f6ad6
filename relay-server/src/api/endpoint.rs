//! The table of endpoints, out of which both the router and the OpenAPI document are made: what is not described is not
//! served.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, MethodRouter, on};
use serde_json::Value;

use super::app::App;
use super::error::{ApiError, ApiResult};
use super::guard::{Guard, guard};
use crate::model::Role;

/// One method of one path: who may call it, what it does, how it is described.
pub(crate) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: &'static str,
    handler: MethodRouter<App, Infallible>,
    /// None for whoever comes.
    pub(super) role: Option<Role>,
    bounds: Bounds,
    pub(super) doc: Doc,
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bounds {
    Usual,
    /// The answer goes on until somebody has enough.
    Stream,
    /// The body is a file.
    Upload,
    /// The body is a form that anybody may send.
    Form,
}

/// The largest form, in bytes. Nobody is known yet, so it is as little as will do.
const MAX_FORM: usize = 16 << 10;

/// What people are told about an endpoint.
#[derive(Debug, Default)]
pub(super) struct Doc {
    pub(super) summary: &'static str,
    /// Names of parameters in the query, with what they mean.
    pub(super) query: Vec<(&'static str, &'static str)>,
    /// An example of the body.
    pub(super) body: Option<Value>,
    /// An example of the answer; none if it has no content.
    pub(super) answer: Option<Value>,
    /// What the answer is if it is no JSON.
    pub(super) content_type: Option<&'static str>,
}

impl Endpoint {
    pub(crate) fn new<H, T>(method: Method, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        // What only looks may be called with any token.
        let role = if method == Method::GET { Role::Read } else { Role::Admin };
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let (handler, bounds) = (on(filter, handler), Bounds::Usual);
        Self { method, path, handler, role: Some(role), bounds, doc: Doc::default() }
    }

    pub(crate) fn get<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::GET, path, handler)
    }

    pub(crate) fn post<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::POST, path, handler)
    }

    pub(crate) fn put<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::PUT, path, handler)
    }

    pub(crate) fn delete<H: Handler<T, App>, T: 'static>(path: &'static str, handler: H) -> Self {
        Self::new(Method::DELETE, path, handler)
    }

    /// Whoever comes may call it.
    pub(crate) fn open(mut self) -> Self {
        self.role = None;
        self
    }

    /// A token of this role will do.
    pub(crate) fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// The answer goes on until somebody has enough.
    pub(crate) fn streams(mut self) -> Self {
        self.bounds = Bounds::Stream;
        self
    }

    /// The body is a file.
    pub(crate) fn uploads(mut self) -> Self {
        self.bounds = Bounds::Upload;
        self
    }

    /// The body is a form, of a few tokens at most.
    pub(crate) fn takes_form(mut self) -> Self {
        self.bounds = Bounds::Form;
        self
    }

    /// What it does, in a sentence.
    pub(crate) fn says(mut self, summary: &'static str) -> Self {
        self.doc.summary = summary;
        self
    }

    /// A parameter in the query.
    pub(crate) fn query(mut self, name: &'static str, meaning: &'static str) -> Self {
        self.doc.query.push((name, meaning));
        self
    }

    /// An example of the body.
    pub(crate) fn body(mut self, example: Value) -> Self {
        self.doc.body = Some(example);
        self
    }

    /// An example of the answer.
    pub(crate) fn answer(mut self, example: Value) -> Self {
        self.doc.answer = Some(example);
        self
    }

    /// The answer is no JSON, but this.
    pub(crate) fn content_type(mut self, content_type: &'static str) -> Self {
        self.doc.content_type = Some(content_type);
        self
    }

    /// The handler behind all that guards it.
    fn guarded(self, app: &App) -> MethodRouter<App> {
        let limits = &app.config().limits;
        let mut handler = self.handler;
        if self.bounds != Bounds::Stream {
            handler = handler.layer(middleware::from_fn_with_state(limits.request_timeout.0, in_time));
        }
        let body = match self.bounds {
            Bounds::Upload => limits.audio.bytes(),
            Bounds::Form => MAX_FORM,
            Bounds::Usual | Bounds::Stream => limits.body.bytes(),
        };
        handler = handler.layer(DefaultBodyLimit::max(body));
        match self.role {
            Some(role) => {
                let state = Guard { app: app.clone(), role };
                handler.layer(middleware::from_fn_with_state(state, guard))
            }
            None => handler,
        }
    }
}

/// Refuses what takes longer than so long, its body included.
async fn in_time(State(most): State<Duration>, request: Request, next: Next) -> ApiResult {
    tokio::time::timeout(most, next.run(request)).await.map_err(|_| {
        let why = "this took too long, or its body did not come: see `limits.request_timeout`";
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "timeout", why)
    })
}

/// The router of a table.
pub(super) fn router(endpoints: Vec<Endpoint>, app: &App) -> Router<App> {
    endpoints.into_iter().fold(Router::new(), |router, endpoint| {
        let path = endpoint.path;
        router.route(path, endpoint.guarded(app))
    })
}
