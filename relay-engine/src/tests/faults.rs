//! What goes wrong on purpose.

use alloc::format;
use core::time::Duration;

use relay_protocol::request;

use super::scene::Scene;
use crate::{Fault, InstanceKey};

fn run() -> (Scene, InstanceKey) {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    (scene, run)
}

/// Asks for something that is answered at once, which the answer names.
fn ask(scene: &mut Scene, run: InstanceKey, what: &str) {
    scene.ask(run, &[], request::Translate::new(what));
}

fn answered(what: &str) -> alloc::string::String {
    format!("run < translate \"[es-ES] {what}\"")
}

#[test]
fn a_request_is_carried_out_later() {
    let (mut scene, run) = run();
    scene.engine.inject(Some("translate"), Fault::Delay(Duration::from_secs(3)), 1);
    ask(&mut scene, run, "one");
    ask(&mut scene, run, "two");
    scene.expect(&[&answered("two"), &answered("one")]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(3));
    ask(&mut scene, run, "three");
    scene.expect(&[&answered("three")]);
}

#[test]
fn a_request_is_lost() {
    let (mut scene, run) = run();
    scene.engine.inject(None, Fault::Drop, 2);
    for what in ["one", "two", "three"] {
        ask(&mut scene, run, what);
    }
    scene.expect(&[&answered("three")]);
    scene.engine.inject(Some("terminate"), Fault::Drop, 1);
    scene.ask(run, &[], request::Terminate::new());
    scene.silence(Duration::from_secs(10));
}

#[test]
fn requests_overtake_each_other() {
    let (mut scene, run) = run();
    scene.engine.inject(None, Fault::Reorder, 1);
    ask(&mut scene, run, "one");
    ask(&mut scene, run, "two");
    scene.expect(&[&answered("two"), &answered("one")]);
    scene.engine.inject(None, Fault::Reorder, 1);
    ask(&mut scene, run, "three");
    scene.expect(&[&answered("three")]);
    assert_eq!(scene.now.elapsed(), Duration::from_secs(1), "nothing came to overtake it");
}

#[test]
fn a_request_is_refused_or_takes_patience() {
    let (mut scene, run) = run();
    scene.engine.inject(Some("translate"), Fault::Refuse("no luck".into()), 1);
    scene.engine.inject(Some("translate"), Fault::Progress(2), 1);
    ask(&mut scene, run, "one");
    ask(&mut scene, run, "two");
    scene.expect(&["run < translate no luck", "run < progress", "run < progress", &answered("two")]);
}

#[test]
fn the_connection_breaks() {
    let (mut scene, run) = run();
    scene.engine.inject(Some("say"), Fault::Disconnect, 1);
    scene.engine.inject(None, Fault::Delay(Duration::from_secs(3)), 1);
    ask(&mut scene, run, "one");
    scene.ask(run, &[], request::Say::new("hello"));
    scene.expect(&[
        "log: the run ends without the workflow having asked for it: the connection broke without a stop event",
        "run ended error",
    ]);
    scene.silence(Duration::from_secs(10));
}

#[test]
fn faults_can_be_taken_back() {
    let (mut scene, run) = run();
    scene.engine.inject(None, Fault::Drop, 5);
    scene.engine.inject(None, Fault::Drop, 0);
    scene.engine.clear_faults();
    ask(&mut scene, run, "one");
    scene.expect(&[&answered("one")]);
}

#[test]
fn an_answer_is_spelled_as_engines_of_old_did() {
    let (mut scene, run) = run();
    scene.engine.inject(Some("translate"), Fault::CodePoints, 1);
    ask(&mut scene, run, "one");
    ask(&mut scene, run, "two");
    scene.expect(&[&answered("one"), &answered("two")]); // it is understood
    let frames = |frames: &[alloc::string::String]| {
        frames.iter().filter(|frame| frame.contains("[91,101,115,")).count()
    };
    assert_eq!(frames(&scene.frames), 1, "{:?}", scene.frames);
}
