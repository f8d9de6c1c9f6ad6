//! What scripts call a device: what the person at it does, and what they must perceive.

use std::time::Duration;

use relay_engine::{Location, Taken};
use relay_protocol::types::{ButtonName, LedEffect, Taps};
use sdk::Color;
use serde::Serialize;
use serde_json::{Value, json};

use super::expected::{Expectation, Expected, Verdict};
use super::senses::{Senses, reached};
use super::sim::Sim;

/// A device and the person at it.
#[derive(Clone)]
pub(crate) struct Device {
    sim: Sim,
    id: String,
    name: String,
}

/// What people do.
impl Device {
    pub(super) fn new(sim: Sim, id: String, name: &str) -> Self {
        Self { sim, id, name: name.to_owned() }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) async fn speak_to_assistant(&self, text: &str) {
        let text = text.to_owned();
        let stage = self.sim.stage().await;
        stage.act(&self.id, move |engine, now, device| engine.ask_assistant(now, device, &text)).await;
    }

    /// Waits until the device listens.
    #[track_caller]
    pub(crate) fn speak<'a>(&'a self, text: &'a str) -> Expectation<'a> {
        let what = format!("a workflow to listen, so that {} can say {text:?}", self.name);
        let listens = self.perceive(Expected::new(what), |senses| match senses.listening {
            true => Verdict::Met(()),
            false => Verdict::NotYet,
        });
        Box::pin(async move {
            listens.await;
            let text = text.to_owned();
            let stage = self.sim.stage().await;
            stage.act(&self.id, move |engine, now, device| engine.speak(now, device, text.as_str())).await;
        })
    }

    pub(crate) async fn tap(&self) {
        self.press(ButtonName::Action, Taps::Single).await;
    }

    pub(crate) async fn double_tap(&self) {
        self.press(ButtonName::Action, Taps::Double).await;
    }

    pub(crate) async fn long_press(&self) {
        self.press(ButtonName::Action, Taps::Long).await;
    }

    pub(crate) async fn answer(&self) {
        self.tap().await;
    }

    pub(crate) async fn hang_up(&self) {
        self.press(ButtonName::Channel, Taps::Double).await;
    }

    async fn press(&self, button: ButtonName, taps: Taps) {
        let stage = self.sim.stage().await;
        stage.act(&self.id, move |engine, now, device| engine.tap(now, device, button, taps)).await;
    }

    pub(crate) async fn raise_alarm(&self) {
        let stage = self.sim.stage().await;
        stage.act(&self.id, |engine, now, device| engine.raise_alarm(now, device)).await;
    }

    pub(crate) async fn scan(&self, uid: &str) {
        let uid = uid.to_owned();
        let stage = self.sim.stage().await;
        stage.act(&self.id, move |engine, now, device| engine.touch_tag(now, device, &uid)).await;
    }

    pub(crate) async fn move_to(&self, location: Location) {
        let stage = self.sim.stage().await;
        let go = move |engine: &mut relay_engine::Engine, now, device| {
            engine.set_location(now, device, location).map(|()| Taken::Platform)
        };
        stage.act(&self.id, go).await;
    }

    pub(crate) async fn invoke(&self, workflow: &str, args: impl Serialize) {
        self.sim.invoke_for(workflow, Some(&self.id), args).await;
    }
}

