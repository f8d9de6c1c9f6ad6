//! What people see: the ring of LEDs, the channel, and what a screen shows.

use std::collections::VecDeque;

use relay_engine::{Channel, Light, Rgb};
use relay_protocol::types::LedEffect;

use super::{Device, Expectation, Expected, Verdict};
use crate::Color;

impl Device {
    /// Expects the ring of LEDs to show this effect, now or later.
    #[track_caller]
    pub fn expect_led(&self, effect: LedEffect) -> Expectation {
        let expected = Expected::new(format!("{} to see the ring {effect}", self.name));
        self.see(expected, move |light| light.is_some_and(|light| light.effect == effect))
    }

    /// Expects the whole ring of LEDs to be in this colour, whatever the effect, now or later.
    #[track_caller]
    pub fn expect_led_color(&self, color: Color) -> Expectation {
        let expected = Expected::new(format!("{} to see the ring in {color}", self.name));
        let wanted = Rgb { r: color.red, g: color.green, b: color.blue };
        self.see(expected, move |light| {
            light.is_some_and(|light| light.colors.iter().all(|color| *color == wanted))
        })
    }

    /// Expects the ring of LEDs to show something that fits, now or later.
    #[track_caller]
    pub fn expect_led_matching(&self, mut fits: impl FnMut(&Light) -> bool + Send + 'static) -> Expectation {
        let expected = Expected::new(format!("{} to see something on the ring that fits", self.name));
        self.see(expected, move |light| light.is_some_and(&mut fits))
    }

    /// Expects the ring of LEDs to go back to the light of its own, now or later: the one that no workflow has lit.
    #[track_caller]
    pub fn expect_led_own(&self) -> Expectation {
        let expected = Expected::new(format!("{} to see the ring go back to its own light", self.name));
        self.see(expected, |light| light.is_none())
    }

    /// Expects the device to be on the channel of this group, device or interaction, now or later; `Assistant` is the
    /// Assistant's.
    #[track_caller]
    pub fn expect_channel(&self, name: impl Into<String>) -> Expectation {
        let wanted = name.into();
        let name = self.name.clone();
        let expected = Expected::new(format!("{name} to be on the channel {wanted:?}"));
        self.perceive(expected, move |senses| {
            let is_wanted = |channel: &Channel| match channel {
                Channel::Talk(name) | Channel::Interaction(name) => *name == wanted,
                Channel::Assistant => wanted == "Assistant",
                _ => false,
            };
            reached(&mut senses.channels, is_wanted)
        })
    }

    /// Expects a phone or a console to show this: what workflows send to those instead of, or besides, words.
    #[track_caller]
    pub fn expect_push(&self, text: impl Into<String>) -> Expectation {
        let text = text.into();
        let name = self.name.clone();
        self.perceive(Expected::new(format!("{name} to see {text:?} on the screen")), move |senses| {
            match senses.pushed.pop_front() {
                Some(seen) if seen == text => Verdict::Met(()),
                Some(seen) => Verdict::Failed(format!("{name} saw {seen:?}")),
                None => Verdict::NotYet,
            }
        })
    }

    fn see(
        &self,
        expected: Expected,
        mut fits: impl FnMut(Option<&Light>) -> bool + Send + 'static,
    ) -> Expectation {
        self.perceive(expected, move |senses| reached(&mut senses.seen, |light| fits(light.as_ref())))
    }
}

/// Whether something that lasts is or was so, since it was last asked about. What came before is forgotten; the last one
/// stays, for it still is so.
fn reached<T>(history: &mut VecDeque<T>, fits: impl FnMut(&T) -> bool) -> Verdict<()> {
    match history.iter().position(fits) {
        Some(at) => {
            history.drain(..at);
            Verdict::Met(())
        }
        None => Verdict::NotYet,
    }
}
