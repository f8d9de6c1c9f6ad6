//! Workflows ask about devices, and change them.

use relay_protocol::request;
use relay_protocol::types::{DeviceInfoField, DeviceInfoQuery, DeviceMode, DeviceType};

use super::scene::{Scene, device, on, strict};
use crate::{Config, Location};

fn get(query: DeviceInfoQuery) -> request::GetDeviceInfo {
    request::GetDeviceInfo::new(query)
}

fn set(field: DeviceInfoField, value: &str) -> request::SetDeviceInfo {
    request::SetDeviceInfo::new(field, value)
}

#[test]
fn a_device_tells_what_is_known_of_it() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    for query in [
        DeviceInfoQuery::Name,
        DeviceInfoQuery::Id,
        DeviceInfoQuery::Type,
        DeviceInfoQuery::Battery,
        DeviceInfoQuery::Username,
        DeviceInfoQuery::LocationEnabled,
    ] {
        scene.ask(run, &[device("Alice")], get(query));
    }
    scene.ask(run, &[device("Alice")], get("shoe_size".into()));
    scene.expect(&[
        "run < get_device_info name=Alice",
        "run < get_device_info id=id-Alice",
        "run < get_device_info type=relay2",
        "run < get_device_info battery=100",
        "run < get_device_info username=",
        "run < get_device_info location_enabled=false",
        "run < get_device_info invalid_value: \"shoe_size\" is no query, which are name, id, type, address, latlong, \
         indoor_location, battery, username and location_enabled",
    ]);
}

#[test]
fn a_device_turns_out_to_be_of_another_model() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.engine.set_kind(alice, DeviceType::Dash).unwrap();
    scene.ask(run, &[device("Alice")], get(DeviceInfoQuery::Type));
    scene.expect(&["run < get_device_info type=dash"]);
}

#[test]
fn where_a_device_is_must_be_switched_on() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let address = Some("1 Main St".into());
    let location = Location { address, latlong: Some((35.0, -78.0)), indoor: None };
    scene.engine.set_location(scene.now, alice, location).unwrap();
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], get(DeviceInfoQuery::Address));
    scene.ask(run, &[device("Alice")], set(DeviceInfoField::LocationEnabled, "true"));
    scene.ask(run, &[on("x", "Alice")], get(DeviceInfoQuery::Address));
    scene.ask(run, &[on("x", "Alice")], get(DeviceInfoQuery::Location));
    scene.ask(run, &[on("x", "Alice")], get(DeviceInfoQuery::LatLong));
    scene.ask(run, &[on("x", "Alice")], get(DeviceInfoQuery::IndoorLocation));
    scene.expect(&[
        "run < get_device_info unavailable: the location of Alice is switched off; set_device_info with \
         location_enabled switches it on",
        "run < set_device_info",
        "run < get_device_info address=1 Main St",
        "run < get_device_info location=1 Main St",
        "run < get_device_info latlong=[35.000001, -78.0]",
        "run < get_device_info indoor_location=location_not_found",
    ]);
}

#[test]
fn a_renamed_device_is_found_under_its_old_urn_by_the_run_that_knows_it() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[device("Alice")], set(DeviceInfoField::Label, "Lobby"));
    scene.ask(run, &[on("x", "Alice")], request::Say::new("hi"));
    scene.expect(&[
        "run < set_device_info",
        "Lobby: hears \"hi\"",
        "run < say",
        "run < prompt started x@Alice",
    ]);
    scene.expect(&["Lobby: hears no more", "run < prompt stopped x@Alice"]);
    scene.ask(run, &[device("Alice")], get(DeviceInfoQuery::Name));
    scene.ask(run, &[device("Lobby")], set(DeviceInfoField::Label, "BOB"));
    scene.ask(run, &[device("Lobby")], set(DeviceInfoField::Label, ""));
    scene.ask(run, &[device("Lobby")], set(DeviceInfoField::Channel, "Sales"));
    scene.expect(&[
        "run < get_device_info not_found: there is no device named \"Alice\"",
        "run < set_device_info already_exists: there is a device named \"BOB\" already",
        "run < set_device_info invalid_value: the name or the id of the device is empty",
        "run < set_device_info invalid_value: channel cannot be set, only label and location_enabled; for the channel \
         there is set_channel",
    ]);
}

