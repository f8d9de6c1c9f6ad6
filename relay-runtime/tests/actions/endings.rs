//! How sessions end, from the inside.

use relay_protocol::event::InteractionLifecycle;
use relay_protocol::session::CloseReason;
use relay_protocol::types::{LifecycleType, StopReason};
use relay_protocol::{Urn, response};
use relay_runtime::Cause;
use serde_json::json;

use crate::engine::{patiently, session};
use crate::row::failure;
use crate::tables::{HELLO_ALICE, alice, alice_urn};

const STOPPED: Cause = Cause::Closed(CloseReason::Stopped(StopReason::Normal));

#[tokio::test]
async fn terminating_is_done_when_relay_says_stop_and_is_never_answered() {
    let (cx, mut engine) = session().await;

    let (result, frame) = tokio::join!(cx.terminate(), async {
        let frame = engine.frame().await;
        engine.stop().await;
        frame
    });

    result.unwrap();
    assert_eq!(frame, json!({ "_type": "wf_api_terminate_request" }));
    assert_eq!(patiently(cx.closed()).await, CloseReason::Stopped(StopReason::Normal));
    assert_eq!(failure(cx.terminate().await).cause, STOPPED);
}

#[tokio::test]
async fn what_waits_when_relay_says_stop_fails_at_once() {
    let (cx, mut engine) = session().await;

    let (result, ()) = tokio::join!(alice(&cx).say("hello"), async {
        engine.answer(response::Say::new().id("a1")).await;
        engine.stop().await;
    });

    assert_eq!(failure(result).cause, STOPPED);
}

#[tokio::test]
async fn finishing_ends_the_interactions_that_are_up_and_terminates() {
    let (cx, mut engine) = session().await;
    let started = InteractionLifecycle::new(LifecycleType::Started, Urn::parse(HELLO_ALICE).unwrap());

    let (finished, ()) = tokio::join!(
        async {
            cx.start_interaction(alice_urn(), "hello").await?;
            cx.finish().await
        },
        async {
            engine.answer(response::StartInteraction::new()).await;
            engine.emit(started).await;
            let ended = engine.answer(response::EndInteraction::new()).await;
            assert_eq!(ended.frame["_target"]["uris"], json!([HELLO_ALICE]));
            engine.frame().await;
            engine.stop().await;
        }
    );

    finished.unwrap();
    cx.finish().await.unwrap(); // does nothing the second time
}

#[tokio::test]
async fn an_interaction_that_was_ended_is_not_ended_again() {
    let (cx, mut engine) = session().await;
    let started = InteractionLifecycle::new(LifecycleType::Started, Urn::parse(HELLO_ALICE).unwrap());

    let ((), frame) = tokio::join!(
        async {
            cx.start_interaction(alice_urn(), "hello").await.unwrap().end().await.unwrap();
            cx.finish().await.unwrap();
        },
        async {
            engine.answer(response::StartInteraction::new()).await;
            engine.emit(started).await;
            engine.answer(response::EndInteraction::new()).await;
            let frame = engine.frame().await;
            engine.stop().await;
            frame
        }
    );

    assert_eq!(frame["_type"], "wf_api_terminate_request");
}
