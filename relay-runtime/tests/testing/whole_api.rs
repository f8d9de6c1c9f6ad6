//! One workflow that does everything there is, and people who do the rest.

use std::collections::BTreeSet;

use relay_protocol::transcript::{Side, Transcript};
use relay_protocol::{Event, Request};
use relay_runtime::prelude::*;
use relay_runtime::request::ListGroupMembers;
use relay_runtime::testing::{Absorb, Device as Person, Fault, Sim, StopReason, replay};
use relay_runtime::types::DeviceMode;
use relay_runtime::{CallEvent, Vibration};
use serde_json::Value;

/// Does each thing once, in the order of the protocol's schema.
#[workflow(phrase = "everything")]
async fn everything(cx: Context, start: Start<Phrase>) -> Result<()> {
    let alice = cx.device(start.source());
    let bob = cx.device(&DeviceUrn::name("Bob")?);
    let everybody = interaction(&cx, &alice).await?;
    notifications(&cx, &bob).await?;
    devices(&alice, &bob).await?;
    variables_and_timers(&cx).await?;
    incident(&cx, &alice).await?;
    calls(&cx, &alice, &bob).await?;
    groups(&cx, &bob).await?;
    others(&cx, &alice, &bob).await?;
    everybody.end().await
}

async fn interaction(cx: &Context, alice: &Device) -> Result<Interaction> {
    let talk = cx.start_interaction(alice, "everything").await?;
    talk.say("Hello").await?;
    talk.play("bell.wav").await?;
    let endless = talk.say("and so on ".repeat(100)).in_background().await?;
    endless.stop().await?;
    let heard = talk.listen().timeout(secs(10)).await?;
    assert_eq!(cx.translate(heard.text, Language::German).await?, "[de-DE] fine");
    talk.vibrate(Vibration::new().pulse(millis(100))).await?;
    talk.leds().rainbow().await?;
    talk.next_button().await?;
    Ok(talk)
}

async fn notifications(cx: &Context, bob: &Device) -> Result<()> {
    cx.broadcast(bob, "Lunch").await?;
    let alert = cx.alert(bob, "Fire").await?;
    let Some(who) = alert.first().await? else { return Err(Error::msg("nobody")) };
    assert_eq!(&Urn::from(who), bob.urn());
    Ok(())
}

async fn devices(alice: &Device, bob: &Device) -> Result<()> {
    alice.set_channel("Cleaners").await?;
    alice.disable_home_channel().await?;
    assert_eq!(alice.name().await?, "Alice");
    bob.enable_location().await?;
    alice.set_username("alice@example.com").await?;
    assert_eq!(alice.inbox_count().await?, 1);
    alice.play_inbox().await?;
    Ok(())
}

async fn variables_and_timers(cx: &Context) -> Result<()> {
    cx.vars().set("mood", "sunny").await?;
    assert_eq!(cx.vars().get("mood").await?, Some("sunny".to_owned()));
    cx.vars().unset("mood").await?;
    cx.timers().start(secs(60)).await?;
    cx.next::<event::Timer>().await?;
    cx.timers().stop().await?;
    let fired = cx.timers().fired("tea");
    cx.timers().set("tea", mins(3)).await?;
    fired.await?;
    cx.timers().clear("tea").await
}

async fn incident(cx: &Context, alice: &Device) -> Result<()> {
    let mut mine = alice.create_incident("spill").await?;
    mine.closed().await?;
    alice.create_incident("leak").await?.resolve("it was only rain").await?;
    cx.analytics().message("two incidents").await
}

async fn calls(cx: &Context, alice: &Device, bob: &Device) -> Result<()> {
    alice.register_for_calls("sip:alice@example.com", "secret").await?;
    // Alice wants to call, and we place the call for her.
    let wanted = cx.next::<event::CallStartRequest>().await?;
    let mut call = alice.call_uri(wanted.uri).await?;
    call.connected().await?;
    call.hang_up().await?;
    call.ended().await?;
    // Bob calls, and we take the call for her.
    let received = cx.next::<event::CallReceived>().await?;
    let mut call = alice.answer(received.call_id).await?;
    call.connected().await?;
    call.ended().await?;
    // Nobody is there.
    let mut call = bob.call_uri("sip:nobody@example.com").await?;
    assert!(matches!(call.ended().await?, CallEvent::Failed(_)));
    Ok(())
}

async fn groups(cx: &Context, bob: &Device) -> Result<()> {
    let night = cx.create_group("Night").await?;
    night.add([bob]).await?;
    assert_eq!(night.members().await?.len(), 1);
    let listed = cx.request([], ListGroupMembers::new("Night")).await?;
    assert_eq!(listed.device_names, ["Bob"]);
    night.remove([bob]).await?;
    night.delete().await
}

