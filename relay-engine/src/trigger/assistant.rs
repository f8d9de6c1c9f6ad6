//! What people say to the Assistant, and tap on its channel.

use alloc::string::ToString;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{ButtonAction, Taps, TriggerArgs, TriggerType};

use super::Rule;
use crate::button::Taken;
use crate::engine::Engine;
use crate::error::DeviceError;
use crate::key::DeviceKey;
use crate::speech::{normalised, words};

impl Engine {
    /// The person holds Assistant, on whatever channel, and says something. If it begins with the words of a registered
    /// phrase, those workflows start; with those of several, the longest phrase wins. What is left of it is told to them.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: nothing was heard.
    pub fn ask_assistant(
        &mut self,
        now: Timestamp,
        device: DeviceKey,
        text: &str,
    ) -> Result<Taken, DeviceError> {
        self.at_hand(device)?;
        Ok(self.hear(now, device, text))
    }

    /// The Assistant hears something.
    pub(crate) fn hear(&mut self, now: Timestamp, device: DeviceKey, text: &str) -> Taken {
        let words = words(text);
        let begins_with = |phrase: &str| {
            let mut said = words.iter();
            phrase.split(' ').all(|word| said.next().is_some_and(|(_, said)| said == word))
        };
        let installed = self.registered.values().filter(|entry| self.is_installed(&entry.install, device));
        let phrases = installed.filter_map(|entry| match &entry.rule {
            Rule::Phrases(phrases) => Some(phrases),
            _ => None,
        });
        let fitting = phrases.flatten().filter(|phrase| begins_with(phrase));
        let Some(longest) = fitting.max_by_key(|phrase| phrase.split(' ').count()).cloned() else {
            return self.obey(now, device, text);
        };
        let mut args = TriggerArgs::new().phrase(longest.as_str());
        if let Some((rest, _)) = words.get(longest.split(' ').count()) {
            // As it was recognised, which is in lower case, but without the mark at its end.
            let rest = text[*rest..].trim_end_matches(|c: char| !c.is_alphanumeric());
            args = args.spillover(rest.to_lowercase());
        }
        let wants = |rule: &Rule| matches!(rule, Rule::Phrases(phrases) if phrases.contains(&longest));
        let run = self.fire(now, device, TriggerType::Phrase, &args, wants);
        run.map_or(Taken::Nobody, Taken::Workflow)
    }

    /// What the Assistant knows by itself: `call`, with the name of a device. Registered phrases come first.
    fn obey(&mut self, now: Timestamp, device: DeviceKey, text: &str) -> Taken {
        let said = normalised(text);
        let Some(name) = said.strip_prefix("call ") else { return Taken::Nobody };
        let named = self.directory.devices().find(|(_, device)| normalised(device.name()) == name);
        let Some(name) = named.map(|(_, device)| device.name().to_string()) else { return Taken::Nobody };
        self.place_call(now, device, &name).unwrap_or(Taken::Nobody)
    }

    /// Taps on Talk on the Assistant's channel.
    pub(crate) fn tap_assistant(&mut self, now: Timestamp, device: DeviceKey, taps: &Taps) -> Taken {
        let action = match taps {
            Taps::Single => ButtonAction::SingleTap,
            Taps::Double => ButtonAction::DoubleTap,
            Taps::Triple => ButtonAction::TripleTap,
            _ => return Taken::Nobody,
        };
        let args = TriggerArgs::new().action(action.clone());
        let wants = |rule: &Rule| matches!(rule, Rule::Button(wanted) if *wanted == action);
        self.fire(now, device, TriggerType::Button, &args, wants).map_or(Taken::Nobody, Taken::Workflow)
    }
}
