//! Interactions start, give way to each other, and end.

use core::time::Duration;

use relay_protocol::urn::InteractionUrn;
use relay_protocol::{Urn, request};

use super::scene::{Scene, device, group, on};
use crate::{Channel, Config, Mode, Workflow};

fn start(name: &str) -> request::StartInteraction {
    request::StartInteraction::new(name)
}

#[test]
fn an_interaction_is_answered_started_and_resumed_in_this_order() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.ask(hello, &[device("alice")], start("Hello World"));
    scene.expect(&["Alice: on Interaction(\"Hello World\")", "hello < start_interaction"]);
    let answered = scene.now;
    scene.expect(&["hello < started Hello World@Alice", "hello < resumed Hello World@Alice"]);
    assert_eq!(scene.now - answered, Duration::from_millis(5), "in a read of their own");
    scene.ask(hello, &[on("Hello World", "Alice")], request::EndInteraction::new());
    scene.expect(&["Alice: on Talk(\"Home\")", "hello < end_interaction", "hello < ended Hello World@Alice"]);
}

#[test]
fn each_device_has_its_own_and_an_offline_one_fails() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let bob = scene.device("Bob");
    scene.engine.set_online(scene.now, bob, false).unwrap();
    let team = scene.start("team", "Alice");
    scene.ask(team, &[device("Alice"), device("Bob")], start("team"));
    scene.expect(&[
        "Alice: on Interaction(\"team\")",
        "team < start_interaction",
        "team < started team@Alice",
        "team < resumed team@Alice",
        "team < failed team@Bob device_offline",
    ]);
}

#[test]
fn a_group_is_all_of_its_members() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let cleaning = scene.engine.add_group("Cleaning", "g1").unwrap();
    let bob = scene.device("Bob");
    scene.engine.add_member(cleaning, bob).unwrap();
    let run = scene.start("run", "Alice");
    scene.ask(run, &[group("cleaning"), device("Bob")], start("x"));
    scene.expect(&[
        "Bob: on Interaction(\"x\")",
        "run < start_interaction",
        "run < started x@Bob",
        "run < resumed x@Bob",
    ]);
}

#[test]
fn the_same_name_twice_on_a_device_is_an_error() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], start("x"));
    scene.expect(&[
        "Alice: on Interaction(\"x\")",
        "run < start_interaction",
        "run < started x@Alice",
        "run < resumed x@Alice",
    ]);
    scene.ask(run, &[device("Alice")], start("X"));
    scene.expect(&[
        "run < start_interaction already_exists: the interaction \"X\" is open on Alice already; end it first or \
         choose another name",
    ]);
}

#[test]
fn the_newest_interaction_has_the_device_until_it_ends() {
    let mut scene = Scene::new(&["Alice"]);
    let a = scene.start("a", "Alice");
    scene.ask(a, &[device("Alice")], start("one"));
    scene.expect(&[
        "Alice: on Interaction(\"one\")",
        "a < start_interaction",
        "a < started one@Alice",
        "a < resumed one@Alice",
    ]);
    let b = scene.start("b", "Alice");
    scene.ask(b, &[device("Alice")], start("two"));
    scene.expect(&[
        "a < suspended one@Alice",
        "Alice: on Interaction(\"two\")",
        "b < start_interaction",
        "b < started two@Alice",
        "b < resumed two@Alice",
    ]);
    scene.ask(b, &[], request::Terminate::new());
    scene.expect(&[
        "b < ended two@Alice",
        "a < resumed one@Alice",
        "Alice: on Interaction(\"one\")",
        "b < stop normal",
        "b ended normal",
    ]);
}

#[test]
fn who_leaves_suspends_and_who_returns_resumes() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], start("x"));
    scene.expect(&[
        "Alice: on Interaction(\"x\")",
        "run < start_interaction",
        "run < started x@Alice",
        "run < resumed x@Alice",
    ]);
    scene.engine.turn_to(scene.now, alice, Channel::Talk("Front Desk".into())).unwrap();
    scene.expect(&["run < suspended x@Alice", "Alice: on Talk(\"Front Desk\")"]);
    scene.engine.turn_to(scene.now, alice, Channel::Interaction("X".into())).unwrap();
    scene.expect(&["run < resumed x@Alice", "Alice: on Interaction(\"x\")"]);
    scene.engine.set_online(scene.now, alice, false).unwrap();
    scene.expect(&["run < suspended x@Alice", "Alice: on Talk(\"Front Desk\")"]);
    scene.engine.set_online(scene.now, alice, true).unwrap();
    scene.expect(&["run < resumed x@Alice", "Alice: on Interaction(\"x\")"]);
}