#[test]
fn nobody_uses_two_devices() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], request::SetUserProfile::new("carol"));
    scene.ask(run, &[device("Bob")], request::SetUserProfile::new("Carol"));
    scene.ask(run, &[device("Bob")], request::SetUserProfile::new("Carol").force(true));
    scene.ask(run, &[device("Alice")], get(DeviceInfoQuery::Username));
    scene.ask(run, &[device("Bob")], get(DeviceInfoQuery::Username));
    scene.expect(&[
        "run < set_user_profile",
        "run < set_user_profile already_exists: \"Carol\" uses Alice; with force they sign in here and out there",
        "run < set_user_profile",
        "run < get_device_info username=",
        "run < get_device_info username=Carol",
    ]);
}

#[test]
fn an_offline_device_cannot_be_asked_afresh() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    scene.engine.set_online(scene.now, alice, false).unwrap();
    scene.engine.set_battery(scene.now, alice, 7, false).unwrap();
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], get(DeviceInfoQuery::Battery));
    scene.ask(run, &[device("Alice")], get(DeviceInfoQuery::Battery).refresh(true));
    scene.expect(&[
        "run < get_device_info battery=7",
        "run < get_device_info unavailable: Alice is offline and cannot be asked; without refresh you get what is known",
    ]);
}

#[test]
fn a_removed_device_leaves_nothing_behind() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let alice = scene.device("Alice");
    let group = scene.engine.add_group("Cleaning", "g1").unwrap();
    scene.engine.add_member(group, alice).unwrap();
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Say::new("hi"));
    scene.expect(&["Alice: hears \"hi\"", "run < say", "run < prompt started x@Alice"]);
    scene.engine.remove_device(scene.now, alice);
    scene.expect(&[
        "gone: hears no more",
        "run < prompt stopped x@Alice",
        "run < ended x@Alice",
        "gone: on Talk(\"Home\")",
    ]);
    assert_eq!(scene.engine.directory().group(group).unwrap().members().len(), 0);
    assert_eq!(scene.engine.directory().device_named("Alice"), None);
}

#[test]
fn what_does_not_work_on_the_platform_does_what_its_name_says() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[device("Alice")], request::SetDeviceMode::new().mode(DeviceMode::Alarm));
    scene.ask(run, &[device("Alice")], request::SetDeviceMode::new().mode("party"));
    assert_eq!(scene.engine.directory().device(alice).unwrap().info().mode, DeviceMode::Alarm);
    scene.ask(run, &[device("Alice")], request::DevicePowerOff::new().restart(true));
    scene.expect(&[
        "run < set_device_mode",
        "run < set_device_mode invalid_value: \"party\" is no mode, which are panic, alarm and none",
        "Alice: on Talk(\"Home\")",
        "run < device_power_off",
        "run < suspended x@Alice",
    ]);
    let off = scene.now;
    scene.expect(&["run < resumed x@Alice", "Alice: on Interaction(\"x\")"]);
    assert_eq!(scene.now - off, Config::default().restart_time - Config::default().response_gap);
    scene.ask(run, &[device("Alice")], request::DevicePowerOff::new());
    scene.expect(&["Alice: on Talk(\"Home\")", "run < device_power_off", "run < suspended x@Alice"]);
    scene.ask(run, &[device("Alice")], request::DevicePowerOff::new());
    scene.expect(&["run < device_power_off unavailable: the device is offline"]);
}

#[test]
fn what_does_not_work_on_the_platform_is_refused_in_strict_mode() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Alice")], request::SetDeviceMode::new());
    scene.expect(&[
        "run < set_device_mode unavailable: set_device_mode does not work on the real platform: every official SDK \
         has it commented out",
    ]);
}

#[test]
fn who_uses_a_device_can_change() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let (alice, bob) = (scene.device("Alice"), scene.device("Bob"));
    scene.engine.set_user(alice, Some("USER1".into())).unwrap();
    assert!(scene.engine.set_user(bob, Some("USER1".into())).is_err());
    scene.engine.set_user(alice, None).unwrap();
    scene.engine.set_user(bob, Some("USER1".into())).unwrap();
    assert_eq!(scene.engine.directory().device_used_by("USER1"), Some(bob));
}
