//! Calling handlers without a workflow around them.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use futures_util::FutureExt;
use relay_engine::Workflow;
use relay_protocol::event;
use relay_protocol::manifest::WorkflowManifest;
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use tokio::task::JoinHandle;

use super::expect::{Expectation, Expected, Verdict};
use super::{Device, Sim, fail};
use crate::Context;
use crate::extract::Start;
use crate::workflow::trigger::TriggerKind;
use crate::workflow::{AnyWorkflow, Incoming, Instance, Run, WorkflowEntry};

/// What the conversation calls a session without a workflow.
const NAME: &str = "test";

impl Sim {
    /// A session with the platform for handlers that the test calls itself.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::testing::Sim;
    /// use relay_runtime::types::TriggerArgs;
    ///
    /// #[workflow(phrase = "hello")]
    /// async fn hello(cx: Context, start: Start<Phrase>) -> Result<()> {
    ///     let device = cx.start_interaction(start.source(), "hello").await?;
    ///     device.say("Hello").await
    /// }
    ///
    /// # relay_runtime::testing::run(async {
    /// let sim = Sim::new();
    /// let alice = sim.device("Alice");
    /// let start = alice.start(TriggerArgs::new().phrase("hello"));
    /// let told = sim.spawn(hello(sim.context().await, start));
    /// alice.expect_say("Hello").await;
    /// assert!(told.await.is_ok());
    /// # });
    /// ```
    #[track_caller]
    pub fn context(&self) -> Expectation<Context> {
        let world = self.world().clone();
        let launched = world.tell(|state, now| {
            state.workflows.entry(NAME.into()).or_insert_with(|| WorkflowEntry::of(Arc::new(Nothing::new())));
            let key = state.engine.add_workflow(Workflow::new(NAME, "sim:/test"));
            state.engine.launch(now, key, Trigger::new(TriggerType::Other))
        });
        let instance = match launched {
            Ok(instance) => instance,
            Err(error) => fail(error.to_string()),
        };
        let states = world.settings.states.clone();
        Expected::new("a session").wait(world, move |state| {
            match state.run(instance).and_then(|run| run.session.clone()) {
                Some(shared) => Verdict::Met(Context::new(shared, states.clone())),
                None => Verdict::NotYet,
            }
        })
    }

    /// Runs a handler, or anything else, while the test goes on. Await what comes back for its result.
    ///
    /// A panic in it fails the test, awaited or not.
    pub fn spawn<T: Send + 'static>(&self, handler: impl Future<Output = T> + Send + 'static) -> Spawned<T> {
        let world = Arc::downgrade(self.world());
        Spawned(tokio::spawn(async move {
            let result = AssertUnwindSafe(handler).catch_unwind().await;
            if let (Err(panic), Some(world)) = (&result, world.upgrade()) {
                world.tell(|state, now| state.spawned_panicked(now, &**panic));
            }
            result.unwrap_or_else(|panic| resume_unwind(panic))
        }))
    }
}

/// Something that runs while the test goes on, from [`Sim::spawn`]. It goes on if this is dropped.
#[derive(Debug)]
pub struct Spawned<T>(JoinHandle<T>);

impl<T> Future for Spawned<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(cx).map(|result| match result {
            Ok(result) => result,
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(error) => fail(error.to_string()),
        })
    }
}

impl Device {
    /// What a handler gets as `Start<..>` when this device has started its workflow with these arguments.
    ///
    /// The kind of the trigger is the one that the handler wants.
    ///
    /// # Panics
    ///
    /// Never, but for a bug: a device is all that a start may lack.
    #[track_caller]
    pub fn start<T: TriggerKind>(&self, args: TriggerArgs) -> Start<T> {
        let kind = T::WIRE.map_or(TriggerType::Other, TriggerType::from);
        let start = event::Start::new(Trigger::new(kind).args(args.source_uri(self.urn())));
        match Start::of(&start) {
            Ok(start) => start,
            Err(error) => fail(error.to_string()),
        }
    }
}

/// A workflow whose sessions are for somebody else to use.
struct Nothing(WorkflowManifest);

impl Nothing {
    fn new() -> Self {
        Self(WorkflowManifest::new(NAME))
    }
}

impl AnyWorkflow for Nothing {
    fn manifest(&self) -> &WorkflowManifest {
        &self.0
    }

    fn begin(&self) -> Box<dyn Instance> {
        Box::new(Self::new())
    }
}

impl Instance for Nothing {
    fn handle(&self, _: &Context, _: Incoming<'_>) -> Option<Run> {
        None
    }
}

impl fmt::Debug for Nothing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nothing")
    }
}
