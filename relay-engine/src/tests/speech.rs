//! Devices speak, play and listen.

use core::time::Duration;

use relay_protocol::request;
use relay_protocol::types::Language;

use super::scene::{Scene, device, on, strict};
use crate::{Channel, Config, DeviceError, Silence, Taken, Utterance};

fn say(text: &str) -> request::Say {
    request::Say::new(text)
}

#[test]
fn hello_world() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.ask(hello, &[device("Alice")], request::StartInteraction::new("hello"));
    scene.expect(&[
        "Alice: on Interaction(\"hello\")",
        "hello < start_interaction",
        "hello < started hello@Alice",
        "hello < resumed hello@Alice",
    ]);
    scene.ask(hello, &[on("hello", "Alice")], say("hello world..."));
    scene.expect(&["Alice: hears \"hello world...\"", "hello < say", "hello < prompt started hello@Alice"]);
    let started = scene.now;
    scene.expect(&["Alice: hears no more", "hello < prompt stopped hello@Alice"]);
    // 14 characters at 15 a second, less the gap before the first event.
    assert_eq!(scene.now - started, Duration::from_millis(933 - 5));
    scene.ask(hello, &[on("hello", "Alice")], request::EndInteraction::new());
    scene.expect(&["Alice: on Talk(\"Home\")", "hello < end_interaction", "hello < ended hello@Alice"]);
    scene.ask(hello, &[], request::Terminate::new());
    scene.expect(&["hello < stop normal", "hello ended normal"]);
}

#[test]
fn what_is_said_while_the_device_speaks_waits_its_turn() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], say("one"));
    scene.ask(run, &[on("x", "Alice")], say("two"));
    scene.expect(&["Alice: hears \"one\"", "run < say", "run < say", "run < prompt started x@Alice"]);
    scene.expect(&["Alice: hears no more", "run < prompt stopped x@Alice"]);
    scene.expect(&["Alice: hears \"two\"", "run < prompt started x@Alice"]);
    scene.expect(&["Alice: hears no more", "run < prompt stopped x@Alice"]);
}

#[test]
fn each_device_of_an_interaction_speaks_for_itself() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.open(run, "x", "Bob");
    scene.ask(run, &[on("x", "Alice"), on("x", "Bob"), on("x", "alice")], say("hi"));
    scene.expect(&[
        "Alice: hears \"hi\"",
        "Bob: hears \"hi\"",
        "run < say",
        "run < prompt started x@Alice",
        "run < prompt started x@Bob",
        "Alice: hears no more",
        "run < prompt stopped x@Alice",
        "Bob: hears no more",
        "run < prompt stopped x@Bob",
    ]);
}

#[test]
fn a_sound_lasts_as_long_as_its_file() {
    let mut scene = Scene::new(&["Alice"]);
    scene.engine.add_sound("chime", Duration::from_secs(3));
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Play::new("relay-static://chime"));
    let begun = scene.now;
    scene.expect(&[
        "Alice: hears relay-static://chime",
        "run < play",
        "run < prompt started x@Alice",
        "Alice: hears no more",
        "run < prompt stopped x@Alice",
    ]);
    assert_eq!(scene.now - begun, Duration::from_secs(3));
}

#[test]
fn playback_is_stopped_by_id_or_altogether() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let first = scene.ask(run, &[on("x", "Alice")], say("a very long story"));
    scene.ask(run, &[on("x", "Alice")], say("another"));
    scene.expect(&["Alice: hears \"a very long story\"", "run < say", "run < say"]);
    scene.expect(&["run < prompt started x@Alice"]);
    scene.ask(run, &[on("x", "Alice")], request::StopPlayback::new().ids([first]));
    scene.expect(&[
        "Alice: hears no more",
        "Alice: hears \"another\"",
        "run < stop_playback",
        "run < prompt stopped x@Alice",
        "run < prompt started x@Alice",
    ]);
    scene.ask(run, &[], request::StopPlayback::new());
    scene.expect(&["Alice: hears no more", "run < stop_playback", "run < prompt stopped x@Alice"]);
}

#[test]
fn who_has_left_hears_nothing_and_the_workflow_knows() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], say("one"));
    scene.ask(run, &[on("x", "Alice")], say("two"));
    scene.expect(&["Alice: hears \"one\"", "run < say", "run < say", "run < prompt started x@Alice"]);
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    scene.expect(&[
        "Alice: hears no more",
        "run < prompt stopped x@Alice",
        "run < prompt failed x@Alice",
        "run < suspended x@Alice",
        "Alice: on Assistant",
    ]);
    scene.ask(run, &[on("x", "Alice")], say("three"));
    scene.expect(&["run < say", "run < prompt failed x@Alice"]);
}

