//! Interactions on several devices.

use std::time::Duration;

use relay_protocol::event::InteractionLifecycle;
use relay_protocol::types::LifecycleType;
use relay_protocol::{Urn, response};
use relay_runtime::{Cause, Color};
use serde_json::json;

use crate::engine::{Engine, patiently, session};
use crate::row::failure;
use crate::tables::{ALICE, BOB, CLEANING, HELLO_ALICE, HELLO_BOB, alice_urn, bob_urn, cleaning};

async fn change(engine: &mut Engine, kind: LifecycleType, on: &str) {
    engine.emit(InteractionLifecycle::new(kind, Urn::parse(on).unwrap())).await;
}

async fn fail(engine: &mut Engine, on: &str) {
    let urn = Urn::parse(on).unwrap();
    engine.emit(InteractionLifecycle::new(LifecycleType::Failed, urn).reason("device_offline")).await;
}

#[tokio::test]
async fn all_devices_start_together_and_are_spoken_to_together() {
    let (cx, mut engine) = session().await;
    let (team, request) = tokio::join!(
        cx.start_interactions([alice_urn(), bob_urn()], "hello").color(Color::BLUE).into_future(),
        async {
            let request = engine.answer(response::StartInteraction::new()).await;
            change(&mut engine, LifecycleType::Started, HELLO_BOB).await;
            change(&mut engine, LifecycleType::Resumed, HELLO_BOB).await;
            change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
            request
        }
    );
    let team = team.unwrap();

    assert_eq!(
        request.frame,
        json!({
            "_type": "wf_api_start_interaction_request",
            "_target": { "uris": [ALICE, BOB] },
            "name": "hello",
            "options": { "color": "0000FF", "input_types": [] },
        })
    );
    assert_eq!(team.iter().map(|each| each.urn().as_str()).collect::<Vec<_>>(), [HELLO_BOB, HELLO_ALICE]);
    assert!(team.failed().is_empty() && team.len() == 2);

    let (_, said) = tokio::join!(team.say("hello").in_background(), engine.answer(response::Say::new()));
    assert_eq!(said.frame["_target"]["uris"], json!([HELLO_BOB, HELLO_ALICE]));
}

#[tokio::test]
async fn a_device_that_fails_is_a_value_among_the_others() {
    let (cx, mut engine) = session().await;
    let (team, ()) =
        tokio::join!(cx.start_interactions([alice_urn(), bob_urn()], "hello").into_future(), async {
            engine.answer(response::StartInteraction::new()).await;
            fail(&mut engine, HELLO_BOB).await;
            change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
        });
    let team = team.unwrap();

    assert_eq!(team.len(), 1);
    let [failed] = team.failed() else { panic!("{team:?}") };
    assert_eq!(failed.target.as_ref().unwrap().as_str(), BOB);
    assert_eq!(failed.cause, Cause::Failed(Some("device_offline".into())));
}

#[tokio::test]
async fn devices_that_say_nothing_are_named_when_the_time_is_over() {
    let (cx, mut engine) = session().await;
    let time = Duration::from_millis(500);
    let (team, ()) = tokio::join!(
        cx.start_interactions([alice_urn(), bob_urn()], "hello").within(time).into_future(),
        async {
            engine.answer(response::StartInteraction::new()).await;
            change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
        }
    );
    let team = team.unwrap();

    assert_eq!(team.len(), 1);
    assert_eq!(team.failed()[0].target.as_ref().unwrap().as_str(), BOB);
    assert_eq!(team.failed()[0].cause, Cause::TimedOut { after: time, accepted: true });
}

#[tokio::test]
async fn each_can_be_taken_as_soon_as_it_is_ready() {
    let (cx, mut engine) = session().await;
    let mut ready = cx.start_interactions(cleaning(&cx), "hello");

    let (first, request) = tokio::join!(patiently(ready.next()), async {
        let request = engine.request().await;
        // A device may be faster than the response.
        change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
        request
    });
    assert_eq!(request.frame["_target"]["uris"], json!([CLEANING]));
    assert_eq!(first.unwrap().unwrap().urn().as_str(), HELLO_ALICE);

    engine.respond(&request, response::StartInteraction::new()).await;
    change(&mut engine, LifecycleType::Started, "urn:relay-resource:name:interaction:another").await;
    fail(&mut engine, HELLO_BOB).await;
    let second = patiently(ready.next()).await.unwrap().unwrap_err();
    assert_eq!(second.target.unwrap().as_str(), BOB);
}

#[tokio::test]
async fn a_group_is_over_when_its_time_is() {
    let (cx, mut engine) = session().await;
    let time = Duration::from_millis(500);
    let (team, ()) =
        tokio::join!(cx.start_interactions(cleaning(&cx), "hello").within(time).into_future(), async {
            engine.answer(response::StartInteraction::new()).await;
            change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
        });
    let team = team.unwrap();
    assert_eq!((team.len(), team.failed().len()), (1, 0));
}

#[tokio::test]
async fn a_request_that_is_refused_fails_as_a_whole() {
    let (cx, mut engine) = session().await;
    let (team, ()) = tokio::join!(cx.start_interactions([alice_urn()], "hello").into_future(), async {
        let request = engine.request().await;
        engine.refuse(&request, "invalid_target").await;
    });
    assert_eq!(failure(team).cause, Cause::Refused("invalid_target".into()));
}

#[tokio::test]
async fn a_session_that_ends_fails_the_devices_that_have_not_started() {
    let (cx, mut engine) = session().await;
    let (team, ()) =
        tokio::join!(cx.start_interactions([alice_urn(), bob_urn()], "hello").into_future(), async {
            engine.answer(response::StartInteraction::new()).await;
            change(&mut engine, LifecycleType::Started, HELLO_ALICE).await;
            engine.stop().await;
        });
    let team = team.unwrap();
    assert_eq!((team.len(), team.failed().len()), (1, 1));
    assert!(matches!(team.failed()[0].cause, Cause::Closed(_)));
}
