//! Broadcasts are heard once, alerts until somebody taps Talk.

use core::time::Duration;

use relay_protocol::types::{ButtonName, DeviceType, NotificationType, PushOptions, Taps};
use relay_protocol::{Urn, request};

use super::scene::{Scene, device, group, strict};
use crate::{Config, DeviceInfo, InstanceKey, Taken};

const EVERYBODY: &[&str] = &["Alice", "Bob"];

fn send(kind: impl Into<NotificationType>, text: &str) -> request::Notification {
    request::Notification::new(kind, "cleanup").text(text).originator(Urn::server())
}

fn cancel() -> request::Notification {
    request::Notification::new(NotificationType::Cancel, "cleanup")
}

fn both() -> [Urn; 2] {
    [device("Alice"), device("Bob")]
}

/// Bob has been alerted, and heard it.
fn alert_bob() -> (Scene, InstanceKey) {
    let mut scene = Scene::new(EVERYBODY);
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Bob")], send(NotificationType::Alert, "help"));
    scene.expect(&[
        "Bob: hears relay-local://alert",
        "Bob: ring static ffffff",
        "run < notification",
        "Bob: hears no more",
        "Bob: hears \"help\"",
        "Bob: hears no more",
    ]);
    (scene, run)
}

fn talk(scene: &mut Scene, name: &str) -> Taken {
    scene.engine.tap(scene.now, scene.device(name), ButtonName::Action, Taps::Single).unwrap()
}

#[test]
fn a_broadcast_is_heard_once_by_who_can_hear() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol", "Dave"]);
    let (bob, carol) = (scene.device("Bob"), scene.device("Carol"));
    scene.engine.set_online(scene.now, bob, false).unwrap();
    scene.engine.set_do_not_disturb(carol, true).unwrap();
    let all = scene.engine.add_group("All", "g1").unwrap();
    for name in ["Alice", "Bob", "Carol"] {
        scene.engine.add_member(all, scene.device(name)).unwrap();
    }
    let run = scene.start("run", "Dave");
    scene.ask(run, &[group("All")], send(NotificationType::Broadcast, "lunch"));
    scene.expect(&[
        "Alice: hears relay-local://chime",
        "run < notification",
        "Alice: hears no more",
        "Alice: hears \"lunch\"",
        "Alice: hears no more",
    ]);
    scene.engine.set_online(scene.now, bob, true).unwrap();
    scene.engine.set_do_not_disturb(carol, false).unwrap();
    scene.silence(Duration::from_secs(600));
}

#[test]
fn a_notification_does_not_wait_behind_what_workflows_say() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    for text in ["one", "two"] {
        scene.ask(run, &[super::scene::on("x", "Alice")], request::Say::new(text));
    }
    scene.expect(&["Alice: hears \"one\"", "run < say", "run < say"]);
    scene.ask(run, &[device("Alice")], send(NotificationType::Broadcast, "lunch"));
    scene.expect(&[
        "run < notification",
        "run < prompt started x@Alice",
        "Alice: hears no more",
        "run < prompt stopped x@Alice",
        "Alice: hears relay-local://chime",
        "Alice: hears no more",
        "Alice: hears \"lunch\"",
        "Alice: hears no more",
        "Alice: hears \"two\"",
        "run < prompt started x@Alice",
        "Alice: hears no more",
        "run < prompt stopped x@Alice",
    ]);
}

#[test]
fn an_alert_is_repeated_until_it_is_acknowledged() {
    let (mut scene, _) = alert_bob();
    scene.expect(&[
        "Bob: hears relay-local://alert",
        "Bob: hears no more",
        "Bob: hears \"help\"",
        "Bob: hears no more",
    ]);
    assert_eq!(scene.now.elapsed().as_secs(), 30 + 2);
    assert_eq!(talk(&mut scene, "Bob"), Taken::Platform);
    scene.expect(&["run < ack_event cleanup Bob created=Bob acknowledged=Bob", "Bob: ring off"]);
    scene.silence(Duration::from_secs(600));
    assert_eq!(talk(&mut scene, "Bob"), Taken::Nobody);
}

#[test]
fn the_tap_that_acknowledges_is_not_for_the_workflow_and_cuts_the_sound_off() {
    let mut scene = Scene::new(&["Bob"]);
    let run = scene.start("run", "Bob");
    scene.open(run, "x", "Bob");
    scene.ask(run, &[device("Bob")], send(NotificationType::Alert, "help"));
    scene.expect(&["Bob: hears relay-local://alert", "Bob: ring static ffffff", "run < notification"]);
    assert_eq!(talk(&mut scene, "Bob"), Taken::Platform);
    scene.expect(&[
        "Bob: hears no more",
        "Bob: ring off",
        "run < ack_event cleanup Bob created=Bob acknowledged=Bob",
    ]);
    assert_eq!(talk(&mut scene, "Bob"), Taken::Workflow(run));
    scene.expect(&["run < button action single x@Bob"]);
}

