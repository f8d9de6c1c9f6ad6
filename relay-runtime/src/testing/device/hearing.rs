//! What people hear and feel.

use std::time::Duration;

use relay_engine::Sound;

use super::{Device, Expectation, Expected, Verdict};
use crate::testing::senses;

impl Device {
    /// Expects to hear exactly this next, and waits until it has been spoken.
    #[track_caller]
    pub fn expect_say(&self, text: impl Into<String>) -> Expectation {
        let text = text.into();
        let expected = Expected::new(format!("{} to hear {text:?}", self.name));
        self.hear_words(expected, move |said| said == text)
    }

    /// Expects to hear something next that holds this, and waits until it has been spoken.
    #[track_caller]
    pub fn expect_say_containing(&self, part: impl Into<String>) -> Expectation {
        let part = part.into();
        let expected = Expected::new(format!("{} to hear something with {part:?} in it", self.name));
        self.hear_words(expected, move |said| said.contains(&part))
    }

    /// Expects to hear something next that fits, and waits until it has been spoken.
    #[track_caller]
    pub fn expect_say_matching(&self, fits: impl FnMut(&str) -> bool + Send + 'static) -> Expectation {
        self.hear_words(Expected::new(format!("{} to hear something that fits", self.name)), fits)
    }

    /// Expects to hear this file next, and waits until it has been played.
    #[track_caller]
    pub fn expect_play(&self, filename: impl Into<String>) -> Expectation {
        let filename = filename.into();
        let expected = Expected::new(format!("{} to hear the file {filename:?}", self.name));
        self.hear(expected, move |sound| matches!(sound, Sound::File(played) if *played == filename))
    }

    /// Expects an alert that says this. A tap on Talk acknowledges it.
    #[track_caller]
    pub fn expect_alert(&self, text: impl Into<String>) -> Expectation {
        let text = text.into();
        let name = self.name.clone();
        self.perceive(Expected::new(format!("{name} to hear the alert {text:?}")), move |senses| match senses
            .alerts
            .pop_front()
        {
            Some(heard) if heard == text => Verdict::Met(()),
            Some(heard) => Verdict::Failed(format!("{name} heard the alert {heard:?}")),
            None => Verdict::NotYet,
        })
    }

    /// Expects a broadcast that says this.
    #[track_caller]
    pub fn expect_broadcast(&self, text: impl Into<String>) -> Expectation {
        let text = text.into();
        let name = self.name.clone();
        self.perceive(Expected::new(format!("{name} to hear the broadcast {text:?}")), move |senses| {
            match senses.broadcasts.pop_front() {
                Some(heard) if heard == text => Verdict::Met(()),
                Some(heard) => Verdict::Failed(format!("{name} heard the broadcast {heard:?}")),
                None => Verdict::NotYet,
            }
        })
    }

    /// Expects to hear nothing from now on for this time, and nothing that was not expected before.
    #[track_caller]
    pub fn expect_silence(&self, time: Duration) -> Expectation {
        let (key, name) = (self.key, self.name.clone());
        let expected = Expected::new(format!("{name} to hear nothing for {time:?}"));
        let before = self.world.lock().people.get(&key).map_or(0, |senses| senses.sounds);
        expected.never(self.world.clone(), time, move |state| {
            let senses = state.people.get(&key)?;
            let heard = match senses.heard.front() {
                Some(heard) => senses::named(&heard.sound),
                None if senses.sounds > before => "something".into(),
                None => return None,
            };
            Some(format!("{name} heard {heard}"))
        })
    }

    /// Expects the device to vibrate next in this pattern: pauses and pulses in turn, in milliseconds, a pause first.
    #[track_caller]
    pub fn expect_vibration(&self, pattern: impl Into<Vec<u64>>) -> Expectation {
        let (name, pattern) = (self.name.clone(), pattern.into());
        self.perceive(Expected::new(format!("{name} to feel a vibration {pattern:?}")), move |senses| {
            match senses.felt.pop_front() {
                Some(felt) if felt == pattern => Verdict::Met(()),
                Some(felt) => Verdict::Failed(format!("{name} felt {felt:?}")),
                None => Verdict::NotYet,
            }
        })
    }

    fn hear_words(
        &self,
        expected: Expected,
        mut fits: impl FnMut(&str) -> bool + Send + 'static,
    ) -> Expectation {
        self.hear(expected, move |sound| matches!(sound, Sound::Speech { text, .. } if fits(text)))
    }

    fn hear(&self, expected: Expected, mut fits: impl FnMut(&Sound) -> bool + Send + 'static) -> Expectation {
        let name = self.name.clone();
        self.perceive(expected, move |senses| {
            let Some(heard) = senses.heard.front() else { return Verdict::NotYet };
            if !fits(&heard.sound) {
                return Verdict::Failed(format!("{name} heard {}", senses::named(&heard.sound)));
            }
            if !heard.over {
                return Verdict::NotYet;
            }
            senses.heard.pop_front();
            Verdict::Met(())
        })
    }
}
