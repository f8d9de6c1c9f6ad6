//! People and workflows call each other.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::manifest::TriggerSpec;
use relay_protocol::request;
use relay_protocol::types::{ButtonName, Taps};

use super::scene::{Scene, device, on};
use crate::{Absorb, DeviceError, Install, InstanceKey, Registration, Taken, Workflow};

const PAIR: &[&str] = &["Alice", "Bob"];

fn call(uri: &str) -> request::Call {
    request::Call::new().uri(uri)
}

fn call_bob() -> request::Call {
    call(device("Bob").as_str())
}

fn tap(scene: &mut Scene, name: &str, button: ButtonName, taps: Taps) -> Taken {
    scene.engine.tap(scene.now, scene.device(name), button, taps).unwrap()
}

/// The call that a device is in.
fn id(scene: &Scene, name: &str) -> String {
    let device = scene.engine.directory().device(scene.device(name)).unwrap();
    scene.engine.calls[device.call.unwrap()].id.clone()
}

/// A run of Alice has called Bob, who has a run too.
fn ringing() -> (Scene, InstanceKey, InstanceKey) {
    let mut scene = Scene::new(PAIR);
    let (a, b) = (scene.start("a", "Alice"), scene.start("b", "Bob"));
    scene.ask(a, &[device("Alice")], call_bob());
    scene.expect(&[
        "Alice: ring static 00ff00",
        "Bob: ring static 00ff00",
        "Alice: calls Bob",
        "Bob: is called by Alice",
        "b < call_received inbound Alice",
        "a < call call-3",
        "a < call_progressing outbound Bob",
        "a < call_ringing outbound Bob",
    ]);
    (scene, a, b)
}

const OVER: [&str; 4] =
    ["Alice: call over: normal", "Alice: ring off", "Bob: call over: normal", "Bob: ring off"];

#[test]
fn workflows_call_answer_and_hang_up() {
    let (mut scene, a, b) = ringing();
    scene.ask(b, &[device("Bob")], request::Answer::new("call-3"));
    scene.expect(&[
        "Alice: talks to Bob",
        "Bob: talks to Alice",
        "a < call_connected outbound Bob",
        "b < answer",
        "b < call_connected inbound Alice",
    ]);
    scene.ask(a, &[device("Alice")], request::Hangup::new("call-3"));
    scene.expect(&OVER);
    scene.expect(&[
        "b < call_disconnected inbound Alice normal",
        "a < hangup",
        "a < call_disconnected outbound Bob normal",
    ]);
    scene.ask(a, &[device("Alice")], request::Hangup::new("call-3"));
    scene.expect(&["a < hangup not_found: the device is in no call \"call-3\""]);
}

#[test]
fn people_answer_by_a_tap_and_hang_up_by_two() {
    let (mut scene, ..) = ringing();
    assert_eq!(tap(&mut scene, "Alice", ButtonName::Action, Taps::Single), Taken::Nobody);
    assert_eq!(tap(&mut scene, "Bob", ButtonName::Action, Taps::Single), Taken::Platform);
    scene.expect(&[
        "Alice: talks to Bob",
        "Bob: talks to Alice",
        "a < call_connected outbound Bob",
        "b < call_connected inbound Alice",
    ]);
    assert_eq!(tap(&mut scene, "Bob", ButtonName::Channel, Taps::Double), Taken::Platform);
    scene.expect(&OVER);
    scene
        .expect(&["a < call_disconnected outbound Bob normal", "b < call_disconnected inbound Alice normal"]);
    assert_eq!(tap(&mut scene, "Bob", ButtonName::Channel, Taps::Double), Taken::Nobody);
}

#[test]
fn who_is_called_may_refuse_or_do_nothing() {
    let (mut scene, _, b) = ringing();
    scene.ask(b, &[device("Bob")], request::Hangup::new("call-3"));
    let lines = |scene: &mut Scene| -> Vec<String> {
        scene.wait(Duration::from_secs(1));
        scene.lines().into_iter().filter(|line| line.contains("call_failed")).collect()
    };
    assert_eq!(
        lines(&mut scene),
        ["a < call_failed outbound Bob rejected", "b < call_failed inbound Alice rejected"]
    );

    let (mut scene, a, _) = ringing();
    scene.ask(a, &[device("Alice")], request::Hangup::new("call-3"));
    assert_eq!(
        lines(&mut scene),
        ["b < call_failed inbound Alice cancelled", "a < call_failed outbound Bob cancelled"]
    );

    let (mut scene, ..) = ringing();
    let before = scene.now;
    scene.expect(&["Alice: call over: no_answer"]);
    assert_eq!((scene.now - before).as_secs() + 1, 30);
    assert_eq!(
        lines(&mut scene),
        ["a < call_failed outbound Bob no_answer", "b < call_failed inbound Alice no_answer"]
    );
}