#[test]
fn an_alert_is_cancelled_for_the_others() {
    let mut scene = Scene::new(&["Alice", "Bob", "Carol"]);
    let run = scene.start("run", "Alice");
    let all = [device("Alice"), device("Bob"), device("Carol")];
    scene.ask(run, &all, send(NotificationType::Alert, ""));
    scene.wait(Duration::from_secs(5));
    scene.lines();
    assert_eq!(talk(&mut scene, "Bob"), Taken::Platform);
    scene.expect(&["run < ack_event cleanup Bob created=Alice,Bob,Carol acknowledged=Bob", "Bob: ring off"]);
    scene.ask(run, &[device("Carol")], cancel());
    scene.expect(&["cleanup cancelled for Carol", "Carol: ring off", "run < notification"]);
    assert_eq!(talk(&mut scene, "Alice"), Taken::Platform);
    scene.expect(&[
        "Alice: ring off",
        "run < ack_event cleanup Alice created=Alice,Bob,Carol acknowledged=Alice,Bob cancelled=Carol",
    ]);
    scene.ask(run, &all, cancel());
    scene.expect(&["run < notification"]);
    scene.silence(Duration::from_secs(600));
}

#[test]
fn an_alert_ends_some_time_even_if_the_run_is_long_over() {
    let (mut scene, run) = alert_bob();
    scene.ask(run, &[], request::Terminate::new());
    scene.expect(&["run < stop normal", "run ended normal"]);
    scene.wait(Duration::from_secs(300));
    let lines = scene.lines();
    assert_eq!(lines[lines.len() - 2..], ["cleanup timed out for Bob", "Bob: ring off"]);
    let heard = lines.iter().filter(|line| *line == "Bob: hears \"help\"").count();
    assert_eq!(heard, 9, "every 30 s, the first time before");
}

#[test]
fn the_alert_of_a_run_that_is_over_is_anybodys_to_cancel() {
    let (mut scene, run) = alert_bob();
    let other = scene.start("other", "Alice");
    scene.ask(other, &[device("Bob")], cancel());
    scene.expect(&["other < notification"]);
    scene.ask(run, &[], request::Terminate::new());
    scene.expect(&["run < stop normal", "run ended normal"]);
    scene.ask(other, &[device("Bob")], cancel());
    scene.expect(&["cleanup cancelled for Bob", "Bob: ring off", "other < notification"]);
}

#[test]
fn who_was_away_hears_the_repetition() {
    let mut scene = Scene::new(EVERYBODY);
    let bob = scene.device("Bob");
    scene.engine.set_online(scene.now, bob, false).unwrap();
    let run = scene.start("run", "Alice");
    scene.ask(run, &[device("Bob")], send(NotificationType::Alert, "help"));
    scene.expect(&["run < notification"]);
    scene.silence(Duration::from_secs(40));
    scene.engine.set_online(scene.now, bob, true).unwrap();
    assert_eq!(talk(&mut scene, "Bob"), Taken::Nobody, "nothing was heard yet");
    scene.expect(&["Bob: hears relay-local://alert", "Bob: ring static ffffff"]);
    assert_eq!(scene.now.elapsed().as_secs(), 60);
    scene.engine.set_online(scene.now, bob, false).unwrap();
    scene.expect(&["Bob: hears no more", "Bob: ring off"]);
    scene.engine.remove_device(scene.now, bob);
    scene.expect(&["cleanup cancelled for gone"]);
}

#[test]
fn a_large_group_takes_long_and_the_workflow_is_kept_waiting() {
    let config = Config { delivery_batch: 1, ..Config::default() };
    let mut scene = Scene::with(config, &["Alice", "Bob", "Carol"]);
    let run = scene.start("run", "Alice");
    let all = [device("Alice"), device("Bob"), device("Carol")];
    scene.ask(run, &all, send(NotificationType::Broadcast, ""));
    scene.wait(Duration::from_secs(2));
    let progress = |line: &&str| line.starts_with("run");
    let lines = scene.lines();
    let told: alloc::vec::Vec<&str> = lines.iter().map(|line| &**line).filter(progress).collect();
    assert_eq!(told, ["run < progress", "run < notification"]);
    assert!(lines.contains(&"Carol: hears relay-local://chime".into()));
    scene.wait(Duration::from_secs(5));
    scene.lines();

    scene.ask(run, &all, send(NotificationType::Alert, ""));
    scene.ask(run, &all, cancel());
    let lines = scene.lines();
    let told: alloc::vec::Vec<&str> = lines.iter().map(|line| &**line).filter(progress).collect();
    assert_eq!(told, ["run < notification", "run < notification"], "nobody is left to wait for");
    scene.ask(run, &all, send(NotificationType::Alert, ""));
    scene.ask(run, &[], request::Terminate::new());
    scene.wait(Duration::from_secs(302));
    assert!(scene.lines().contains(&"cleanup timed out for Carol".into()));
}

