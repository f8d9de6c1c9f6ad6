//! Whole workflows on a session without a connection.

mod choice;
mod extraction;
mod registration;
mod sessions;
mod starts;

use futures_util::FutureExt;
use relay_protocol::codec::{FromEngine, Unrecognised, from_engine};
use relay_protocol::types::{ButtonName, Taps, Trigger, TriggerArgs};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Event, event};

use super::{Incoming, Instance, IntoWorkflow};
use crate::extract::States;
use crate::{Context, Error};

/// A session of a workflow.
struct Session {
    cx: Context,
    instance: Box<dyn Instance>,
}

impl Session {
    fn of<M>(workflow: impl IntoWorkflow<M>) -> Self {
        Self::with_states(workflow, States::default())
    }

    fn with_states<M>(workflow: impl IntoWorkflow<M>, states: States) -> Self {
        let instance = workflow.into_workflow().get().begin();
        Self { cx: Context::detached(states), instance }
    }

    /// The handler that an event goes to, by the last segment of its name, and how it ended, if it did.
    fn send(&self, event: impl Into<Event>) -> Option<(&'static str, Option<Result<(), Error>>)> {
        self.deliver(Incoming::Event(&event.into()))
    }

    fn send_unknown(&self, frame: &str) -> Option<(&'static str, Option<Result<(), Error>>)> {
        self.deliver(Incoming::Unrecognised(&unrecognised(frame)))
    }

    fn deliver(&self, incoming: Incoming<'_>) -> Option<(&'static str, Option<Result<(), Error>>)> {
        let run = self.instance.handle(&self.cx, incoming)?;
        let name = run.handler.rsplit("::").next().unwrap_or_default();
        Some((name, run.future.now_or_never()))
    }

    /// The handler that an event goes to.
    fn handler(&self, event: impl Into<Event>) -> Option<&'static str> {
        Some(self.send(event)?.0)
    }

    /// What the handler of an event failed with.
    fn error(&self, event: impl Into<Event>) -> Error {
        let (_, ended) = self.send(event).expect("there is a handler");
        ended.expect("the handler ended").expect_err("the handler failed")
    }
}

fn press(button: ButtonName, taps: Taps) -> event::Button {
    event::Button::new(button, taps)
}

/// A start by a device.
fn start(kind: &str, args: TriggerArgs) -> event::Start {
    let alice = DeviceUrn::name("Alice").expect("a name");
    event::Start::new(Trigger::new(kind).args(args.source_uri(alice)))
}

fn phrase(phrase: &str) -> event::Start {
    start("phrase", TriggerArgs::new().phrase(phrase))
}

/// The interaction of this name on a device.
fn on_alice(interaction: &str) -> InteractionUrn {
    let alice = DeviceUrn::name("Alice").expect("a name");
    InteractionUrn::name(interaction).expect("a name").on(&alice)
}

fn unrecognised(frame: &str) -> Unrecognised {
    match from_engine(frame) {
        FromEngine::Unrecognised(message) => message,
        other => panic!("recognised: {other:?}"),
    }
}
