//! A device and the person at it.

use std::fmt;
use std::sync::Arc;

use relay_engine::{DeviceKey, Sound};
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{ButtonName, Taps, Trigger, TriggerArgs, TriggerType};
use relay_protocol::urn::DeviceUrn;

use super::expect::{Expectation, Expected, Verdict};
use super::runtime::idle;
use super::senses::{self, Senses};
use super::world::World;

/// A device and the person at it, from [`Sim::device`](super::Sim::device).
///
/// What the person does happens once everybody else has done what can be done at this moment.
#[derive(Clone)]
pub struct Device {
    world: Arc<World>,
    key: DeviceKey,
    name: Arc<str>,
}

impl Device {
    pub(super) fn new(world: Arc<World>, key: DeviceKey) -> Self {
        let name = world.lock().people.get(&key).map_or_else(|| "?".into(), |senses| senses.name.clone());
        Self { world, key, name }
    }

    /// Its name.
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

    /// Holds the Assistant button and says this, which may start a workflow.
    pub async fn speak_to_assistant(&self, text: &str) {
        idle().await;
        self.note(format!("says to the Assistant: {text:?}"));
        let started = self.world.tell(|state, now| {
            let said = |entry: &crate::workflow::WorkflowEntry| {
                entry.manifest().triggers.iter().any(|trigger| match trigger {
                    TriggerSpec::Phrases(phrases) => phrases.iter().any(|phrase| phrase == text),
                    _ => false,
                })
            };
            let key = state.workflows.iter().find(|(_, entry)| said(entry)).map(|(key, _)| *key)?;
            let args = TriggerArgs::new().source_uri(self.urn()).phrase(text);
            state.engine.launch(now, key, Trigger::new(TriggerType::Phrase).args(args)).ok()
        });
        if started.is_none() {
            self.note("starts nothing by that");
        }
    }

    /// Waits until the device listens, then holds Talk and says this.
    ///
    /// # Panics
    ///
    /// When no workflow ever listens.
    #[track_caller]
    pub fn speak(&self, text: impl Into<String>) -> Expectation {
        let (device, text) = (self.clone(), text.into());
        let expected = Expected::new(format!("a workflow to listen, so that {} can say {text:?}", self.name));
        let listens = self.check(expected, |senses| match senses.listening {
            true => Verdict::Met,
            false => Verdict::NotYet,
        });
        Expectation::new(async move {
            listens.await;
            idle().await;
            device.note(format!("says {text:?}"));
            let heard = device.world.tell(|state, now| state.engine.speak(now, device.key, &*text));
            device.note_result(heard);
        })
    }

    /// Taps Talk once.
    pub async fn tap(&self) {
        self.press(ButtonName::Action, Taps::Single).await;
    }

    async fn press(&self, button: ButtonName, taps: Taps) {
        idle().await;
        self.note(format!("presses {button}, {taps}"));
        let taken = self.world.tell(|state, now| state.engine.tap(now, self.key, button, taps));
        self.note_result(taken);
    }

    /// Expects to hear this next, and waits until it has been spoken.
    #[track_caller]
    pub fn expect_say(&self, text: impl Into<String>) -> Expectation {
        let text = text.into();
        let expected = Expected::new(format!("{} to hear {text:?}", self.name));
        self.hear(expected, move |said| said == text)
    }

    fn hear(
        &self,
        expected: Expected,
        mut matches: impl FnMut(&str) -> bool + Send + 'static,
    ) -> Expectation {
        let name = self.name.clone();
        self.check(expected, move |senses| match senses.heard.front() {
            Some(heard) => match &heard.sound {
                Sound::Speech { text, .. } if matches(text) => match heard.over {
                    true => {
                        senses.heard.pop_front();
                        Verdict::Met
                    }
                    false => Verdict::NotYet,
                },
                sound => Verdict::Failed(format!("{name} heard {}", senses::named(sound))),
            },
            None => Verdict::NotYet,
        })
    }

    fn check(
        &self,
        expected: Expected,
        mut check: impl FnMut(&mut Senses) -> Verdict + Send + 'static,
    ) -> Expectation {
        let key = self.key;
        expected.wait(self.world.clone(), move |state| {
            state.people.get_mut(&key).map_or(Verdict::NotYet, &mut check)
        })
    }

    fn note(&self, what: impl Into<String>) {
        let at = self.world.now().elapsed();
        self.world.lock().conversation.add(at, &self.name, what);
    }

    fn note_result(&self, taken: Result<relay_engine::Taken, relay_engine::DeviceError>) {
        match taken {
            Ok(relay_engine::Taken::Nobody) => self.note("is not heard by anybody"),
            Err(error) => self.note(format!("cannot: {error}")),
            Ok(_) => {}
        }
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Device").field(&self.name).finish()
    }
}
