//! Why sessions start: the kinds of triggers, and which starts of a kind a handler wants.

mod declare;
mod kinds;

pub use kinds::{
    AnyTrigger, Battery, ButtonTap, CallTrigger, Emergency, Geofence, Http, Nfc, Other, Phrase, Position,
    Schedule, TriggerKind,
};

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use relay_protocol::event;
use relay_protocol::manifest::{TriggerSpec, WorkflowManifest};
use relay_protocol::types::TriggerArgs;

use super::routes::{Rank, Selector};

/// The starts of kind `T` that a handler wants, and how they are registered with the platform.
///
/// Made by the constructor of its kind and narrowed by the methods, which are the options of `#[trigger(..)]`:
///
/// ```
/// use relay_runtime::types::Taps;
/// use relay_runtime::workflow::trigger::Trigger;
///
/// let hello = Trigger::phrase(["hello", "hi there"]);
/// let twice = Trigger::button().taps(Taps::Double);
/// ```
///
/// A condition on something that the start event does not tell is taken to hold: which geofence was entered, say, may be
/// known to the registration alone.
pub struct Trigger<T> {
    conditions: Vec<Condition>,
    spec: Option<TriggerSpec>,
    kind: PhantomData<fn() -> T>,
}

type Condition = Arc<dyn Fn(&TriggerArgs) -> bool + Send + Sync>;

impl<T: TriggerKind> Trigger<T> {
    fn new(spec: impl Into<Option<TriggerSpec>>) -> Self {
        Self { conditions: Vec::new(), spec: spec.into(), kind: PhantomData }
    }

    /// Only those starts too for which `test` does not say `Some(false)`.
    fn when(mut self, test: impl Fn(&TriggerArgs) -> Option<bool> + Send + Sync + 'static) -> Self {
        self.conditions.push(Arc::new(move |args| test(args) != Some(false)));
        self
    }

    /// Not those starts which belong to another kind that has the same name on the wire.
    fn unless(self, of_another_kind: fn(&TriggerArgs) -> bool) -> Self {
        self.when(move |args| Some(!of_another_kind(args)))
    }
}

impl<T: TriggerKind> Selector for Trigger<T> {
    type Kind = T;

    fn accepts(&self, start: &event::Start) -> bool {
        let trigger = &start.trigger;
        T::WIRE.is_none_or(|wire| trigger.kind.as_str() == wire)
            && self.conditions.iter().all(|holds| holds(&trigger.args))
    }

    fn rank(&self) -> Rank {
        match T::WIRE {
            Some(_) => Rank::exact(self.conditions.len()),
            None => Rank::CATCH_ALL,
        }
    }

    fn describe(&self, manifest: &mut WorkflowManifest) {
        manifest.triggers.extend(self.spec.clone().map(|spec| match spec {
            TriggerSpec::Timer(timer) => TriggerSpec::Timer(timer.with_defaults()),
            spec => spec,
        }));
    }
}

impl<T> Clone for Trigger<T> {
    fn clone(&self) -> Self {
        Self { conditions: self.conditions.clone(), spec: self.spec.clone(), kind: PhantomData }
    }
}

impl<T: TriggerKind> fmt::Debug for Trigger<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trigger").field("kind", &T::NAME).field("spec", &self.spec).finish_non_exhaustive()
    }
}