#[test]
fn who_is_out_of_reach_is_out_of_the_call() {
    let (mut scene, ..) = ringing();
    let bob = scene.device("Bob");
    scene.engine.set_online(scene.now, bob, false).unwrap();
    scene.wait(Duration::from_secs(1));
    assert!(scene.lines().contains(&"a < call_failed outbound Bob offline".into()));

    let (mut scene, ..) = ringing();
    let alice = scene.device("Alice");
    assert_eq!(tap(&mut scene, "Bob", ButtonName::Action, Taps::Single), Taken::Platform);
    scene.engine.remove_device(scene.now, alice);
    assert!(scene.lines().is_empty());
    scene.wait(Duration::from_secs(1));
    assert!(scene.lines().contains(&"b < call_disconnected inbound Alice offline".into()));
}

#[test]
fn who_cannot_be_called_fails_the_call() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol", "Dave"]);
    let (bob, dave) = (scene.device("Bob"), scene.device("Dave"));
    let run = scene.start("run", "Alice");
    let failed = |scene: &mut Scene, uri: &str| {
        scene.ask(run, &[device("Alice")], call(uri));
        scene.wait(Duration::from_secs(1));
        scene.lines().pop().unwrap()
    };
    let bobs = device("Bob");
    assert_eq!(failed(&mut scene, "tel:+15550100"), "run < call_failed outbound  unknown");
    assert_eq!(failed(&mut scene, device("Zed").as_str()), "run < call_failed outbound  unknown");
    assert_eq!(failed(&mut scene, device("Alice").as_str()), "run < call_failed outbound Alice busy");
    scene.engine.set_online(scene.now, bob, false).unwrap();
    assert_eq!(failed(&mut scene, bobs.as_str()), "run < call_failed outbound Bob offline");
    scene.engine.set_online(scene.now, bob, true).unwrap();
    scene.engine.set_do_not_disturb(bob, true).unwrap();
    assert_eq!(failed(&mut scene, bobs.as_str()), "run < call_failed outbound Bob do_not_disturb");
    scene.engine.set_do_not_disturb(bob, false).unwrap();
    assert_eq!(scene.engine.place_call(scene.now, dave, "Carol"), Ok(Taken::Platform));
    assert_eq!(failed(&mut scene, device("Carol").as_str()), "run < call_failed outbound Carol busy");
    assert_eq!(scene.engine.place_call(scene.now, dave, "Bob"), Err(DeviceError::InCall));
    scene.ask(run, &[device("Dave")], call(bobs.as_str()));
    scene.ask(run, &[device("Alice")], request::Call::new());
    scene.expect(&[
        "run < call unavailable: the device is in a call; hang up first",
        "run < call invalid_value: call needs the uri of whom to call",
    ]);
}

#[test]
fn a_call_can_be_asked_for_as_it_was_long_ago() {
    let mut scene = Scene::new(PAIR);
    let run = scene.start("run", "Alice");
    for call in [request::Call::new().device_id("id-Bob"), request::Call::new().device_name("Bob")] {
        scene.ask(run, &[device("Alice")], call);
        assert!(scene.lines().contains(&"Alice: calls Bob".into()));
        assert_eq!(tap(&mut scene, "Alice", ButtonName::Channel, Taps::Double), Taken::Platform);
        scene.wait(Duration::from_secs(1));
        scene.lines();
    }
}

#[test]
fn a_device_can_be_called_by_its_address_while_it_is_registered() {
    let mut scene = Scene::new(PAIR);
    let run = scene.start("run", "Bob");
    let register = || request::Register::new().uri("sip:bob@example.com").password("secret").expires(60u64);
    let alice = scene.device("Alice");
    let rings = |scene: &mut Scene| {
        assert_eq!(scene.engine.place_call(scene.now, alice, "SIP:bob@example.com"), Ok(Taken::Platform));
        scene.engine.hang_up(scene.now, alice);
        scene.pump();
        scene.lines().contains(&"Bob: is called by Alice".into())
    };
    assert!(!rings(&mut scene));
    scene.ask(run, &[device("Bob")], register());
    assert!(rings(&mut scene));
    scene.wait(Duration::from_secs(60));
    assert!(!rings(&mut scene));
    scene.ask(run, &[device("Bob")], register());
    scene.ask(run, &[device("Bob")], request::Register::new().expires(0u64));
    assert!(!rings(&mut scene));
    scene.ask(run, &[device("Bob")], request::Register::new());
    scene.expect(&["run < register invalid_value: register needs a uri, unless expires is 0"]);
}

