//! What people can do, and perceive.

use relay_runtime::event::{Incident, Notification};
use relay_runtime::prelude::*;
use relay_runtime::testing::{Location, Sim, StopReason};
use relay_runtime::types::{InputType, LedEffect, Taps};
use relay_runtime::workflow::trigger::{
    Battery, ButtonTap, CallTrigger, Emergency, Geofence, Nfc, Position, Schedule,
};
use relay_runtime::{Playback, Vibration};

/// Shows, plays and vibrates.
#[workflow(button)]
async fn fireworks(cx: Context, start: Start<ButtonTap>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "fireworks").color(Color::BLUE).await?;
    alice.leds().flash(Color::RED).await?;
    alice.vibrate(Vibration::new().pulse(millis(100)).pause(millis(50)).pulse(millis(100))).await?;
    alice.play("bang.wav").await?;
    let _background: Playback = alice.say("Ooh").in_background().await?;
    alice.next_button().await?;
    alice.device().set_channel("Cleaners").suppress_tts().await?;
    Ok(())
}

#[relay_runtime::test]
async fn all_senses() {
    let sim = Sim::new().workflow(fireworks);
    let alice = sim.device("Alice");
    alice.turn_to_assistant().await;
    alice.expect_channel("Assistant").await;
    alice.tap().await;
    alice.expect_channel("fireworks").await;
    alice.expect_led_color(Color::BLUE).await;
    alice.expect_led(LedEffect::Flash).await;
    alice.expect_led_color(Color::RED).await;
    alice.expect_vibration([0, 100, 50, 100]).await;
    alice.expect_play("bang.wav").await;
    alice.expect_say("Ooh").await;
    alice.long_press().await;
    alice.expect_channel("Cleaners").await;
    alice.expect_led_own().await;
    sim.expect_stop(StopReason::Normal).await;
}

/// Counts presses of all kinds.
#[workflow(phrase = "count")]
async fn count(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.start_interaction(start.source(), "count").inputs([
        InputType::ActionButtonSingleTap,
        InputType::ActionButtonDoubleTap,
        InputType::ActionButtonTripleTap,
    ]);
    let alice = alice.await?;
    let mut buttons = alice.buttons();
    loop {
        let Some(Ok(press)) = buttons.next().await else { return Ok(()) };
        if press.taps == Taps::Triple {
            return alice.say("Done").await;
        }
        alice.say(press.taps.to_string()).await?;
    }
}

#[relay_runtime::test]
async fn buttons() {
    let sim = Sim::new().workflow(count);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("Count!").await;
    alice.expect_channel("count").await;
    alice.tap().await;
    alice.expect_say("single").await;
    alice.double_tap().await;
    alice.expect_say("double").await;
    alice.double_tap_assistant().await;
    alice.expect_silence(secs(5)).await;
    alice.triple_tap().await;
    alice.expect_say("Done").await;
    sim.expect_stop(StopReason::Normal).await;
}

/// Leaves and comes back.
#[relay_runtime::test]
async fn a_person_leaves_and_comes_back() {
    let sim = Sim::new().workflow(count);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("count").await;
    alice.expect_channel("count").await;
    alice.tap_assistant().await;
    alice.expect_channel("Home").await;
    alice.tap().await;
    alice.expect_silence(secs(5)).await;
    alice.tap_assistant().await;
    alice.expect_channel("count").await;
    alice.triple_tap().await;
    alice.expect_say("Done").await;
    sim.expect_stop(StopReason::Normal).await;
}

/// Tells by what it was started.
#[derive(Default)]
struct Anything;

#[workflow]
impl Anything {
    #[trigger(nfc, category = "checkpoint")]
    async fn tag(&self, cx: Context, start: Start<Nfc>) -> Result<()> {
        tell(&cx, start.source(), format!("tag {}", start.content("label").unwrap_or("?"))).await
    }

    #[trigger(geofence, geofence_id = "yard")]
    async fn geofence(&self, cx: Context, start: Start<Geofence>) -> Result<()> {
        tell(&cx, start.source(), "yard").await
    }

    #[trigger(position, venue_id = "hotel", position_id = "bar", transition = exit)]
    async fn position(&self, cx: Context, start: Start<Position>) -> Result<()> {
        tell(&cx, start.source(), "bar").await
    }

    #[trigger(emergency)]
    async fn emergency(&self, cx: Context, start: Start<Emergency>) -> Result<()> {
        tell(&cx, start.source(), "alarm").await
    }

    #[trigger(call)]
    async fn call(&self, cx: Context, start: Start<CallTrigger>) -> Result<()> {
        tell(&cx, start.source(), "call").await
    }

    #[trigger(timer, start_time = "2027-01-04T08:00:00", timezone = "Europe/London")]
    async fn time(&self, cx: Context, start: Start<Schedule>) -> Result<()> {
        assert!(start.source().is_none());
        cx.broadcast(cx.group(&"urn:relay-resource:name:group:Everybody".parse()?), "It is time").await?;
        cx.finish().await
    }

