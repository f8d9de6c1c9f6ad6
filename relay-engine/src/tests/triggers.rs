//! What starts workflows.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::Urn;
use relay_protocol::codec::JsonMap;
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{ButtonName, Taps, Trigger};
use relay_protocol::urn::GroupUrn;

use super::scene::Scene;
use crate::{
    Channel, DeviceError, Geofence, Install, InstanceKey, InvokeError, Location, Registration,
    RegistrationError, Taken, Workflow, WorkflowKey,
};

fn registration(name: &str, trigger: TriggerSpec) -> Registration {
    Registration { workflow: Workflow::new(name, "wss://example.com/"), trigger, install: Install::all() }
}

fn phrases(phrases: &[&str]) -> TriggerSpec {
    TriggerSpec::Phrases(phrases.iter().map(|phrase| phrase.to_string()).collect())
}

impl Scene {
    fn register(&mut self, name: &str, trigger: TriggerSpec) -> WorkflowKey {
        self.engine.register(registration(name, trigger)).unwrap()
    }

    /// What has started since the last time, and is stopped now.
    fn started(&mut self) -> Vec<String> {
        self.pump();
        let runs: Vec<InstanceKey> = self.engine.instances().map(|(key, _)| key).collect();
        let mut started = Vec::new();
        for key in runs {
            let instance = self.engine.instance(key).unwrap();
            started.push(format!("{}: {}", instance.workflow().name, in_words(instance.trigger())));
            self.engine.stop(self.now, key, "normal");
        }
        self.pump();
        self.lines();
        started
    }

    fn assistant(&mut self, text: &str) -> Vec<String> {
        let _ = self.engine.ask_assistant(self.now, self.device("Alice"), text).unwrap();
        self.started()
    }
}

fn in_words(trigger: &Trigger) -> String {
    let args = &trigger.args;
    let source = args.source_uri.as_ref().and_then(Urn::device);
    let source = source.map(|urn| urn.id().unwrap().as_str().to_string());
    let texts = [
        source,
        args.phrase.clone(),
        args.spillover.as_ref().map(|rest| format!("+ {rest}")),
        args.action.as_ref().map(ToString::to_string),
        args.args.as_ref().map(|args| format!("{args:?}")),
        args.uid.clone(),
        args.nfc_payload.as_ref().map(|payload| format!("{payload:?}")),
        args.geofence_id.clone(),
        args.venue_id.clone(),
        args.position_id.clone(),
        args.transition.as_ref().map(ToString::to_string),
        args.battery.map(|level| format!("{level}%")),
        args.charging.map(|charging| if charging { "filling" } else { "emptying" }.to_string()),
    ];
    texts.into_iter().flatten().fold(trigger.kind.to_string(), |words, text| words + " " + &text)
}

#[test]
fn the_longest_phrase_that_was_said_wins_and_the_rest_is_told() {
    let mut scene = Scene::new(&["Alice"]);
    scene.register("query", phrases(&["query"]));
    scene.register("status", phrases(&["Query status", "how is it"]));
    assert_eq!(scene.assistant("query status"), ["status: phrase Alice query status"]);
    assert_eq!(
        scene.assistant("Query, status: Alice's room?"),
        ["status: phrase Alice query status + alice's room"]
    );
    assert_eq!(scene.assistant("query stat"), ["query: phrase Alice query + stat"]);
    assert_eq!(scene.assistant("HOW is it"), ["status: phrase Alice how is it"]);
    assert_eq!(scene.assistant("querying"), [""; 0]);
    assert_eq!(scene.assistant("please query"), [""; 0]);
    assert_eq!(scene.assistant(""), [""; 0]);
}

#[test]
fn a_phrase_is_for_the_assistant_only() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.register("hello", phrases(&["hello"]));
    assert_eq!(scene.engine.speak(scene.now, alice, "hello"), Ok(Taken::Nobody));
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    assert!(matches!(scene.engine.speak(scene.now, alice, "hello"), Ok(Taken::Workflow(_))));
    assert_eq!(scene.started(), ["hello: phrase Alice hello"]);
    scene.engine.set_do_not_disturb(alice, true).unwrap();
    let ignored = scene.engine.ask_assistant(scene.now, alice, "hello");
    assert_eq!(ignored, Err(DeviceError::DoNotDisturb));
}

