//! What people missed.

use core::time::Duration;

use relay_protocol::request;
use relay_protocol::types::{ButtonName, Language, Taps};

use super::scene::{Scene, device};
use crate::{Config, DeviceError, Message, Sound, Taken};

fn message(text: &str) -> Message {
    let sound = Sound::Speech { text: text.into(), lang: Language::English };
    Message::new("Bob", sound, Duration::from_secs(1))
}

fn leave(scene: &mut Scene, texts: &[&str]) {
    let alice = scene.device("Alice");
    for text in texts {
        scene.engine.leave_message(alice, message(text)).unwrap();
    }
}

#[test]
fn a_workflow_counts_and_plays_them() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    leave(&mut scene, &["one", "two"]);
    let alice = &[device("Alice")];
    scene.ask(run, alice, request::InboxCount::new());
    scene.ask(run, alice, request::PlayInboxMessages::new());
    scene.ask(run, alice, request::PlayInboxMessages::new());
    scene.expect(&[
        "run < inbox_count 2",
        "Alice: hears \"one\"",
        "run < play_inbox_messages",
        "run < play_inbox_messages",
        "run < play_inbox_message error",
        "Alice: hears no more",
        "Alice: hears \"two\"",
        "Alice: hears no more",
        "run < play_inbox_message complete",
    ]);
    scene.ask(run, alice, request::InboxCount::new());
    scene.ask(run, alice, request::PlayInboxMessages::new());
    scene.expect(&["run < inbox_count 0", "run < play_inbox_messages", "run < play_inbox_message complete"]);
}

#[test]
fn what_is_not_heard_is_kept() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    leave(&mut scene, &["one", "two", "three"]);
    scene.ask(run, &[device("Alice")], request::PlayInboxMessages::new());
    scene.wait(Duration::from_millis(1500));
    scene.lines();
    let alice = scene.device("Alice");
    scene.engine.set_online(scene.now, alice, false).unwrap();
    scene.expect(&["Alice: hears no more", "run < play_inbox_message error"]);
    assert_eq!(scene.engine.messages(alice).count(), 2);
    scene.ask(run, &[device("Alice")], request::PlayInboxMessages::new());
    scene.expect(&["run < play_inbox_messages", "run < play_inbox_message error"]);
}

#[test]
fn the_person_plays_them_with_a_tap() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let tap = |scene: &mut Scene| scene.engine.tap(scene.now, alice, ButtonName::Channel, Taps::Single);
    assert_eq!(tap(&mut scene), Ok(Taken::Nobody));
    leave(&mut scene, &["one"]);
    assert_eq!(tap(&mut scene), Ok(Taken::Platform));
    scene.expect(&["Alice: hears \"one\"", "Alice: hears no more"]);
    assert_eq!(tap(&mut scene), Ok(Taken::Nobody));
}

#[test]
fn there_is_an_end_to_what_people_can_miss() {
    let mut scene = Scene::with(Config { max_messages: 1, ..Config::default() }, &["Alice"]);
    leave(&mut scene, &["one"]);
    let alice = scene.device("Alice");
    assert_eq!(scene.engine.leave_message(alice, message("two")), Err(DeviceError::InboxFull));
}
