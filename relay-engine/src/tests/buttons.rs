//! People press buttons.

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