#[test]
fn who_registers_the_same_starts_as_well() {
    let mut scene = Scene::new(&["Alice"]);
    scene.register("one", phrases(&["hello"]));
    scene.register("two", phrases(&["hello"]));
    assert_eq!(scene.assistant("hello"), ["one: phrase Alice hello", "two: phrase Alice hello"]);
}

#[test]
fn a_registration_listens_to_the_devices_it_is_installed_on() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let group = scene.engine.add_group("Night", "77").unwrap();
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    scene.engine.add_member(group, bob).unwrap();
    let tag = Urn::parse("urn:relay-resource:id:tag:77").unwrap();
    let ids = |id: &str| Install::Devices([id.to_string()].into());
    for (install, on_alice, on_bob) in [
        (Install::all(), true, true),
        (ids("id-Alice"), true, false),
        (ids("nobody"), false, false),
        (Install::Devices([].into()), false, false),
        (Install::Rule(GroupUrn::name("night").unwrap().into()), false, true),
        (Install::Rule(tag), false, true),
    ] {
        let hello = Registration { install, ..registration("hello", phrases(&["hello"])) };
        let key = scene.engine.register(hello).unwrap();
        for (device, installed) in [(alice, on_alice), (bob, on_bob)] {
            let _ = scene.engine.ask_assistant(scene.now, device, "hello").unwrap();
            assert_eq!(scene.started().len(), usize::from(installed), "{:?}", scene.engine.workflow(key));
        }
        scene.engine.remove_workflow(key);
    }
}

#[test]
fn talk_is_tapped_on_the_channel_of_the_assistant() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.register("once", TriggerSpec::Button("action_button_single_tap".into()));
    scene.register("twice", TriggerSpec::Button("action_button_double_tap".into()));
    let single = (ButtonName::Action, Taps::Single);
    let tap = |scene: &mut Scene, (button, taps)| scene.engine.tap(scene.now, alice, button, taps).unwrap();
    assert_eq!(tap(&mut scene, single.clone()), Taken::Nobody);
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    assert!(matches!(tap(&mut scene, single), Taken::Workflow(_)));
    assert_eq!(scene.started(), ["once: button Alice action_button_single_tap"]);
    assert!(matches!(tap(&mut scene, (ButtonName::Action, Taps::Double)), Taken::Workflow(_)));
    assert_eq!(scene.started(), ["twice: button Alice action_button_double_tap"]);
    assert_eq!(tap(&mut scene, (ButtonName::Channel, Taps::Double)), Taken::Nobody);
}

#[test]
fn a_call_over_http_names_its_device_and_brings_arguments() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let http = scene.register("http", TriggerSpec::Http("POST".into()));
    let hello = scene.register("hello", phrases(&["hello"]));
    let args: JsonMap = [("room".to_string(), "213".into())].into_iter().collect();
    scene.engine.invoke(scene.now, http, Some(alice), args.clone()).unwrap();
    scene.engine.invoke(scene.now, http, None, JsonMap::new()).unwrap();
    assert_eq!(scene.started(), ["http: http Alice {\"room\": String(\"213\")}", "http: http {}"]);
    assert_eq!(scene.engine.invoke(scene.now, hello, None, args.clone()), Err(InvokeError::OtherTrigger));
    scene.engine.remove_workflow(http);
    assert!(matches!(scene.engine.invoke(scene.now, http, None, args), Err(InvokeError::Unknown(_))));
}

#[test]
fn a_time_comes_once_whoever_it_is_for() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let timer =
        |install| Registration { install, ..registration("timer", TriggerSpec::Timer(<_>::default())) };
    let ids = |ids: &[&str]| Install::Devices(ids.iter().map(|id| id.to_string()).collect());
    for (install, started) in [
        (Install::all(), "timer: calendar"),
        (ids(&["id-Alice"]), "timer: calendar Alice"),
        (ids(&["id-Alice", "id-Bob"]), "timer: calendar"),
    ] {
        let key = scene.engine.register(timer(install)).unwrap();
        scene.engine.fire_schedule(scene.now, key).unwrap();
        assert_eq!(scene.started(), [started]);
    }
    let hello = scene.register("hello", phrases(&["hello"]));
    assert_eq!(scene.engine.fire_schedule(scene.now, hello), Err(InvokeError::OtherTrigger));
}