#[test]
fn the_assistant_places_a_call_that_no_workflow_takes() {
    let mut scene = Scene::new(PAIR);
    let alice = scene.device("Alice");
    let ask = |scene: &mut Scene, text| scene.engine.ask_assistant(scene.now, alice, text).unwrap();
    assert_eq!(ask(&mut scene, "call nobody"), Taken::Nobody);
    assert_eq!(ask(&mut scene, "Call Bob!"), Taken::Platform);
    scene.expect(&[
        "Alice: ring static 00ff00",
        "Bob: ring static 00ff00",
        "Alice: calls Bob",
        "Bob: is called by Alice",
    ]);
}

fn registered(scene: &mut Scene, name: &str, trigger: TriggerSpec) {
    let workflow = Workflow::new(name, "wss://example.com/");
    scene.engine.register(Registration { workflow, trigger, install: Install::all() }).unwrap();
}

/// What an instance was started by.
fn telephony(scene: &Scene, run: InstanceKey) -> String {
    let args = scene.engine.instance(run).unwrap().trigger().args.clone();
    let from = args.source_uri.and_then(|urn| urn.device()).unwrap();
    assert_eq!((args.onnet, args.device_id.as_deref()), (Some(true), Some("id-Bob")));
    let (to, id) = (args.device_name.unwrap(), args.call_id.unwrap_or_default());
    format!("{} {} {to} {id}", from.id().unwrap().as_str(), args.direction.unwrap())
}

#[test]
fn workflows_can_be_registered_for_calls() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    registered(&mut scene, "out", TriggerSpec::CallRequest(".*".into()));
    let Ok(Taken::Workflow(run)) = scene.engine.place_call(scene.now, alice, "Bob") else { panic!() };
    assert_eq!(telephony(&scene, run), "Alice outbound Bob ");
    scene.expect(&["out < start telephony"]);
    scene.engine.stop(scene.now, run, "normal");
    scene.pump();
    scene.lines();

    let mut scene = Scene::new(&["Alice", "Bob"]);
    registered(&mut scene, "in", TriggerSpec::IncomingCall(".*".into()));
    registered(&mut scene, "other", TriggerSpec::IncomingCall("sip:nobody".into()));
    assert_eq!(scene.engine.place_call(scene.now, bob, "Alice"), Ok(Taken::Platform));
    let runs: Vec<InstanceKey> = scene.engine.instances().map(|(key, _)| key).collect();
    let id = id(&scene, "Alice");
    assert_eq!(runs.len(), 1);
    assert_eq!(telephony(&scene, runs[0]), format!("Alice inbound Bob {id}"));
    scene.pump();
    scene.lines();
    scene.ask(runs[0], &[device("Alice")], request::Answer::new(&*id));
    scene.ask(runs[0], &[device("Alice")], request::Answer::new(&*id));
    scene.expect(&["Bob: talks to Alice", "Alice: talks to Bob", "in < answer"]);
    scene.expect(&[
        &format!("in < answer unavailable: the call {id:?} does not ring at this device"),
        "in < call_connected inbound Bob",
    ]);
}

#[test]
fn a_run_takes_calls_in_when_it_is_registered_so() {
    let mut scene = Scene::new(PAIR);
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    registered(&mut scene, "in", TriggerSpec::IncomingCall(".*".into()));
    let absorbing =
        Workflow::new("run", "wss://example.com/").absorb(Absorb::CallRequest).absorb(Absorb::IncomingCall);
    let run = scene.start_workflow(absorbing, "Alice");
    assert_eq!(scene.engine.place_call(scene.now, alice, "Bob"), Ok(Taken::Workflow(run)));
    scene.expect(&["run < call_start_request urn:relay-resource:name:device:Bob"]);
    assert_eq!(scene.engine.place_call(scene.now, bob, "Alice"), Ok(Taken::Platform));
    assert_eq!(scene.engine.instances().len(), 1, "nothing was started");
    scene.pump();
    assert!(scene.lines().contains(&"run < call_received inbound Bob".into()));
}

#[test]
fn whoever_has_the_device_hears_of_its_calls() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol"]);
    let run = scene.start("run", "Carol");
    scene.open(run, "x", "Alice");
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    assert_eq!(scene.engine.place_call(scene.now, bob, "Alice"), Ok(Taken::Platform));
    scene.pump();
    assert!(scene.lines().contains(&"run < call_received inbound Bob".into()));
    scene.ask(run, &[on("x", "Alice")], request::Hangup::new(id(&scene, "Alice")));
    scene.wait(Duration::from_secs(1));
    assert!(scene.lines().contains(&"run < call_failed inbound Bob rejected".into()));
    scene.ask(run, &[device("Bob")], call(device("Alice").as_str()));
    scene.wait(Duration::from_secs(1));
    let lines = scene.lines();
    assert!(lines.contains(&"run < call_received inbound Bob".into()), "as the one who has Alice");
    assert!(lines.contains(&"run < call_ringing outbound Alice".into()), "as the one who placed it");
    scene.engine.hang_up(scene.now, alice);
    scene.pump();
    scene.lines();
}
