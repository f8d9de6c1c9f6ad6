//! People press buttons.

use core::time::Duration;

use relay_protocol::request;
use relay_protocol::types::{ButtonName, InputType, InteractionOptions, Taps};

use super::scene::{Scene, device};
use crate::{DeviceError, DeviceKey, Taken};

fn tap(scene: &mut Scene, device: DeviceKey, button: ButtonName, taps: Taps) -> Taken {
    scene.engine.tap(scene.now, device, button, taps).unwrap()
}

#[test]
fn the_active_interaction_gets_the_presses_that_it_wants() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    let options = InteractionOptions::new()
        .color("00ff00")
        .input_types([InputType::ActionButtonSingleTap, InputType::ActionButtonLongPress]);
    scene.ask(run, &[device("Alice")], request::StartInteraction::new("menu").options(options));
    scene.expect(&[
        "Alice: on Interaction(\"menu\")",
        "Alice: ring static 00ff00",
        "run < start_interaction",
        "run < started menu@Alice",
        "run < resumed menu@Alice",
    ]);
    assert_eq!(tap(&mut scene, alice, ButtonName::Action, Taps::Single), Taken::Workflow(run));
    scene.expect(&["run < button action single menu@Alice"]);
    assert_eq!(tap(&mut scene, alice, ButtonName::Action, Taps::Double), Taken::Nobody);
    assert_eq!(tap(&mut scene, alice, ButtonName::Channel, Taps::Triple), Taken::Nobody);
    assert_eq!(tap(&mut scene, alice, ButtonName::Action, Taps::Long), Taken::Workflow(run));
    scene.expect(&["run < button action long menu@Alice"]);
}

#[test]
fn an_interaction_that_names_none_gets_all_of_them() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    assert_eq!(tap(&mut scene, alice, ButtonName::Action, Taps::Single), Taken::Nobody);
    scene.open(run, "x", "Alice");
    assert_eq!(tap(&mut scene, alice, ButtonName::Channel, Taps::Double), Taken::Workflow(run));
    scene.expect(&["run < button channel double x@Alice"]);
}

#[test]
fn one_tap_on_assistant_leaves_and_comes_back() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    assert_eq!(tap(&mut scene, alice, ButtonName::Channel, Taps::Single), Taken::Platform);
    scene.expect(&["run < suspended x@Alice", "Alice: on Talk(\"Home\")"]);
    assert_eq!(tap(&mut scene, alice, ButtonName::Action, Taps::Single), Taken::Nobody);
    assert_eq!(tap(&mut scene, alice, ButtonName::Channel, Taps::Single), Taken::Platform);
    scene.expect(&["run < resumed x@Alice", "Alice: on Interaction(\"x\")"]);
}

#[test]
fn an_offline_device_has_no_buttons() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.set_online(scene.now, alice, false).unwrap();
    let tapped = scene.engine.tap(scene.now, alice, ButtonName::Action, Taps::Single);
    assert_eq!(tapped, Err(DeviceError::Offline));
}

/// Presses a button for some time, then waits.
fn push(scene: &mut Scene, button: &ButtonName, down: u64, pause: u64) {
    let alice = scene.device("Alice");
    scene.engine.button_down(scene.now, alice, button).unwrap();
    scene.wait(Duration::from_millis(down));
    scene.engine.button_up(scene.now, alice, button).unwrap();
    scene.wait(Duration::from_millis(pause));
}

#[test]
fn presses_become_taps() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let talk = ButtonName::Action;

    push(&mut scene, &talk, 100, 0);
    scene.silence(Duration::from_millis(299));
    scene.expect(&["run < button action single x@Alice"]);

    push(&mut scene, &talk, 100, 200);
    push(&mut scene, &talk, 100, 300);
    scene.expect(&["run < button action double x@Alice"]);
    scene.wait(Duration::from_secs(2)); // five in quick succession raise the alarm

    push(&mut scene, &talk, 80, 120);
    push(&mut scene, &talk, 80, 120);
    push(&mut scene, &talk, 80, 0);
    scene.expect(&["run < button action triple x@Alice"]);
    scene.wait(Duration::from_secs(2));

    push(&mut scene, &talk, 700, 100);
    scene.expect(&["run < button action long x@Alice"]);
    push(&mut scene, &talk, 100, 200);
    push(&mut scene, &talk, 900, 100);
    scene.expect(&["run < button action single x@Alice", "run < button action long x@Alice"]);

    let assistant = ButtonName::Channel;
    push(&mut scene, &assistant, 100, 100);
    push(&mut scene, &talk, 50, 50);
    push(&mut scene, &assistant, 100, 500);
    scene.expect(&["run < button action single x@Alice", "run < button channel double x@Alice"]);
    assert_eq!(scene.engine.poll_timeout(), None);
}

#[test]
fn a_contact_that_bounces_is_pressed_once() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let (alice, talk) = (scene.device("Alice"), ButtonName::Action);
    scene.engine.button_down(scene.now, alice, &talk).unwrap();
    scene.engine.button_down(scene.now, alice, &talk).unwrap();
    push(&mut scene, &talk, 90, 5);
    push(&mut scene, &talk, 5, 500);
    scene.expect(&["run < button action single x@Alice"]);
    scene.engine.button_up(scene.now, alice, &talk).unwrap();
    scene.silence(Duration::from_secs(1));
}

#[test]
fn who_holds_talk_to_speak_does_not_press_it() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[super::scene::on("x", "Alice")], request::Listen::new());
    scene.expect(&["Alice: may speak", "run < listen"]);
    let (alice, talk) = (scene.device("Alice"), ButtonName::Action);
    scene.engine.button_down(scene.now, alice, &talk).unwrap();
    scene.wait(Duration::from_secs(2));
    let _ = scene.engine.speak(scene.now, alice, "yes").unwrap();
    scene.engine.button_up(scene.now, alice, &talk).unwrap();
    let lines = scene.lines();
    assert!(!lines.iter().any(|line| line.contains("long")), "{lines:?}");
}

#[test]
fn taps_that_are_not_counted_yet_go_with_the_device() {
    let mut scene = Scene::new(&["Alice"]);
    push(&mut scene, &ButtonName::Action, 100, 0);
    let alice = scene.device("Alice");
    scene.engine.remove_device(scene.now, alice);
    assert_eq!(scene.engine.load(), crate::Load::default());
}