#[test]
fn a_tag_says_all_that_is_asked_for() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    };
    scene.register("doors", TriggerSpec::Nfc(pairs(&[("type", "custom"), ("category", "door")])));
    scene.register("main", TriggerSpec::Nfc(pairs(&[("category", "door"), ("label", "main")])));
    scene.engine.add_tag("04a2", pairs(&[("category", "door"), ("label", "side")]));
    let touch = |scene: &mut Scene, uid| scene.engine.touch_tag(scene.now, alice, uid).unwrap();
    assert!(matches!(touch(&mut scene, "04a2"), Taken::Workflow(_)));
    let payload = r#"{"category": String("door"), "label": String("side"), "type": String("custom")}"#;
    assert_eq!(scene.started(), [format!("doors: nfc Alice 04a2 {payload}")]);
    assert_eq!(touch(&mut scene, "04a3"), Taken::Nobody);
    scene.engine.remove_tag("04a2");
    assert_eq!(touch(&mut scene, "04a2"), Taken::Nobody);
}

#[test]
fn a_battery_starts_a_workflow_when_it_crosses_the_level() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.register("low", TriggerSpec::BatteryDischarge(25));
    scene.register("full", TriggerSpec::BatteryCharge(90));
    let mut set = |level, charging| {
        scene.engine.set_battery(scene.now, alice, level, charging).unwrap();
        scene.started()
    };
    assert_eq!(set(26, false), [""; 0]);
    assert_eq!(set(20, false), ["low: other Alice 20% emptying"]);
    assert_eq!(set(19, false), [""; 0]);
    assert_eq!(set(89, true), [""; 0]);
    assert_eq!(set(90, true), ["full: other Alice 90% filling"]);
    assert_eq!(set(24, true), [""; 0], "while it is filled");
    assert_eq!(set(24, false), [""; 0], "without a crossing");
}

#[test]
fn a_device_enters_and_leaves_an_area() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.add_geofence("yard", Geofence { centre: (35.77, -78.67), radius: 500.0 });
    let yard = |transition: &str| TriggerSpec::Geofence {
        geofence_id: "yard".into(),
        transition: transition.into(),
    };
    scene.register("in", yard("entry"));
    scene.register("out", yard("exit"));
    let mut at = |lat, long, tells| {
        scene.engine.device_mut(alice).unwrap().info.location_enabled = tells;
        let location = Location { latlong: Some((lat, long)), ..Location::default() };
        scene.engine.set_location(scene.now, alice, location).unwrap();
        scene.started()
    };
    assert_eq!(at(35.77, -78.67, false), [""; 0], "it does not tell");
    assert_eq!(at(35.77, -78.67, true), ["in: geofence Alice yard entry"]);
    assert_eq!(at(35.771, -78.67, true), [""; 0]);
    assert_eq!(at(35.78, -78.67, true), ["out: geofence Alice yard exit"]);
    assert_eq!(at(35.78, -78.66, true), [""; 0]);
    scene.engine.add_geofence("yard", Geofence { centre: (35.78, -78.66), radius: 500.0 });
    let mut again = |lat, long| {
        let location = Location { latlong: Some((lat, long)), ..Location::default() };
        scene.engine.set_location(scene.now, alice, location).unwrap();
        scene.started()
    };
    assert_eq!(again(35.78, -78.661), [""; 0], "the area has come to it");
    assert_eq!(again(35.77, -78.67), ["out: geofence Alice yard exit"]);
    assert_eq!(again(35.78, -78.66), ["in: geofence Alice yard entry"]);
    scene.engine.remove_geofence("yard");
    let elsewhere = Location { latlong: Some((0.0, 0.0)), ..Location::default() };
    scene.engine.set_location(scene.now, alice, elsewhere).unwrap();
    assert_eq!(scene.started(), [""; 0], "the area is gone");
}