    #[trigger(http)]
    async fn http(&self, cx: Context, start: Start<Http>) -> Result<()> {
        match start.source() {
            Some(device) => tell(&cx, device, "http").await,
            None => cx.finish().await,
        }
    }
}

#[derive(Default)]
struct Low;

#[workflow]
impl Low {
    #[trigger(battery, discharge = 20)]
    async fn battery(&self, cx: Context, start: Start<Battery>) -> Result<()> {
        tell(&cx, start.source(), "battery").await
    }
}

async fn tell(cx: &Context, device: &DeviceUrn, what: impl Into<String>) -> Result<()> {
    cx.start_interaction(device, "tell").await?.say(what).await?;
    cx.finish().await
}

#[relay_runtime::test]
async fn whatever_starts_a_workflow() {
    let sim = Sim::new().workflow(Anything::default).workflow(Low::default);
    sim.tag("04:12", [("category", "checkpoint"), ("label", "north")]);
    let alice = sim.device_with("Alice", |info| info.location_enabled = true);
    let bob = sim.device("Bob");
    sim.group("Everybody", [&alice, &bob]);

    alice.scan("04:12").await;
    alice.expect_say("tag north").await;
    alice.discharge(20).await;
    alice.expect_say("battery").await;
    alice.enter_geofence("yard").await;
    alice.expect_say("yard").await;
    alice.leave_geofence("yard").await;
    alice.move_to(Location::default()).await;
    alice.enter_position("hotel", "bar").await;
    alice.leave_position().await;
    alice.expect_say("bar").await;
    alice.raise_alarm().await;
    alice.expect_say("alarm").await;
    alice.call("Bob").await;
    alice.expect_say("call").await;
    alice.invoke("anything", ()).await;
    alice.expect_say("http").await;
    sim.invoke("anything", [("a", 1)].into_iter().collect::<std::collections::BTreeMap<_, _>>()).await;
    sim.fire_schedule("anything").await;
    bob.expect_broadcast("It is time").await;
    alice.expect_broadcast("It is time").await;
    for _ in 0..9 {
        sim.expect_stop(StopReason::Normal).await;
    }
    alice.charge(100).await;
    alice.expect_silence(secs(60)).await;
}

/// Alerts a group, and thanks whoever comes.
#[workflow(phrase = "help")]
async fn help(cx: Context, start: Start<Phrase>) -> Result<()> {
    let device = cx.device(start.source());
    let incident = device.create_incident("help").await?;
    let mut alert =
        cx.alert(cx.group(&"urn:relay-resource:name:group:Helpers".parse()?), "Alice needs help").await?;
    let helped: Notification = alert.acknowledged().await.ok_or(Error::msg("nobody"))??;
    let helper = helped.source_uri.and_then(|urn| urn.device()).ok_or(Error::msg("who?"))?;
    cx.start_interaction(&helper, "thanks").await?.say("Thank you").await?;
    cx.sms("tel:123", "Alice is helped").await?;
    cx.analytics().message("helped").await?;
    let mut incident = incident;
    let closed: Incident = incident.closed().await?;
    cx.vars().set("reason", closed.reason).await?;
    Ok(())
}

#[relay_runtime::test]
async fn alerts_incidents_records_and_texts() {
    let sim = Sim::new().workflow(help);
    let (alice, bob, carol) = (sim.device("Alice"), sim.device("Bob"), sim.device("Carol"));
    sim.group("Helpers", [&bob, &carol]);
    alice.speak_to_assistant("help").await;
    let incident = sim.expect_incident("help").await;
    bob.expect_alert("Alice needs help").await;
    carol.expect_alert("Alice needs help").await;
    carol.expect_alert("Alice needs help").await; // again
    bob.tap().await;
    bob.expect_say("Thank you").await;
    assert_eq!(sim.expect_sms("Alice is helped").await, "tel:123");
    sim.expect_record("helped").await;
    sim.resolve_incident(&incident, "all is well").await;
    sim.expect_stop(StopReason::Normal).await;
}

#[relay_runtime::test]
async fn people_call_each_other() {
    let sim = Sim::new();
    let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
    alice.call("Bob").await;
    bob.expect_ringing("Alice").await;
    bob.answer().await;
    alice.expect_connected("Bob").await;
    bob.hang_up().await;
    alice.expect_call_ended("normal").await;
    bob.expect_call_ended("normal").await;
}

#[relay_runtime::test]
async fn devices_out_of_reach() {
    let sim = Sim::new().workflow(count);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("count").await;
    alice.expect_channel("count").await;
    alice.go_offline().await;
    alice.triple_tap().await;
    alice.expect_silence(secs(60)).await;
    alice.come_online().await;
    alice.do_not_disturb(true).await;
    alice.do_not_disturb(false).await;
    sim.stop("error").await;
    sim.expect_stop(StopReason::Error).await;
}
