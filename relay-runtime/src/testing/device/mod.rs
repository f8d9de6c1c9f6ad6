//! A device and the person at it.

mod acts;
mod calls;
mod hearing;
mod places;
mod seeing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use relay_engine::{DeviceError, DeviceKey, Engine, Taken};
use relay_protocol::session::Timestamp;
use relay_protocol::urn::DeviceUrn;
use tokio::time::sleep;

use super::expect::{Expectation, Expected, Verdict};
use super::runtime::idle;
use super::senses::Senses;
use super::world::World;

/// A device and the person at it, from [`Sim::device`](super::Sim::device).
///
/// What a person does takes a tenth of a second of virtual time, in which everybody else can do what is to be done. It
/// never fails: buttons that nobody listens to and devices out of reach are part of life. The conversation that a failing
/// expectation shows tells when nobody reacted.
///
/// What is expected must come in this order where people perceive one after the other: of sounds, each must be expected.
/// What they perceive in different ways (sounds, light, vibration, channels) is expected independently of each other.
#[derive(Clone)]
pub struct Device {
    world: Arc<World>,
    key: DeviceKey,
    name: Arc<str>,
}

/// Without it, people would press buttons in the moment in which an interaction has begun and no handler has heard of it.
const REACTION: Duration = Duration::from_millis(100);

impl Device {
    pub(super) fn new(world: Arc<World>, key: DeviceKey) -> Self {
        let name = world.lock().people.get(&key).map_or_else(|| "?".into(), |senses| senses.name.clone());
        Self { world, key, name }
    }

    /// What it was called when it was made.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its URN, by name.
    pub fn urn(&self) -> DeviceUrn {
        match DeviceUrn::name(&self.name) {
            Ok(urn) => urn,
            Err(error) => super::fail(error.to_string()),
        }
    }

    pub(super) fn key(&self) -> DeviceKey {
        self.key
    }

    /// Does something, no faster than a person can.
    async fn act(
        &self,
        what: impl Into<String>,
        act: impl FnOnce(&mut Engine, Timestamp, DeviceKey) -> Result<Taken, DeviceError>,
    ) {
        sleep(REACTION).await;
        idle().await;
        self.note(what);
        match self.world.tell(|state, now| act(&mut state.engine, now, self.key)) {
            Ok(Taken::Nobody) => self.note("finds that nothing reacts to that"),
            Err(error) => self.note(format!("cannot do that: {error}")),
            Ok(_) => {}
        }
    }

    /// Waits for something to be perceived.
    fn perceive<T: Send + 'static>(
        &self,
        expected: Expected,
        mut check: impl FnMut(&mut Senses) -> Verdict<T> + Send + 'static,
    ) -> Expectation<T> {
        let key = self.key;
        expected.wait(self.world.clone(), move |state| {
            state.people.get_mut(&key).map_or(Verdict::NotYet, &mut check)
        })
    }

    fn note(&self, what: impl Into<String>) {
        let at = self.world.now().elapsed();
        self.world.lock().conversation.add(at, &self.name, what);
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Device").field(&self.name).finish()
    }
}
