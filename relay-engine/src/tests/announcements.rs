//! Alerts and broadcasts that come from outside of any run.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::event;
use relay_protocol::types::{ButtonName, NotificationType, Taps};
use relay_protocol::{Urn, request};

use super::scene::{Scene, device};
use crate::{AnnounceError, Announcement, Config, DeviceKey, Reactions, Taken};

fn drill() -> Announcement {
    Announcement::new("leave").name("drill").timeout(Duration::from_secs(45))
}

/// The first time that the alert sounds.
fn sounds(name: &str) -> [String; 2] {
    [format!("{name}: hears relay-local://alert"), format!("{name}: ring static ffffff")]
}

/// It sounded before, and goes on.
fn goes_on(name: &str) -> [String; 3] {
    [format!("{name}: hears no more"), format!("{name}: hears \"leave\""), format!("{name}: hears no more")]
}

fn expect(scene: &mut Scene, lines: impl IntoIterator<Item = String>) {
    let lines: Vec<_> = lines.into_iter().collect();
    scene.expect(&lines.iter().map(|line| &**line).collect::<Vec<_>>());
}

fn people(scene: &Scene) -> [DeviceKey; 2] {
    [scene.device("Alice"), scene.device("Bob")]
}

#[test]
fn an_alert_is_acknowledged_by_a_tap_or_its_time_is_over() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let [alice, bob] = people(&scene);
    scene.engine.alert(scene.now, &[alice, bob, bob], drill()).unwrap();
    expect(&mut scene, sounds("Alice").into_iter().chain(sounds("Bob")));
    let tap = scene.engine.tap(scene.now, alice, ButtonName::Action, Taps::Single);
    assert_eq!(tap, Ok(Taken::Platform));
    scene.expect(&["drill acknowledged by Alice", "Alice: hears no more", "Alice: ring off"]);
    expect(&mut scene, goes_on("Bob"));
    // Again after 30 s, and given up after 45.
    expect(&mut scene, ["Bob: hears relay-local://alert".into()].into_iter().chain(goes_on("Bob")));
    scene.expect(&["drill timed out for Bob", "Bob: ring off"]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(45));
    assert_eq!(scene.engine.load().notifications, 0);
    assert_eq!(scene.engine.poll_timeout(), None);
}

#[test]
fn enough_people_are_enough_and_all_are_told() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol"]);
    let [alice, bob] = people(&scene);
    let devices = [alice, bob, scene.device("Carol")];
    let reactions = Reactions {
        quorum: Some(2),
        on_ack: Some("thanks".into()),
        on_quorum: Some("never mind".into()),
        on_timeout: Some("too late".into()),
    };
    scene.engine.alert(scene.now, &devices, drill().reactions(reactions.clone())).unwrap();
    scene.wait(Duration::from_secs(5));
    scene.lines();
    for device in [alice, bob] {
        let _ = scene.engine.tap(scene.now, device, ButtonName::Action, Taps::Single);
    }
    scene.wait(Duration::from_secs(5));
    let lines = scene.lines();
    let has = |line: &str| lines.iter().any(|it| it == line);
    assert!(has("Alice: hears \"thanks\"") && has("Bob: hears \"thanks\""), "{lines:#?}");
    assert!(has("drill cancelled for Carol") && has("Carol: hears \"never mind\""), "{lines:#?}");
    assert_eq!(scene.engine.load().notifications, 0);

    scene.engine.alert(scene.now, &devices[..1], drill().reactions(reactions)).unwrap();
    scene.wait(Duration::from_secs(50));
    let lines = scene.lines();
    let at = |line: &str| lines.iter().position(|it| it == line).unwrap();
    assert!(at("drill timed out for Alice") < at("Alice: hears \"too late\""), "{lines:#?}");
}

#[test]
fn an_alert_can_be_taken_back_but_not_by_a_workflow() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let [_, bob] = people(&scene);
    let alert = scene.engine.alert(scene.now, &[bob], drill()).unwrap();
    expect(&mut scene, sounds("Bob").into_iter().chain(goes_on("Bob")));
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Bob")], request::Notification::new(NotificationType::Cancel, "drill"));
    scene.expect(&["run < notification"]);
    assert_eq!(scene.engine.load().notifications, 1);

    scene.engine.take_back(scene.now, alert);
    scene.expect(&["drill cancelled for Bob", "Bob: ring off"]);
    scene.engine.take_back(scene.now, alert);
    scene.silence(Duration::from_secs(600));
}

#[test]
fn the_alert_of_a_workflow_is_not_for_others_to_take_back() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let run = scene.start("run", "Alice");
    let alert = request::Notification::new(NotificationType::Alert, "drill").text("leave");
    scene.ask(run, &[device("Bob")], alert.originator(Urn::server()));
    expect(&mut scene, sounds("Bob"));
    let mine = scene.engine.alert(scene.now, &[], drill()).unwrap();
    scene.engine.take_back(scene.now, mine);
    assert_eq!(scene.engine.load().notifications, 1);
}

#[test]
fn a_broadcast_is_heard_once() {
    let mut scene = Scene::new(&["Alice", "Bob"]);
    let [alice, bob] = people(&scene);
    scene.engine.set_online(scene.now, bob, false).unwrap();
    scene.engine.broadcast(scene.now, &[alice, bob], drill()).unwrap();
    expect(&mut scene, ["Alice: hears relay-local://chime".into()].into_iter().chain(goes_on("Alice")));
    scene.silence(Duration::from_secs(600));
    assert_eq!(scene.engine.load().notifications, 0);
}

#[test]
fn a_large_group_is_told_some_at_a_time() {
    let config = Config { delivery_batch: 1, delivery_time: Duration::from_secs(1), ..Config::default() };
    let mut scene = Scene::with(config, &["Alice", "Bob"]);
    let everybody = people(&scene);
    scene.engine.alert(scene.now, &everybody, drill()).unwrap();
    expect(&mut scene, sounds("Alice"));
    expect(&mut scene, sounds("Bob"));
    assert_eq!(scene.now.elapsed(), Duration::from_secs(1));
}

#[test]
fn what_cannot_be_announced_says_why() {
    let mut scene = Scene::with(Config { max_notifications: 1, ..Config::default() }, &["Alice", "Bob"]);
    let [alice, bob] = people(&scene);
    scene.engine.remove_device(scene.now, bob);
    let error = scene.engine.alert(scene.now, &[alice, bob], drill()).unwrap_err();
    assert_eq!(error, AnnounceError::UnknownDevice);
    scene.engine.alert(scene.now, &[alice], drill()).unwrap();
    let error = scene.engine.broadcast(scene.now, &[alice], drill()).unwrap_err();
    assert_eq!(error, AnnounceError::TooMany { limit: 1 });
}

#[test]
fn a_workflow_can_be_told_what_the_engine_does_not_know() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.engine.report(scene.now, run, event::TimerFired::new("tea"));
    scene.expect(&["run < timer_fired tea"]);
}