async fn others(cx: &Context, alice: &Device, bob: &Device) -> Result<()> {
    let (audio, resume) = (cx.next::<event::Audio>(), cx.next::<event::Resume>());
    let mut told = cx.events_of::<event::Sms>();
    let id = cx.sms("tel:+15550100", "Hello").await?;
    let Some(Ok(sms)) = told.next().await else { return Err(Error::msg("nothing was told")) };
    assert_eq!(sms.id, id);
    audio.await?;
    resume.await?;
    alice.set_name("Alicia").await?;
    bob.danger().set_mode(DeviceMode::Panic).await?;
    bob.danger().power_off().await
}

fn stage(sim: Sim) -> (Sim, Person, Person) {
    let sim = sim
        .workflow(everything)
        .registration(|workflow| workflow.absorb = vec![Absorb::CallRequest, Absorb::IncomingCall]);
    let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
    sim.group("Cleaners", [&alice]);
    (sim, alice, bob)
}

/// Everything that people, the console and the platform do meanwhile.
async fn live(sim: &Sim, alice: &Person, bob: &Person) {
    alice.receive_message("Carol", "Call me");
    alice.speak_to_assistant("everything").await;
    alice.expect_say("Hello").await;
    alice.expect_play("bell.wav").await;
    alice.expect_say_containing("and so on").await;
    alice.speak("fine").await;
    alice.expect_vibration([0, 100]).await;
    alice.tap().await;

    bob.expect_broadcast("Lunch").await;
    bob.expect_alert("Fire").await;
    bob.tap().await;
    alice.expect_say("Cleaners").await; // the platform tells the new channel
    alice.expect_say("Call me").await;

    let spill = sim.expect_incident("spill").await;
    sim.resolve_incident(&spill, "wiped").await;
    sim.expect_incident("leak").await;

    sim.until_idle().await;
    alice.call("Bob").await;
    bob.expect_ringing("Alice").await;
    bob.answer().await;
    bob.expect_call_ended("normal").await;
    bob.call("Alice").await;
    bob.expect_connected("Alice").await;
    bob.hang_up().await;

    sim.expect_sms("Hello").await;
    sim.report_sms("delivered").await;
    sim.send_event(event::Audio::new()).await;
    sim.send_event(event::Resume::new()).await;
    sim.expect_stop(StopReason::Normal).await;
}

/// `say` for all requests that were made, and all events that were told.
fn seen(transcript: &Transcript) -> BTreeSet<String> {
    let frames = transcript.frames(Side::Engine).chain(transcript.frames(Side::Workflow));
    let kinds = frames.map(|(_, frame)| {
        let frame: Value = serde_json::from_str(frame).unwrap();
        frame["_type"].as_str().unwrap().trim_start_matches("wf_api_").to_owned()
    });
    kinds.collect()
}

#[relay_runtime::test]
async fn each_request_and_event_of_the_protocol() {
    let (sim, alice, bob) = stage(Sim::new());
    sim.inject("get_var", Fault::Progress(3));
    live(&sim, &alice, &bob).await;

    let [transcript] = &*sim.transcripts() else { panic!("one run") };
    let seen = seen(transcript);
    let requests = Request::NAMES.iter().map(|name| format!("{name}_request"));
    let events = Event::NAMES.iter().chain(&["progress"]).map(|name| format!("{name}_event"));
    let plural = "play_inbox_messages_event".to_owned(); // as some official SDKs have it
    let missing: Vec<_> = requests
        .chain(events)
        .filter(|kind| !seen.contains(kind))
        .filter(|kind| kind != "play_inbox_message_event" || !seen.contains(&plural))
        .collect();
    assert!(missing.is_empty(), "add to this workflow what the protocol has since: {missing:?}");
}

/// All of it happens again, without the platform.
#[relay_runtime::test]
async fn everything_can_be_run_again() {
    for seed in 0..5 {
        let (sim, alice, bob) = stage(Sim::new().hostile(seed));
        live(&sim, &alice, &bob).await;
        sim.until_idle().await;
        replay(everything, &sim.transcripts()[0]).await.assert_same();
    }
}

/// In each of its dialects, and when it behaves.
#[relay_runtime::test]
async fn the_platform_may_be_as_difficult_as_it_likes() {
    for seed in 0..20 {
        let (sim, alice, bob) = stage(Sim::new().hostile(seed));
        live(&sim, &alice, &bob).await;
    }
}