#[test]
fn a_device_comes_to_a_position_and_goes() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.add_position("hall", "12", "Front door");
    scene.engine.add_position("hall", "13", "Lobby");
    let spec = |position_id: &str, transition: &str| TriggerSpec::Position {
        venue_id: "hall".into(),
        position_id: position_id.into(),
        transition: transition.into(),
    };
    scene.register("here", spec("12", "entry"));
    scene.register("gone", spec("12", "exit"));
    scene.register("lobby", spec("13", "entry"));
    scene.engine.device_mut(alice).unwrap().info.location_enabled = true;
    let mut at = |position| {
        scene.engine.set_position(scene.now, alice, position).unwrap();
        scene.started()
    };
    assert_eq!(at(Some(("hall", "12"))), ["here: other Alice hall 12 entry"]);
    assert_eq!(at(Some(("hall", "12"))), [""; 0]);
    assert_eq!(
        at(Some(("hall", "13"))),
        ["gone: other Alice hall 12 exit", "lobby: other Alice hall 13 entry"]
    );
    assert_eq!(at(None), [""; 0]);
    let nowhere = scene.engine.set_position(scene.now, alice, Some(("hall", "14")));
    assert_eq!(nowhere, Err(DeviceError::NoPlace));
}

#[test]
fn five_taps_raise_the_alarm_and_so_does_the_button() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.register("help", TriggerSpec::DeviceEvent("emergency".into()));
    scene.engine.set_do_not_disturb(alice, true).unwrap();
    assert!(matches!(scene.engine.raise_alarm(scene.now, alice), Ok(Taken::Workflow(_))));
    assert_eq!(scene.started(), ["help: emergency Alice"]);

    let tap = |scene: &mut Scene| scene.engine.tap(scene.now, alice, ButtonName::Action, Taps::Single);
    for _ in 0..4 {
        assert_eq!(tap(&mut scene), Err(DeviceError::DoNotDisturb));
        scene.wait(Duration::from_millis(300));
    }
    assert!(matches!(tap(&mut scene), Ok(Taken::Workflow(_))));
    assert_eq!(scene.started(), ["help: emergency Alice"]);
    for _ in 0..6 {
        assert_eq!(tap(&mut scene), Err(DeviceError::DoNotDisturb), "they are slow");
        scene.wait(Duration::from_millis(1500));
    }
}

#[test]
fn a_changed_registration_is_for_runs_to_come() {
    let mut scene = Scene::new(&["Alice"]);
    let key = scene.register("hello", phrases(&["hello"]));
    let alice = scene.device("Alice");
    let _ = scene.engine.ask_assistant(scene.now, alice, "hello").unwrap();
    scene.engine.update(key, registration("bye", phrases(&["goodbye"]))).unwrap();
    assert_eq!(scene.started(), ["hello: phrase Alice hello"]);
    assert_eq!(scene.assistant("hello"), [""; 0]);
    assert_eq!(scene.assistant("goodbye"), ["bye: phrase Alice goodbye"]);
}

#[test]
fn what_could_never_fire_is_refused() {
    let mut scene = Scene::new(&["Alice"]);
    let entry = || "entry".to_string();
    scene.engine.add_geofence("yard", Geofence { centre: (0.0, 0.0), radius: 1.0 });
    for (trigger, why) in [
        (phrases(&["hello", "?!"]), "nobody can say the phrase \"?!\""),
        (phrases(&[]), "on_phrases needs a phrase"),
        (TriggerSpec::Button("long".into()), "\"long\" cannot be registered for on_button"),
        (TriggerSpec::Http("GET".into()), "\"GET\" cannot be registered for on_http"),
        (TriggerSpec::BatteryCharge(101), "a battery level is from 1 to 100 percent, got 101"),
        (TriggerSpec::BatteryDischarge(0), "a battery level is from 1 to 100 percent, got 0"),
        (TriggerSpec::Geofence { geofence_id: "x".into(), transition: entry() }, "there is no place \"x\""),
        (
            TriggerSpec::Geofence { geofence_id: "yard".into(), transition: "in".into() },
            "\"in\" cannot be registered for on_geofence",
        ),
        (
            TriggerSpec::Position { venue_id: "v".into(), position_id: "p".into(), transition: entry() },
            "there is no place \"v/p\"",
        ),
        (
            TriggerSpec::DeviceEvent("birthday".into()),
            "\"birthday\" cannot be registered for on_device_event",
        ),
    ] {
        let error = scene.engine.register(registration("x", trigger)).unwrap_err();
        assert_eq!(error.to_string(), why);
    }
    let gone = scene.register("hello", phrases(&["hello"]));
    scene.engine.remove_workflow(gone);
    let error = scene.engine.update(gone, registration("x", phrases(&["hello"]))).unwrap_err();
    assert!(matches!(error, RegistrationError::Unknown(_)));
    assert_eq!(scene.assistant("hello"), vec![""; 0]);
}
