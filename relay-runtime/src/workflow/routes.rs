//! The table of a workflow's handlers.

use std::any::type_name;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use relay_protocol::Event;
use relay_protocol::manifest::WorkflowManifest;

use super::instance::RunFuture;
use super::trigger::{Trigger, TriggerKind};
use super::{EventKind, Filter, Handler, Incoming, NoTrigger, Run};
use crate::extract::Delivery;
use crate::{Context, Error};

/// A type whose values are the sessions of a workflow.
///
/// Written by `#[workflow]`; by hand, it is one fn that builds the table.
pub trait Workflow: Sized + Send + Sync + 'static {
    /// Name, path and handlers.
    fn routes() -> Routes<Self>;
}

/// Name, path and handlers of a workflow.
pub struct Routes<W> {
    manifest: WorkflowManifest,
    routes: Vec<Box<dyn AnyRoute<W>>>,
}

impl<W: Send + Sync + 'static> Routes<W> {
    /// A workflow without handlers, at the path `/name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { manifest: WorkflowManifest::new(name), routes: Vec::new() }
    }

    /// The path at which the server offers the workflow. Default: `/` and the name.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.manifest.path = path.into();
        self
    }

    /// What the workflow does, for people. Default: nothing.
    #[must_use]
    pub fn docs(mut self, docs: impl Into<String>) -> Self {
        self.manifest.docs = docs.into();
        self
    }

    /// Adds a handler for sessions that start by this trigger.
    #[must_use]
    pub fn trigger<T: TriggerKind, H, Args>(self, trigger: Trigger<T>, handler: H) -> Self
    where
        H: Handler<W, T, Args>,
    {
        self.route(trigger, type_name::<H>()).run(move |this, delivery| handler.call(this, delivery))
    }

    /// Adds a handler for sessions that start by this trigger. When it is done without an error, the session is ended:
    /// its interactions first, then the workflow.
    #[must_use]
    pub fn story<T: TriggerKind, H, Args>(self, trigger: Trigger<T>, handler: H) -> Self
    where
        H: Handler<W, T, Args>,
    {
        self.route(trigger, type_name::<H>()).tell(move |this, delivery| handler.call(this, delivery))
    }

    /// Adds a handler for these events.
    #[must_use]
    pub fn on<E: EventKind, H, Args>(self, filter: Filter<E>, handler: H) -> Self
    where
        Filter<E>: Selector<Kind = E>,
        H: Handler<W, E, Args>,
    {
        self.route(filter, type_name::<H>()).run(move |this, delivery| handler.call(this, delivery))
    }

    /// What all of the above begin with: a route that leads nowhere yet.
    #[doc(hidden)]
    pub fn route<S: Selector>(self, selector: S, handler: &'static str) -> Open<W, S> {
        Open { routes: self, selector, handler }
    }

    /// What the workflow is called, where it is, what starts it, and what it listens to.
    pub fn manifest(&self) -> &WorkflowManifest {
        &self.manifest
    }

    /// The run of the first handler that matches.
    pub(super) fn handle(&self, this: &Arc<W>, cx: &Context, incoming: Incoming<'_>) -> Option<Run> {
        for route in &self.routes {
            if let Some(made) = route.handle(this, cx, incoming) {
                return Some(Run::new(route.handler(), made));
            }
        }
        let error = self.no_trigger(incoming)?;
        Some(Run::new("start", Err(error.into())))
    }

    /// The error if this is a start event.
    fn no_trigger(&self, incoming: Incoming<'_>) -> Option<NoTrigger> {
        let Event::Start(start) = incoming.event()? else { return None };
        let trigger = start.trigger.kind.as_str().to_owned();
        Some(NoTrigger { workflow: self.manifest.name.clone(), trigger })
    }
}

impl<W> fmt::Debug for Routes<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Routes").field(&self.manifest).finish()
    }
}

/// What a route is for: a [`Trigger`] or a [`Filter`].
pub trait Selector: sealed::Selector + Send + Sync + 'static {
    #[doc(hidden)]
    type Kind: EventKind;

    #[doc(hidden)]
    fn accepts(&self, body: &<Self::Kind as EventKind>::Body) -> bool;

    #[doc(hidden)]
    fn rank(&self) -> Rank;

    #[doc(hidden)]
    fn describe(&self, manifest: &mut WorkflowManifest);
}

mod sealed {
    pub trait Selector {}
    impl<E> Selector for super::Filter<E> {}
    impl<T> Selector for super::Trigger<T> {}
}

/// How specific a selector is; the greater wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(usize);

impl Rank {
    pub(super) const CATCH_ALL: Self = Self(0);

    /// For one kind of event or trigger, with so many conditions.
    pub(super) fn exact(terms: usize) -> Self {
        Self(1 + terms)
    }
}

/// A route without its handler.
#[must_use]
#[derive(Debug)]
pub struct Open<W, S> {
    routes: Routes<W>,
    selector: S,
    handler: &'static str,
}

impl<W: Send + Sync + 'static, S: Selector> Open<W, S> {
    /// Adds the route. `call` makes the handler's parameters and its future, which runs later.
    #[must_use]
    pub fn run<F, Fut>(self, call: F) -> Routes<W>
    where
        F: Fn(Arc<W>, &Delivery<'_, S::Kind>) -> Result<Fut, Error> + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.add(move |this, delivery| Ok(Box::pin(call(this, delivery)?)))
    }

    /// Adds the route of a handler that tells the whole story: when it is done without an error, the session is ended.
    #[must_use]
    pub fn tell<F, Fut>(self, call: F) -> Routes<W>
    where
        F: Fn(Arc<W>, &Delivery<'_, S::Kind>) -> Result<Fut, Error> + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.add(move |this, delivery| {
            let (story, cx) = (call(this, delivery)?, delivery.context().clone());
            Ok(Box::pin(async move {
                story.await?;
                cx.finish().await
            }))
        })
    }

    fn add<F>(self, call: F) -> Routes<W>
    where
        F: Fn(Arc<W>, &Delivery<'_, S::Kind>) -> Result<RunFuture, Error> + Send + Sync + 'static,
    {
        let Self { mut routes, selector, handler } = self;
        selector.describe(&mut routes.manifest);
        // Kept in order of rank; among equals in order of declaration.
        let rank = selector.rank();
        let at = routes.routes.partition_point(|route| route.rank() >= rank);
        routes.routes.insert(at, Box::new(Route { selector, handler, call }));
        routes
    }
}

/// A selector with its handler.
struct Route<S, F> {
    selector: S,
    handler: &'static str,
    call: F,
}

/// A [`Route`] of any kind.
trait AnyRoute<W>: Send + Sync {
    fn rank(&self) -> Rank;
    fn handler(&self) -> &'static str;
    fn handle(&self, this: &Arc<W>, cx: &Context, incoming: Incoming<'_>)
    -> Option<Result<RunFuture, Error>>;
}

impl<W, S: Selector, F> AnyRoute<W> for Route<S, F>
where
    W: Send + Sync + 'static,
    F: Fn(Arc<W>, &Delivery<'_, S::Kind>) -> Result<RunFuture, Error> + Send + Sync,
{
    fn rank(&self) -> Rank {
        self.selector.rank()
    }

    fn handler(&self) -> &'static str {
        self.handler
    }

    fn handle(
        &self,
        this: &Arc<W>,
        cx: &Context,
        incoming: Incoming<'_>,
    ) -> Option<Result<RunFuture, Error>> {
        let body = S::Kind::body(incoming)?;
        self.selector.accepts(body).then(|| (self.call)(this.clone(), &Delivery::new(cx, body)))
    }
}
