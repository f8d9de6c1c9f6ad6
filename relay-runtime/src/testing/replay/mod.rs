//! Running again what was written down.

mod player;

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use relay_protocol::transcript::{Diff, Transcript};

use super::record::Recorder;
use super::{fail, runtime};
use crate::extract::States;
use crate::workflow::{IntoWorkflow, OnHandlerError, WorkflowEntry};

/// Runs a workflow against what the platform did in a transcript, under the virtual clock, over the production code.
///
/// What the platform sent is sent again at its time; the answer to a request, as long after the request as it took then.
/// A request that is made in other words gets the answer of the one that it stands for. One that was not made at all then is
/// granted, if that can be done without knowing more. Events wait a little for requests that came before
/// them then.
///
/// A failing run in production becomes a test by copying its file:
///
/// ```no_run
/// # use relay_runtime::prelude::*;
/// # use relay_runtime::testing;
/// # #[workflow(phrase = "hello")]
/// # async fn hello(cx: Context) -> Result<()> { Ok(()) }
/// #[relay_runtime::test]
/// async fn does_not_fail_any_more() {
///     let seen = testing::transcript("tests/transcripts/hello-1798761600000-4711-17.relay.jsonl");
///     testing::replay(hello, &seen).await.assert_no_failure();
/// }
/// ```
///
/// # Panics
///
/// Outside of [`#[relay_runtime::test]`](macro@crate::test) and [`run`](super::run), whose clock it needs.
#[track_caller]
pub fn replay<M>(workflow: impl IntoWorkflow<M>, transcript: &Transcript) -> Replaying {
    if !runtime::is_running() {
        fail("a replay needs the clock of `#[relay_runtime::test]` or `relay_runtime::testing::run`".into());
    }
    Replaying {
        workflow: workflow.into_workflow(),
        transcript: transcript.clone(),
        states: States::default(),
        on_handler_error: OnHandlerError::default(),
    }
}

/// A replay that begins when it is awaited, from [`replay`].
#[must_use = "a replay does nothing until it is awaited"]
pub struct Replaying {
    workflow: WorkflowEntry,
    transcript: Transcript,
    states: States,
    on_handler_error: OnHandlerError,
}

impl Replaying {
    /// What happens when a handler returns an error, as
    /// [`ServerBuilder::on_handler_error`](crate::server::ServerBuilder::on_handler_error) says it.
    pub fn on_handler_error(self, policy: OnHandlerError) -> Self {
        Self { on_handler_error: policy, ..self }
    }

    /// Offers a value to the handlers, as [`ServerBuilder::state`](crate::server::ServerBuilder::state) does.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.states.insert(value);
        self
    }
}

impl IntoFuture for Replaying {
    type Output = Replay;
    type IntoFuture = Pin<Box<dyn Future<Output = Replay> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let recorder = Arc::new(Recorder::default());
            player::play(&self, recorder.clone()).await;
            let actual = recorder.transcripts().pop().unwrap_or_default();
            let diff = self.transcript.diff(&actual);
            Replay { actual, diff }
        })
    }
}

impl fmt::Debug for Replaying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replaying").field("head", &self.transcript.head).finish_non_exhaustive()
    }
}

/// How a workflow did when it ran again. `Display` shows what it did differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    actual: Transcript,
    diff: Diff,
}

impl Replay {
    /// What it did.
    pub fn transcript(&self) -> &Transcript {
        &self.actual
    }

    /// What it did differently.
    pub fn diff(&self) -> &Diff {
        &self.diff
    }

    /// Expects it to have done the same.
    ///
    /// # Panics
    ///
    /// When it has not, with the difference.
    #[track_caller]
    pub fn assert_same(&self) {
        if !self.diff.is_empty() {
            fail(format!("the workflow does something else than in the transcript\n\n{self}"));
        }
    }

    /// Expects no handler to have failed, whatever else the workflow did.
    ///
    /// # Panics
    ///
    /// When one has, with what the workflow did differently.
    #[track_caller]
    pub fn assert_no_failure(&self) {
        if let Some((handler, why)) = self.actual.failures().next() {
            fail(format!("the workflow failed in `{handler}`: {why}\n\n{self}"));
        }
    }
}

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diff.fmt(f)
    }
}
