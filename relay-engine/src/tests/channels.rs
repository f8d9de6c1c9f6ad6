//! Workflows move devices to other channels, and devices go home.

use core::time::Duration;

use relay_protocol::request;
use relay_protocol::types::{HomeChannel, InteractionOptions};

use super::scene::{Scene, device};
use crate::{Channel, Config};

fn homing() -> Config {
    Config { home_channel_timeout: Some(Duration::from_secs(30)), ..Config::default() }
}

#[test]
fn a_device_is_moved_and_says_so() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[device("Alice")], request::SetChannel::new("Front Desk"));
    scene.expect(&[
        "Alice: on Talk(\"Front Desk\")",
        "Alice: hears \"Front Desk\"",
        "run < set_channel",
        "run < suspended x@Alice",
        "Alice: hears no more",
    ]);
    scene.ask(run, &[device("Alice")], request::SetChannel::new("Sales").suppress_tts(true));
    scene.expect(&["Alice: on Talk(\"Sales\")", "run < set_channel"]);
    scene.silence(Duration::from_secs(10));
}

#[test]
fn a_device_that_nobody_uses_goes_home() {
    let mut scene = Scene::with(homing(), &["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.turn_to(scene.now, alice, Channel::Talk("Sales".into())).unwrap();
    scene.expect(&["Alice: on Talk(\"Sales\")", "Alice: on Talk(\"Home\")"]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(30));
}

#[test]
fn home_can_be_elsewhere_from_now_on() {
    let mut scene = Scene::with(homing(), &["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.set_home_channel(scene.now, alice, "Lobby").unwrap();
    scene.expect(&["Alice: on Talk(\"Lobby\")"]);
    scene.engine.turn_to(scene.now, alice, Channel::Talk("Sales".into())).unwrap();
    scene.expect(&["Alice: on Talk(\"Sales\")"]);
    scene.engine.set_home_channel(scene.now, alice, "Front Desk").unwrap();
    scene.expect(&["Alice: on Talk(\"Front Desk\")"]); // half a minute later
    assert_eq!(scene.now.elapsed(), Duration::from_secs(30));
}

#[test]
fn a_workflow_can_keep_it_from_doing_so() {
    let mut scene = Scene::with(homing(), &["Alice"]);
    let run = scene.start("run", "Alice");
    let away = request::SetChannel::new("Sales").suppress_tts(true).disable_home_channel(true);
    scene.ask(run, &[device("Alice")], away);
    scene.expect(&["Alice: on Talk(\"Sales\")", "run < set_channel"]);
    scene.silence(Duration::from_secs(60));
    scene.ask(run, &[device("Alice")], request::SetHomeChannelState::new(true));
    scene.expect(&["run < set_home_channel_state", "Alice: on Talk(\"Home\")"]);
}

#[test]
fn an_interaction_suspends_the_home_channel_unless_it_says_otherwise() {
    let mut scene = Scene::with(homing(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.silence(Duration::from_secs(60));
    scene.ask(run, &[super::scene::on("x", "Alice")], request::EndInteraction::new());
    scene.expect(&["Alice: on Talk(\"Home\")", "run < end_interaction", "run < ended x@Alice"]);
    let options = InteractionOptions::new().home_channel(HomeChannel::Normal);
    scene.ask(run, &[device("Alice")], request::StartInteraction::new("y").options(options));
    scene.expect(&[
        "Alice: on Interaction(\"y\")",
        "run < start_interaction",
        "run < started y@Alice",
        "run < resumed y@Alice",
        "run < suspended y@Alice",
        "Alice: on Talk(\"Home\")",
    ]);
}