/// What they must perceive.
impl Device {
    #[track_caller]
    pub(crate) fn expect_say(&self, text: impl Into<String>) -> Expectation<'_> {
        self.hear(text.into())
    }

    #[track_caller]
    pub(crate) fn expect_play(&self, filename: impl Into<String>) -> Expectation<'_> {
        self.hear(filename.into())
    }

    /// Waits until it was spoken or played.
    #[track_caller]
    fn hear(&self, what: String) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to hear {what:?}", self.name));
        self.perceive(expected, move |senses| match senses.heard.front() {
            Some((heard, _)) if *heard != what => Verdict::Failed(format!("there was {heard:?}")),
            Some((_, true)) => {
                senses.heard.pop_front();
                Verdict::Met(())
            }
            _ => Verdict::NotYet,
        })
    }

    #[track_caller]
    pub(crate) fn expect_alert(&self, text: impl Into<String>) -> Expectation<'_> {
        let text = text.into();
        let expected = Expected::new(format!("{} to hear the alert {text:?}", self.name));
        self.perceive(expected, move |senses| is_next(senses.alerts.pop_front(), &text))
    }

    #[track_caller]
    pub(crate) fn expect_broadcast(&self, text: impl Into<String>) -> Expectation<'_> {
        let text = text.into();
        let expected = Expected::new(format!("{} to hear the broadcast {text:?}", self.name));
        self.perceive(expected, move |senses| is_next(senses.broadcasts.pop_front(), &text))
    }

    #[track_caller]
    pub(crate) fn expect_silence(&self, time: Duration) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to hear nothing for {time:?}", self.name));
        Box::pin(async move {
            let mut before = None;
            let check = |seen: &mut super::stage::Seen| {
                let senses = &seen.people[&self.id];
                let before = *before.get_or_insert(senses.sounds);
                let heard = senses.heard.front().map(|(heard, _)| format!("there was {heard:?}"));
                heard.or_else(|| (senses.sounds > before).then(|| "there was something".to_owned()))
            };
            self.sim.stage().await.pass(&expected, time, check).await;
        })
    }

    #[track_caller]
    pub(crate) fn expect_vibration(&self, pattern: impl Into<Vec<u64>>) -> Expectation<'_> {
        let pattern = json!(pattern.into());
        let expected = Expected::new(format!("{} to feel a vibration {pattern}", self.name));
        self.perceive(expected, move |senses| is_next(senses.felt.pop_front(), &pattern))
    }

    #[track_caller]
    pub(crate) fn expect_led(&self, effect: LedEffect) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to see the ring {effect}", self.name));
        self.see(expected, move |light| light["effect"] == effect.as_str())
    }

    #[track_caller]
    pub(crate) fn expect_led_color(&self, color: Color) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to see the ring in {color}", self.name));
        let color = color.to_string().to_lowercase();
        self.see(expected, move |light| {
            light["colors"].as_array().is_some_and(|all| all.iter().all(|one| *one == *color))
        })
    }

    #[track_caller]
    pub(crate) fn expect_led_own(&self) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to see the ring go back to its own light", self.name));
        self.see(expected, Value::is_null)
    }

    #[track_caller]
    pub(crate) fn expect_channel(&self, name: &str) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to be on the channel {name:?}", self.name));
        let name = name.to_owned();
        self.perceive(expected, move |senses| {
            lasts(reached(&mut senses.channels, |channel| *channel == name))
        })
    }

    #[track_caller]
    pub(crate) fn expect_ringing(&self, from: &str) -> Expectation<'_> {
        let expected = Expected::new(format!("a call from {from} to ring at {}", self.name));
        self.follow_call(expected, json!({ "status": "ringing", "name": from }))
    }

    #[track_caller]
    pub(crate) fn expect_connected(&self, with: &str) -> Expectation<'_> {
        let expected = Expected::new(format!("{} to be connected with {with}", self.name));
        self.follow_call(expected, json!({ "status": "connected", "name": with }))
    }

    #[track_caller]
    pub(crate) fn expect_call_ended(&self, reason: &str) -> Expectation<'_> {
        let expected = Expected::new(format!("the call of {} to end: {reason}", self.name));
        self.follow_call(expected, json!({ "status": "ended", "reason": reason }))
    }

    /// What comes before is passed over, but not the end: nothing follows it.
    fn follow_call(&self, expected: Expected, wanted: Value) -> Expectation<'_> {
        self.perceive(expected, move |senses| {
            while let Some(status) = senses.calls.pop_front() {
                if status == wanted {
                    return Verdict::Met(());
                }
                if status["status"] == "ended" {
                    return Verdict::Failed(format!("it ended: {}", status["reason"]));
                }
            }
            Verdict::NotYet
        })
    }

    fn see(&self, expected: Expected, mut fits: impl FnMut(&Value) -> bool + 'static) -> Expectation<'_> {
        self.perceive(expected, move |senses| lasts(reached(&mut senses.seen, &mut fits)))
    }

    fn perceive<T: 'static>(
        &self,
        expected: Expected,
        mut check: impl FnMut(&mut Senses) -> Verdict<T> + 'static,
    ) -> Expectation<'_, T> {
        Box::pin(async move {
            let stage = self.sim.stage().await;
            stage
                .until(&expected, |seen| seen.people.get_mut(&self.id).map_or(Verdict::NotYet, &mut check))
                .await
        })
    }
}

fn is_next<T: PartialEq + std::fmt::Debug>(found: Option<T>, wanted: &T) -> Verdict<()> {
    match found {
        Some(found) if found == *wanted => Verdict::Met(()),
        Some(found) => Verdict::Failed(format!("there was {found:?}")),
        None => Verdict::NotYet,
    }
}

fn lasts(reached: bool) -> Verdict<()> {
    if reached { Verdict::Met(()) } else { Verdict::NotYet }
}