#[test]
fn people_without_a_device_see_it() {
    let mut scene = Scene::new(&["Alice"]);
    let mut dash = DeviceInfo::new("Dash", "VIRT1");
    dash.kind = DeviceType::Dash;
    scene.engine.add_device(dash).unwrap();
    let run = scene.start("run", "Alice");
    let push = PushOptions::new().title("Cleaning");
    scene.ask(run, &[device("Dash")], send(NotificationType::Broadcast, "lunch").push_opts(push));
    scene.expect(&[
        "Dash: sees Cleaning: lunch",
        "Dash: hears relay-local://chime",
        "run < notification",
        "Dash: hears no more",
        "Dash: hears \"lunch\"",
        "Dash: hears no more",
    ]);
}

#[test]
fn what_an_old_workflow_sends_is_a_broadcast() {
    let mut scene = Scene::new(EVERYBODY);
    let run = scene.start("run", "Alice");
    let notify = request::Notification::new(NotificationType::Notify, "").text("lunch");
    scene.ask(run, &[device("Bob")], notify);
    scene.expect(&["Bob: hears relay-local://chime", "run < notification"]);
    scene.wait(Duration::from_secs(5));
    scene.lines();
    scene.ask(run, &[device("Bob")], send("shout", "lunch"));
    scene.expect(&[
        "run < notification invalid_value: shout is no type of notification, which are broadcast, alert and cancel",
    ]);
}

#[test]
fn the_same_name_again_replaces_the_alert() {
    let (mut scene, run) = alert_bob();
    scene.ask(run, &both(), send(NotificationType::Alert, "fire"));
    scene.expect(&["cleanup cancelled for Bob", "Bob: ring off"]);
    assert_eq!(scene.engine.notices.len(), 1);
    scene.wait(Duration::from_secs(5));
    scene.lines();
}

#[test]
fn strict_mode_teaches() {
    let mut scene = Scene::with(Config { max_notifications: 1, ..strict() }, EVERYBODY);
    let run = scene.start("run", "Alice");
    let bob = &[device("Bob")];
    scene.ask(run, bob, send(NotificationType::Notify, "lunch"));
    scene.ask(run, bob, request::Notification::new(NotificationType::Alert, "cleanup").text("help"));
    scene.ask(run, bob, send(NotificationType::Alert, "help").originator(group("All")));
    scene.ask(run, bob, send(NotificationType::Alert, "help").originator(device("Zed")));
    scene.ask(run, bob, send(NotificationType::Alert, ""));
    scene.expect(&[
        "run < notification invalid_value: the type notify was taken out of the protocol; use broadcast, or alert if it \
         must be acknowledged",
        "run < notification invalid_value: notification needs an originator: the URN of a device, or \
         urn:relay-resource:name:server:ibot if no device sends it",
        "run < notification invalid_value: the originator is a device or the server, got the URN of a group: \
         urn:relay-resource:name:group:All",
        "run < notification not_found: there is no device named \"Zed\"",
        "run < notification invalid_value: notification needs a text",
    ]);
    scene.ask(run, bob, send(NotificationType::Alert, "help"));
    scene.ask(run, bob, send(NotificationType::Alert, "help"));
    let other =
        request::Notification::new(NotificationType::Alert, "other").text("help").originator(device("Bob"));
    scene.ask(run, bob, other);
    scene.expect(&[
        "Bob: hears relay-local://alert",
        "Bob: ring static ffffff",
        "run < notification",
        "run < notification already_exists: the notification \"cleanup\" is not over; cancel it first or choose \
         another name",
        "run < notification limit_exceeded: 1 notifications are not over",
    ]);
}

#[test]
fn a_run_that_ends_is_answered_first_and_its_notification_goes_on() {
    let mut scene = Scene::with(Config { delivery_batch: 1, ..Config::default() }, EVERYBODY);
    let run = scene.start("run", "Alice");
    scene.ask(run, &both(), send(NotificationType::Broadcast, "lunch"));
    scene.ask(run, &[], request::Terminate::new());
    scene.expect(&[
        "Alice: hears relay-local://chime",
        "run < notification",
        "run < stop normal",
        "run ended normal",
    ]);
    scene.wait(Duration::from_secs(60));
    assert!(scene.lines().contains(&"Bob: hears \"lunch\"".into()));
}