#[test]
fn a_run_that_is_not_transient_ends_when_the_person_leaves() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let workflow = Workflow::new("short", "wss://example.com/").transient(false);
    let run = scene.start_workflow(workflow, "Alice");
    scene.ask(run, &[device("Alice")], start("x"));
    scene.expect(&[
        "Alice: on Interaction(\"x\")",
        "short < start_interaction",
        "short < started x@Alice",
        "short < resumed x@Alice",
    ]);
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    scene.expect(&[
        "short < suspended x@Alice",
        "Alice: on Assistant",
        "short < ended x@Alice",
        "short < stop left_channel",
        "short ended left_channel",
    ]);
}

#[test]
fn turning_to_another_interaction_of_the_run_is_not_leaving_it() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start_workflow(Workflow::new("run", "wss://example.com/").transient(false), "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[device("Alice")], start("y"));
    scene.expect(&[
        "Alice: on Interaction(\"y\")",
        "run < start_interaction",
        "run < started y@Alice",
        "run < suspended x@Alice",
        "run < resumed y@Alice",
    ]);
    scene.engine.turn_to(scene.now, alice, Channel::Interaction("x".into())).unwrap();
    scene.expect(&["run < suspended y@Alice", "run < resumed x@Alice", "Alice: on Interaction(\"x\")"]);
    assert!(scene.engine.instance(run).unwrap().is_running());
}

#[test]
fn a_device_with_the_former_name_of_another_goes_by_its_id() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.engine.rename_device(alice, "Carol").unwrap();
    scene.engine.rename_device(bob, "Alice").unwrap();
    scene.ask(run, &[device("Alice")], start("x"));
    scene.expect(&[
        "Alice: on Interaction(\"x\")",
        "run < start_interaction",
        "run < started x@id-Bob",
        "run < resumed x@id-Bob",
    ]);
    scene.ask(run, &[on("x", "Alice")], request::EndInteraction::new());
    scene.expect(&["Carol: on Talk(\"Home\")", "run < end_interaction", "run < ended x@Alice"]);
}

#[test]
fn a_status_names_the_devices_that_have_it() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let bob = scene.device("Bob");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.open(run, "x", "Bob");
    let with = |status| InteractionUrn::name("x").unwrap().with_status(status).unwrap();
    scene.engine.turn_to(scene.now, bob, Channel::Assistant).unwrap();
    scene.expect(&["run < suspended x@Bob", "Bob: on Assistant"]);
    scene.ask(run, &[with("suspended")], request::EndInteraction::new());
    scene.expect(&["run < end_interaction", "run < ended x@Bob"]);
    scene.ask(run, &[with("suspended")], request::Say::new("hi"));
    scene.ask(run, &[with("ended")], start("y"));
    scene.expect(&[
        "run < say not_found: say: no device has the status that was asked for",
        "Bob: on Interaction(\"y\")",
        "run < start_interaction",
        "run < started y@Bob",
        "run < resumed y@Bob",
    ]);
    scene.ask(run, &[with("asleep")], start("z"));
    scene.expect(&["run < start_interaction invalid_target: \"asleep\" is no status, which are [\"started\", \"resumed\", \
         \"suspended\", \"ended\", \"failed\"]"]);
}

#[test]
fn errors_say_what_was_wanted() {
    let mut scene = Scene::with(Config { mode: Mode::Strict, ..Config::default() }, &["Alice"]);
    let run = scene.start("run", "Alice");
    let end = request::EndInteraction::new;
    scene.ask(run, &[device("Alice")], end());
    scene.ask(run, &[], end());
    scene.ask(run, &[on("nap", "Alice")], end());
    scene.ask(run, &[device("Zed")], start("x"));
    scene.ask(run, &[Urn::server()], start("x"));
    scene.expect(&[
        "run < end_interaction invalid_target: end_interaction needs an interaction URN, got the URN of a device: \
         urn:relay-resource:name:device:Alice",
        "run < end_interaction invalid_target: end_interaction needs an interaction URN as its target, got none",
        "run < end_interaction not_found: end_interaction needs an interaction of this run; none was started under \
         the name \"nap\"",
        "run < start_interaction not_found: there is no device named \"Zed\"",
        "run < start_interaction invalid_target: start_interaction needs a device or group URN, got the URN of the \
         server: urn:relay-resource:name:server:ibot",
    ]);
}
