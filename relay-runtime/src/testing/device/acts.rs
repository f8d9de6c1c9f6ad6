//! What people say and press.

use std::time::Duration;

use relay_engine::{Message, Sound, Taken};
use relay_protocol::types::{ButtonName, Language, Taps};
use serde::Serialize;

use super::{Device, Expectation, Expected, Verdict};
use crate::testing::fail;
use crate::testing::runtime::idle;

impl Device {
    /// Holds Assistant and says this, which starts the workflows that are registered for a phrase at its beginning.
    pub async fn speak_to_assistant(&self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let what = format!("says to the Assistant: {text:?}");
        self.act(what, |engine, now, device| engine.ask_assistant(now, device, text)).await;
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
        let listens = self.perceive(expected, |senses| match senses.listening {
            true => Verdict::Met(()),
            false => Verdict::NotYet,
        });
        Expectation::new(async move {
            listens.await;
            device.speak_now(text).await;
        })
    }

    /// Holds Talk and says this, whether or not anybody listens.
    pub async fn speak_now(&self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let what = format!("says {text:?}");
        self.act(what, |engine, now, device| engine.speak(now, device, text)).await;
    }

    /// Taps Talk once: also to acknowledge an alert, and to answer a call.
    pub async fn tap(&self) {
        self.press(ButtonName::Action, Taps::Single).await;
    }

    /// Taps Talk twice.
    pub async fn double_tap(&self) {
        self.press(ButtonName::Action, Taps::Double).await;
    }

    /// Taps Talk three times.
    pub async fn triple_tap(&self) {
        self.press(ButtonName::Action, Taps::Triple).await;
    }

    /// Holds Talk without a word.
    pub async fn long_press(&self) {
        self.press(ButtonName::Action, Taps::Long).await;
    }

    /// Taps Assistant once: leaves the interactions, or comes back to them.
    pub async fn tap_assistant(&self) {
        self.press(ButtonName::Channel, Taps::Single).await;
    }

    /// Taps Assistant twice: also to hang up.
    pub async fn double_tap_assistant(&self) {
        self.press(ButtonName::Channel, Taps::Double).await;
    }

    /// Taps Assistant three times.
    pub async fn triple_tap_assistant(&self) {
        self.press(ButtonName::Channel, Taps::Triple).await;
    }

    async fn press(&self, button: ButtonName, taps: Taps) {
        let name = if button == ButtonName::Action { "Talk" } else { "Assistant" };
        let what = match taps {
            Taps::Single => format!("taps {name}"),
            Taps::Double => format!("taps {name} twice"),
            Taps::Triple => format!("taps {name} three times"),
            _ => format!("holds {name}"),
        };
        self.act(what, |engine, now, device| engine.tap(now, device, button, taps)).await;
    }

    /// Somebody leaves a message on the device, to be heard later. It takes two seconds.
    ///
    /// # Panics
    ///
    /// When there are too many.
    #[track_caller]
    pub fn receive_message(&self, from: &str, text: &str) {
        let sound = Sound::Speech { text: text.into(), lang: Language::English };
        let message = Message::new(from, sound, Duration::from_secs(2));
        self.note(format!("has a message of {from}"));
        if let Err(error) = self.world.tell(|state, _| state.engine.leave_message(self.key, message)) {
            fail(format!("{from} cannot leave a message: {error}"));
        }
    }

    /// Raises the alarm.
    pub async fn raise_alarm(&self) {
        self.act("raises the alarm", |engine, now, device| engine.raise_alarm(now, device)).await;
    }

    /// Holds the device to the tag with this identifier; see [`Sim::tag`](crate::testing::Sim::tag).
    pub async fn scan(&self, uid: &str) {
        let what = format!("holds the device to the tag {uid:?}");
        self.act(what, |engine, now, device| engine.touch_tag(now, device, uid)).await;
    }

    /// Somebody calls the workflow of this name over HTTP on behalf of this device; see
    /// [`Sim::invoke`](crate::testing::Sim::invoke).
    #[track_caller]
    pub fn invoke(&self, workflow: &str, args: impl Serialize) -> Expectation {
        let invocation = self.world.invocation(workflow, Some(self.key), args);
        Expectation::new(async move {
            idle().await;
            invocation();
        })
    }

    /// The battery sinks to this level, in percent, and is not being charged.
    pub async fn discharge(&self, percent: u8) {
        self.set_battery(percent, false).await;
    }

    /// The battery is being charged, and rises to this level, in percent.
    pub async fn charge(&self, percent: u8) {
        self.set_battery(percent, true).await;
    }

    async fn set_battery(&self, percent: u8, charging: bool) {
        let what =
            format!("has {percent}% of battery, {}", if charging { "charging" } else { "discharging" });
        self.act(what, |engine, now, device| {
            engine.set_battery(now, device, percent, charging).map(|()| Taken::Platform)
        })
        .await;
    }

    /// The device cannot be reached any more.
    pub async fn go_offline(&self) {
        self.set_online("goes offline", false).await;
    }

    /// The device can be reached again.
    pub async fn come_online(&self) {
        self.set_online("is online again", true).await;
    }

    async fn set_online(&self, what: &str, online: bool) {
        self.act(what, |engine, now, device| {
            engine.set_online(now, device, online).map(|()| Taken::Platform)
        })
        .await;
    }

    /// Wants to be left alone from now on, or not any more.
    pub async fn do_not_disturb(&self, on: bool) {
        let what = if on { "does not want to be disturbed" } else { "may be disturbed again" };
        self.act(what, |engine, _, device| engine.set_do_not_disturb(device, on).map(|()| Taken::Platform))
            .await;
    }
}
