//! Workflows with their type erased: what the session driver works with.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use relay_protocol::Event;
use relay_protocol::codec::Unrecognised;
use relay_protocol::manifest::WorkflowManifest;

use crate::{Context, Error};

/// A workflow that the server can run.
pub(crate) trait AnyWorkflow: Send + Sync {
    /// Name, path, triggers and events.
    fn manifest(&self) -> &WorkflowManifest;

    /// The value of one session.
    fn begin(&self) -> Box<dyn Instance>;
}

/// One session's value and its handlers.
pub(crate) trait Instance: Send {
    /// The handler's run for this message, not yet started. `None` when no handler wants it.
    fn handle(&self, cx: &Context, incoming: Incoming<'_>) -> Option<Run>;
}

/// One run of a handler.
pub(crate) struct Run {
    /// The handler's name, for logs and metrics.
    pub(crate) handler: &'static str,
    pub(crate) future: RunFuture,
}

impl Run {
    /// A handler whose parameters could not be made fails with the reason.
    pub(super) fn new(handler: &'static str, made: Result<RunFuture, Error>) -> Self {
        let future = made.unwrap_or_else(|error| Box::pin(std::future::ready(Err(error))));
        Self { handler, future }
    }
}

/// The boxed future of a handler: the one allocation of a dispatch.
pub(crate) type RunFuture = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// A message from the engine that may have a handler.
#[derive(Debug, Clone, Copy)]
pub enum Incoming<'a> {
    /// One that the protocol knows.
    Event(&'a Event),
    /// One that it does not know.
    Unrecognised(&'a Unrecognised),
}

impl<'a> Incoming<'a> {
    pub(crate) fn event(self) -> Option<&'a Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Unrecognised(_) => None,
        }
    }
}

/// A session started for a reason that the workflow has no trigger for.
#[derive(Debug)]
pub(crate) struct NoTrigger {
    /// The workflow's name.
    pub(crate) workflow: String,
    /// The trigger in the start event.
    pub(crate) trigger: String,
}

impl fmt::Display for NoTrigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workflow, trigger } = self;
        write!(f, "the workflow `{workflow}` has no trigger for this `{trigger}` start")
    }
}

impl std::error::Error for NoTrigger {}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("handler", &self.handler).finish_non_exhaustive()
    }
}
