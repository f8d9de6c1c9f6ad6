//! Which events a handler wants.

use std::fmt;
use std::marker::PhantomData;

use relay_protocol::EventBody;
use relay_protocol::manifest::{EventSpec, WorkflowManifest};

use super::routes::{Rank, Selector};
use super::terms::{OneOf, Terms};
use super::{Any, EventKind, Unknown};

/// The events of kind `E` that a handler wants: all of them, or those for which each condition set here holds.
///
/// The conditions are the methods, one for each field that can be filtered:
///
/// ```
/// use relay_runtime::event;
/// use relay_runtime::types::Taps;
/// use relay_runtime::workflow::Filter;
///
/// let twice = Filter::<event::Button>::new().taps(Taps::Double);
/// let often = Filter::<event::Button>::new().taps([Taps::Double, Taps::Triple]);
/// ```
pub struct Filter<E> {
    terms: Terms,
    kind: PhantomData<fn() -> E>,
}

impl<E: EventKind> Filter<E> {
    /// All events of this kind.
    pub fn new() -> Self {
        Self { terms: Terms::default(), kind: PhantomData }
    }

    /// Those too whose `key` is one of the words on the wire.
    pub(crate) fn term<T>(mut self, key: &'static str, words: OneOf<T>, word: impl Fn(&T) -> &str) -> Self {
        self.terms.set(key, words.0.iter().map(|w| word(w).to_owned()).collect());
        self
    }

    fn spec(&self) -> EventSpec {
        EventSpec::new(E::NAME, self.terms.to_map())
    }
}

impl<E: EventBody> Selector for Filter<E> {
    type Kind = E;

    fn accepts(&self, event: &E) -> bool {
        self.terms.hold(|key, words| {
            event.filter_value(key).is_some_and(|value| words.iter().any(|word| *word == value))
        })
    }

    fn rank(&self) -> Rank {
        Rank::exact(self.terms.len())
    }

    fn describe(&self, manifest: &mut WorkflowManifest) {
        manifest.events.push(self.spec());
    }
}

macro_rules! catch_all {
    ($($kind:ident)*) => {$(
        impl Selector for Filter<$kind> {
            type Kind = $kind;

            fn accepts(&self, _: &<$kind as EventKind>::Body) -> bool {
                true
            }

            fn rank(&self) -> Rank {
                Rank::CATCH_ALL
            }

            fn describe(&self, manifest: &mut WorkflowManifest) {
                manifest.events.push(self.spec());
            }
        }
    )*};
}

catch_all! { Any Unknown }

impl<E: EventKind> Default for Filter<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for Filter<E> {
    fn clone(&self) -> Self {
        Self { terms: self.terms.clone(), kind: PhantomData }
    }
}

impl<E: EventKind> fmt::Debug for Filter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Filter").field(&E::NAME).field(&self.terms).finish()
    }
}