#[test]
fn a_device_that_is_lost_fails_what_it_was_playing() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], say("one"));
    scene.expect(&["Alice: hears \"one\"", "run < say", "run < prompt started x@Alice"]);
    scene.engine.set_online(scene.now, alice, false).unwrap();
    scene.expect(&["Alice: hears no more", "run < prompt failed x@Alice", "run < suspended x@Alice"]);
    scene.expect(&["Alice: on Talk(\"Home\")"]);
}

#[test]
fn do_not_disturb_hears_nothing_and_the_workflow_is_none_the_wiser() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.engine.set_do_not_disturb(alice, true).unwrap();
    scene.ask(run, &[on("x", "Alice")], say("one"));
    scene.expect(&["run < say", "run < prompt started x@Alice", "run < prompt stopped x@Alice"]);
    assert_eq!(scene.engine.speak(scene.now, alice, "hello?"), Err(DeviceError::DoNotDisturb));
}

#[test]
fn say_and_terminate_at_once() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.send(run, &[on("x", "Alice")], say("bye"));
    scene.send(run, &[], request::Terminate::new());
    scene.expect(&[
        "Alice: hears \"bye\"",
        "run < say",
        "Alice: hears no more",
        "Alice: on Talk(\"Home\")",
        "run < prompt started x@Alice",
        "run < prompt stopped x@Alice",
        "run < ended x@Alice",
        "run < stop normal",
        "run ended normal",
    ]);
}

#[test]
fn a_device_is_no_interaction() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], say("hi"));
    scene.expect(&["run < say invalid_target: say needs an interaction URN, got the URN of a device: \
         urn:relay-resource:name:device:Alice"]);
}

#[test]
fn with_one_interaction_on_it_a_device_will_do_unless_in_strict_mode() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[device("Alice")], request::Play::new("chime"));
    scene.expect(&["Alice: hears chime", "run < play", "run < prompt started x@Alice"]);
}

#[test]
fn strict_mode_says_what_is_wrong() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let alice = scene.device("Alice");
    scene.ask(run, &[on("x", "Alice")], say(""));
    scene.ask(run, &[on("x", "Alice")], say("hi").lang("xx-XX"));
    scene.ask(run, &[on("x", "Alice")], request::Play::new("nothing"));
    scene.expect(&[
        "run < say invalid_value: say needs a text, got an empty one",
        "run < say invalid_value: \"xx-XX\" is no language that is known",
        "run < play not_found: there is no sound named \"nothing\"",
    ]);
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    scene.expect(&["Alice: on Assistant", "run < suspended x@Alice"]);
    scene.ask(run, &[on("x", "Alice")], say("hi"));
    scene.expect(&[
        "run < say unavailable: say needs an active interaction; \"x\" is suspended: the person is on another channel",
    ]);
}

#[test]
fn listen_is_answered_by_what_the_person_says() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let listen = request::Listen::new().phrases(["yes", "no"]).timeout(60);
    scene.ask(run, &[on("x", "Alice")], listen);
    scene.expect(&["Alice: may speak", "run < listen"]);
    assert_eq!(scene.engine.speak(scene.now, alice, "perhaps"), Ok(Taken::Nobody));
    assert_eq!(scene.engine.speak(scene.now, alice, "Yes!"), Ok(Taken::Workflow(run)));
    scene.expect(&["Alice: may not speak", "run < speech \"yes\" en-US"]);
    assert_eq!(scene.engine.speak(scene.now, alice, "yes"), Ok(Taken::Nobody));
}

#[test]
fn listen_can_want_the_sound_in_another_language() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    let listen = request::Listen::new().transcribe(false).alt_lang(Language::German);
    scene.ask(run, &[on("x", "Alice")], listen);
    scene.expect(&["Alice: may speak", "run < listen"]);
    let utterance = Utterance { audio: "T2dnUw==".into(), ..Utterance::from("hallo") };
    assert_eq!(scene.engine.speak(scene.now, alice, utterance), Ok(Taken::Workflow(run)));
    scene.expect(&["Alice: may not speak", "run < speech audio \"T2dnUw==\" de-DE"]);
}

