//! Examples of triggers are what comes when it really happens.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::ToString;
use alloc::vec;

use relay_protocol::codec::JsonMap;
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{ButtonName, Taps, Trigger};

use super::scene::Scene;
use crate::{
    Channel, DeviceKey, Geofence, Install, Location, NoExample, Registration, Workflow, WorkflowKey,
};

fn register(scene: &mut Scene, trigger: TriggerSpec, install: Install) -> WorkflowKey {
    let workflow = Workflow::new("w", "wss://example.com/");
    scene.engine.register(Registration { workflow, trigger, install }).unwrap()
}

fn installed(on: &[&str]) -> Install {
    Install::Devices(on.iter().map(|name| format!("id-{name}")).collect())
}

/// The example of a trigger, and what starts the workflow when `deed` is done at Alice.
fn both(trigger: TriggerSpec, deed: impl FnOnce(&mut Scene, DeviceKey, WorkflowKey)) -> (Trigger, Trigger) {
    let mut scene = Scene::new(&["Bob", "Alice"]);
    let alice = scene.device("Alice");
    scene.engine.device_mut(alice).unwrap().info.location_enabled = true;
    scene.engine.add_geofence("yard", Geofence { centre: (35.77, -78.67), radius: 500.0 });
    scene.engine.add_position("hall", "12", "Front door");
    scene.engine.add_tag("04a2", BTreeMap::from([("category".into(), "door".into())]));
    let key = register(&mut scene, trigger, installed(&["Alice"]));
    let example = scene.engine.example(scene.now, key, None).unwrap();
    assert_eq!(example.device, Some(alice));
    deed(&mut scene, alice, key);
    let runs = scene.engine.instances().map(|(_, run)| run.trigger().clone());
    let [real] = <[Trigger; 1]>::try_from(runs.collect::<vec::Vec<_>>()).unwrap();
    (example.trigger, real)
}

#[test]
fn an_example_is_what_really_comes() {
    let place = |transition: &str| TriggerSpec::Geofence {
        geofence_id: "yard".into(),
        transition: transition.into(),
    };
    let pairs = [
        both(TriggerSpec::Phrases(vec!["Good Day!".into(), "hi".into()]), |scene, alice, _| {
            let _ = scene.engine.ask_assistant(scene.now, alice, "good day").unwrap();
        }),
        both(TriggerSpec::Button("action_button_double_tap".into()), |scene, alice, _| {
            scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
            let _ = scene.engine.tap(scene.now, alice, ButtonName::Action, Taps::Double).unwrap();
        }),
        both(TriggerSpec::Http("POST".into()), |scene, alice, key| {
            scene.engine.invoke(scene.now, key, Some(alice), JsonMap::new()).unwrap();
        }),
        both(TriggerSpec::Timer(<_>::default()), |scene, _, key| {
            scene.engine.fire_schedule(scene.now, key).unwrap();
        }),
        both(TriggerSpec::Nfc(BTreeMap::from([("category".into(), "door".into())])), |scene, alice, _| {
            let _ = scene.engine.touch_tag(scene.now, alice, "04a2").unwrap();
        }),
        both(TriggerSpec::BatteryDischarge(25), |scene, alice, _| {
            scene.engine.set_battery(scene.now, alice, 25, false).unwrap();
        }),
        both(place("entry"), |scene, alice, _| {
            let yard = Location { latlong: Some((35.77, -78.67)), ..Location::default() };
            scene.engine.set_location(scene.now, alice, yard).unwrap();
        }),
        both(
            TriggerSpec::Position {
                venue_id: "hall".into(),
                position_id: "12".into(),
                transition: "entry".into(),
            },
            |scene, alice, _| scene.engine.set_position(scene.now, alice, Some(("hall", "12"))).unwrap(),
        ),
        both(TriggerSpec::CallRequest(".*".into()), |scene, alice, _| {
            let _ = scene.engine.place_call(scene.now, alice, "Bob").unwrap();
        }),
        both(TriggerSpec::DeviceEvent("emergency".into()), |scene, alice, _| {
            let _ = scene.engine.raise_alarm(scene.now, alice).unwrap();
        }),
    ];
    for (example, real) in pairs {
        assert_eq!(example, real);
    }
    let (example, mut real) = both(TriggerSpec::IncomingCall(".*".into()), |scene, _, _| {
        let _ = scene.engine.place_call(scene.now, scene.device("Bob"), "Alice").unwrap();
    });
    assert!(real.args.call_id.is_some());
    real.args.call_id.clone_from(&example.args.call_id);
    assert_eq!(example, real, "but for the call, which is not there");
}

#[test]
fn it_happens_where_it_can() {
    let mut scene = Scene::new(&["Carol", "Bob", "Alice"]);
    let spoken = || TriggerSpec::Phrases(vec!["hello".into()]);
    let at = |scene: &Scene, key, device: Option<&str>| {
        let device = device.map(|name| scene.device(name));
        let example = scene.engine.example(scene.now, key, device)?;
        let name = |key| scene.engine.directory().device(key).map(|device| device.name().to_string());
        Ok::<_, NoExample>(example.device.and_then(name).unwrap_or_default())
    };
    let some = register(&mut scene, spoken(), installed(&["Carol", "Bob"]));
    assert_eq!(at(&scene, some, None).as_deref(), Ok("Bob"));
    assert_eq!(at(&scene, some, Some("Alice")).as_deref(), Ok("Alice"), "named, so meant");
    let nobody = register(&mut scene, spoken(), installed(&[]));
    assert_eq!(at(&scene, nobody, None), Err(NoExample::NoDevice));
    let http = register(&mut scene, TriggerSpec::Http("POST".into()), installed(&[]));
    assert_eq!(at(&scene, http, None).as_deref(), Ok("Alice"));
    let timer = TriggerSpec::Timer(<_>::default());
    let timer = register(&mut scene, timer, installed(&["Carol", "Bob"]));
    assert_eq!(at(&scene, timer, None).as_deref(), Ok(""), "a timer is nobody's");
    scene.engine.remove_workflow(timer);
    assert!(matches!(at(&scene, timer, None), Err(NoExample::Unknown(_))));
}

#[test]
fn a_tag_that_is_not_there_would_say_what_is_asked_for() {
    let mut scene = Scene::new(&["Alice"]);
    let wanted = BTreeMap::from([("category".to_string(), "door".to_string())]);
    let key = register(&mut scene, TriggerSpec::Nfc(wanted), Install::all());
    let payload = scene.engine.example(scene.now, key, None).unwrap().trigger.args.nfc_payload.unwrap();
    let payload: vec::Vec<_> = payload.iter().map(|(key, value)| format!("{key}={value}")).collect();
    assert_eq!(payload, [r#"category="door""#, r#"type="custom""#]);
}
