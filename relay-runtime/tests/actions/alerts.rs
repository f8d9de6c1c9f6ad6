//! Alerts and who acknowledges them.

use std::time::Duration;

use relay_protocol::event::Notification;
use relay_protocol::types::{NotificationEvent, NotificationState};
use relay_protocol::{Urn, response};
use relay_runtime::{Alert, Cause, Context};
use serde_json::json;

use crate::engine::{Engine, patiently, session};
use crate::row::failure;
use crate::tables::{ALICE, BOB, CLEANING, alice_urn, bob_urn, cleaning};

fn acknowledged(name: &str, by: &str) -> Notification {
    Notification::new(name, NotificationEvent::Acknowledged).source_uri(Urn::parse(by).unwrap())
}

/// An alert that Bob acknowledges before it has reached everybody.
async fn send(cx: &Context, engine: &mut Engine) -> Alert {
    let (alert, ()) = tokio::join!(cx.alert(cleaning(cx), "Room 213").name("cleanup"), async {
        let request = engine.request().await;
        engine.emit(acknowledged("another", ALICE)).await;
        engine.emit(acknowledged("cleanup", BOB)).await;
        engine.progress(&request).await;
        engine.respond(&request, response::Notification::new()).await;
    });
    alert.unwrap()
}

async fn cancelled(engine: &mut Engine) {
    let request = engine.answer(response::Notification::new()).await;
    let expected = json!({
        "_type": "wf_api_notification_request",
        "_target": { "uris": [CLEANING] },
        "type": "cancel", "name": "cleanup", "push_opts": {},
    });
    assert_eq!(request.frame, expected);
}

#[tokio::test]
async fn acknowledgements_come_one_after_the_other() {
    let (cx, mut engine) = session().await;
    let mut alert = send(&cx, &mut engine).await;
    engine.emit(acknowledged("cleanup", ALICE)).await;
    engine.stop().await;

    assert_eq!(alert.name(), "cleanup");
    assert_eq!(patiently(alert.acknowledged()).await, Some(Ok(acknowledged("cleanup", BOB))));
    assert_eq!(patiently(alert.acknowledged()).await, Some(Ok(acknowledged("cleanup", ALICE))));
    assert_eq!(patiently(alert.acknowledged()).await, None);
}

#[tokio::test]
async fn the_first_to_acknowledge_stops_it_for_the_others() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let (first, ()) = tokio::join!(patiently(alert.first()), cancelled(&mut engine));
    assert_eq!(first.unwrap(), Some(bob_urn()));
}

#[tokio::test]
async fn a_quorum_counts_devices_not_taps() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let (devices, ()) = tokio::join!(patiently(alert.quorum(2)), async {
        engine.emit(acknowledged("cleanup", BOB)).await;
        engine.emit(acknowledged("cleanup", ALICE)).await;
        cancelled(&mut engine).await;
    });
    assert_eq!(devices.unwrap(), [bob_urn(), alice_urn()]);
}

#[tokio::test]
async fn the_others_are_told_that_somebody_comes() {
    // In Relay's own words, which may be names or URNs; if there are none, everybody is told.
    let state = |created: &[&str], acknowledged: &[&str]| {
        let (created, acknowledged) = (created.to_vec(), acknowledged.to_vec());
        NotificationState::new().created(created).acknowledged(acknowledged)
    };
    let carol = "urn:relay-resource:name:device:Carol";
    for (state, others) in [
        (state(&["Alice", "Bob", "Carol"], &["Bob", "Alice"]), json!([carol])),
        (state(&[ALICE, BOB, carol], &[BOB, ALICE]), json!([carol])),
        (state(&[], &[]), json!([CLEANING])),
    ] {
        let (cx, mut engine) = session().await;
        let alert = send(&cx, &mut engine).await;
        let (devices, ()) = tokio::join!(patiently(alert.quorum(2).tell_others("Two are coming")), async {
            engine.emit(acknowledged("cleanup", ALICE).notification_state(state)).await;
            cancelled(&mut engine).await;
            let request = engine.answer(response::Notification::new()).await;
            assert_eq!(request.frame["type"], "broadcast");
            assert_eq!(request.frame["text"], "Two are coming");
            assert_ne!(request.frame["name"], "cleanup");
            assert_eq!(request.frame["_target"]["uris"], others);
        });
        assert_eq!(devices.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn nobody_is_told_where_all_have_come_or_too_few() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let all = NotificationState::new().created(["Alice"]).acknowledged(["Alice"]);
    let (devices, ()) = tokio::join!(patiently(alert.quorum(2).tell_others("Two are coming")), async {
        engine.emit(acknowledged("cleanup", ALICE).notification_state(all)).await;
        cancelled(&mut engine).await;
    });
    assert_eq!(devices.unwrap().len(), 2);

    let alert = send(&cx, &mut engine).await;
    let late = alert.quorum(2).within(Duration::from_millis(1)).tell_others("Two are coming");
    let (devices, ()) = tokio::join!(patiently(late), cancelled(&mut engine));
    assert_eq!(devices.unwrap().len(), 1);
}

#[tokio::test]
async fn an_alert_stops_when_its_time_is_over() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let soon = Duration::from_millis(1);
    let (devices, ()) = tokio::join!(patiently(alert.quorum(2).within(soon)), cancelled(&mut engine));
    assert_eq!(devices.unwrap(), [bob_urn()]);
}

#[tokio::test]
async fn a_session_that_ends_leaves_the_question_open() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let (devices, ()) = tokio::join!(patiently(alert.quorum(2)), engine.stop());
    assert!(matches!(failure(devices).cause, Cause::Closed(_)));
}

#[tokio::test]
async fn an_alert_can_be_stopped_for_some() {
    let (cx, mut engine) = session().await;
    let alert = send(&cx, &mut engine).await;
    let (cancelled, request) =
        tokio::join!(alert.cancel_on(alice_urn()), engine.answer(response::Notification::new()));
    cancelled.unwrap();
    assert_eq!(request.frame["_target"]["uris"], json!([ALICE]));
}