#[test]
fn who_listens_first_is_answered_first() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Listen::new().timeout(10));
    scene.ask(run, &[on("x", "Alice")], request::Listen::new().timeout(20));
    scene.expect(&["Alice: may speak", "run < listen", "run < listen"]);
    assert_eq!(scene.engine.speak(scene.now, alice, "one"), Ok(Taken::Workflow(run)));
    scene.expect(&["run < speech \"one\" en-US", "Alice: may not speak", "run < speech \"\" en-US"]);
    assert_eq!(scene.now.elapsed(), Duration::from_millis(20_005), "the second one timed out");
}

#[test]
fn silence_is_an_answer_of_its_own() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Listen::new().timeout(30));
    let asked = scene.now;
    scene.expect(&["Alice: may speak", "run < listen", "Alice: may not speak", "run < speech \"\" en-US"]);
    assert_eq!(scene.now - asked, Duration::from_secs(30));
}

#[test]
fn silence_can_be_silence() {
    let mut scene = Scene::with(Config { silence: Silence::Nothing, ..Config::default() }, &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Listen::new().timeout(30));
    scene.expect(&["Alice: may speak", "run < listen", "Alice: may not speak"]);
    scene.silence(Duration::from_secs(60));
}

#[test]
fn the_end_of_the_interaction_is_the_end_of_listening() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Listen::new());
    scene.expect(&["Alice: may speak", "run < listen"]);
    scene.ask(run, &[on("x", "Alice")], request::EndInteraction::new());
    scene.expect(&[
        "Alice: may not speak",
        "Alice: on Talk(\"Home\")",
        "run < end_interaction",
        "run < speech \"\" en-US",
        "run < ended x@Alice",
    ]);
}

#[test]
fn the_platform_speaks_before_what_workflows_have_to_say() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], say("one"));
    scene.ask(run, &[on("x", "Alice")], say("two"));
    scene.expect(&["Alice: hears \"one\"", "run < say", "run < say", "run < prompt started x@Alice"]);
    scene.engine.announce(scene.now, scene.device("Alice"), "attention").unwrap();
    scene.expect(&["Alice: hears no more", "run < prompt stopped x@Alice", "Alice: hears \"attention\""]);
    scene.expect(&["Alice: hears no more"]);
    scene.expect(&["Alice: hears \"two\"", "run < prompt started x@Alice"]);
    scene.engine.set_online(scene.now, scene.device("Alice"), false).unwrap();
    let refused = scene.engine.announce(scene.now, scene.device("Alice"), "attention");
    assert_eq!(refused, Err(DeviceError::Offline));
}

#[test]
fn people_on_the_channel_of_a_group_hear_each_other() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol", "Dave", "Eve"]);
    let cleaners = scene.engine.add_group("Cleaners", "g1").unwrap();
    for name in ["Alice", "Bob", "Carol", "Dave"] {
        let device = scene.device(name);
        scene.engine.add_member(cleaners, device).unwrap();
        scene.engine.turn_to(scene.now, device, Channel::Talk("Cleaners".into())).unwrap();
    }
    let (alice, dave, eve) = (scene.device("Alice"), scene.device("Dave"), scene.device("Eve"));
    scene.engine.turn_to(scene.now, eve, Channel::Talk("Cleaners".into())).unwrap(); // who is no member
    scene.engine.set_do_not_disturb(dave, true).unwrap();
    scene.pump();
    scene.lines();
    let run = scene.start("run", "Carol");
    scene.open(run, "x", "Carol");

    let taken = scene.engine.speak(scene.now, alice, "Room 7 is done");
    assert_eq!(taken, Ok(Taken::Platform));
    scene.expect(&["Bob: hears \"Room 7 is done\"", "Bob: hears no more"]);
    scene.engine.turn_to(scene.now, alice, Channel::Talk("Nobody".into())).unwrap();
    assert_eq!(scene.engine.speak(scene.now, alice, "Hello?"), Ok(Taken::Nobody));
}

#[test]
fn who_is_spoken_to_directly_hears_it_now_or_later() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    scene.engine.turn_to(scene.now, alice, Channel::Talk("Bob".into())).unwrap();
    scene.pump();
    scene.lines();
    assert_eq!(scene.engine.speak(scene.now, alice, "Are you there?"), Ok(Taken::Platform));
    scene.expect(&["Bob: hears \"Are you there?\"", "Bob: hears no more"]);
    scene.engine.set_online(scene.now, bob, false).unwrap();
    assert_eq!(scene.engine.speak(scene.now, alice, "Call me"), Ok(Taken::Platform));
    let mut missed = scene.engine.messages(bob).map(|message| &*message.from);
    assert_eq!((missed.next(), missed.next()), (Some("Alice"), None));
}
