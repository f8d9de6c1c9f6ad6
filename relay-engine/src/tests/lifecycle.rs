//! Runs begin and end.

use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::request;
use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::types::{Trigger, TriggerType};

use super::scene::Scene;
use crate::{Action, Config, Engine, Reason, Workflow};

#[test]
fn terminate_is_answered_by_stop_and_by_nothing_else() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.ask(hello, &[], request::Terminate::new());
    scene.expect(&["hello < stop normal", "hello ended normal"]);
    scene.silence(Duration::from_secs(60));
    assert!(scene.engine.instance(hello).is_none());
}

#[test]
fn what_is_asked_after_terminate_is_not_answered() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.send(hello, &[], request::Translate::new("good morning"));
    scene.send(hello, &[], request::Terminate::new());
    scene.expect(&[
        "hello < translate \"[es-ES] good morning\"",
        "hello < stop normal",
        "hello ended normal",
    ]);
}

#[test]
fn a_broken_connection_ends_the_run() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.cut(hello);
    scene.expect(&[
        "log: the run ends without the workflow having asked for it: the connection broke without a stop event",
        "hello ended error",
    ]);
}

#[test]
fn the_platform_can_stop_a_run() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    scene.engine.stop(scene.now, hello, "maintenance");
    scene.expect(&["hello < stop maintenance", "hello ended maintenance"]);
}

#[test]
fn a_workflow_that_does_not_close_is_released_all_the_same() {
    let mut scene = Scene::new(&["Alice"]);
    let workflow = scene.engine.add_workflow(Workflow::new("deaf", "wss://example.com/"));
    let run = scene.engine.launch(scene.now, workflow, Trigger::new(TriggerType::Http)).unwrap();
    scene.engine.handle_connected(scene.now, run);
    scene.engine.stop(scene.now, run, "normal");
    scene.now = scene.now + Duration::from_secs(5);
    scene.engine.handle_timeout(scene.now);
    assert!(scene.engine.instance(run).is_none());
    let mut last = None;
    while let Some(action) = scene.engine.poll_action() {
        last = Some(action);
    }
    assert_eq!(last, Some(Action::Release { instance: run }));
}

#[test]
fn a_workflow_that_answers_no_ping_is_given_up() {
    let mut engine = Engine::new(Config::default(), || 1);
    let workflow = engine.add_workflow(Workflow::new("deaf", "wss://example.com/"));
    let run = engine.launch(Timestamp::ZERO, workflow, Trigger::new(TriggerType::Http)).unwrap();
    engine.handle_connected(Timestamp::ZERO, run);
    let mut seen = Vec::new();
    while let Some((now, reason)) = engine.poll_timeout() {
        engine.handle_timeout(now);
        seen.push((now.elapsed().as_secs(), reason));
    }
    assert_eq!(
        seen,
        [(30, Reason::Link), (60, Reason::Link), (65, Reason::Link)],
        "pinged, closed, released"
    );
    assert!(engine.instance(run).is_none());
}

#[test]
fn an_engine_can_be_sent_to_another_thread() {
    fn sent<T: Send>() {}
    sent::<Engine>();
}

#[test]
fn a_workflow_that_cannot_be_reached_is_released() {
    let mut scene = Scene::new(&["Alice"]);
    let workflow = scene.engine.add_workflow(Workflow::new("away", "wss://example.com/"));
    let run = scene.engine.launch(scene.now, workflow, Trigger::new(TriggerType::Http)).unwrap();
    while let Some(action) = scene.engine.poll_action() {
        if let Action::Dial { instance, workflow } = action {
            assert_eq!((instance, workflow.uri.as_str()), (run, "wss://example.com/"));
            scene.engine.handle_dial_failed(scene.now, run, "connection refused");
        }
    }
    assert!(scene.engine.instance(run).is_none());
}

#[test]
fn a_request_that_nobody_knows_is_refused() {
    let mut scene = Scene::new(&["Alice"]);
    let hello = scene.start("hello", "Alice");
    let frame = r#"{"_id":"1","_type":"wf_api_dance_request"}"#;
    scene.engine.handle_text(scene.now, hello, frame);
    let refused = |action| match action {
        Action::Transmit { transmit: Transmit::Text(frame), .. } => frame.contains("wf_api_error_response"),
        _ => false,
    };
    assert!(core::iter::from_fn(|| scene.engine.poll_action()).any(refused));
}
