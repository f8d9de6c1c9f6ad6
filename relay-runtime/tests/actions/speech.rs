//! Speech: backgrounds, several devices, failures, silence.

use relay_protocol::event::{Prompt, Speech};
use relay_protocol::types::PromptType;
use relay_protocol::{Urn, response};
use relay_runtime::Cause;
use serde_json::json;

use crate::engine::{patiently, session};
use crate::row::failure;
use crate::tables::{HELLO_ALICE, HELLO_BOB, alice, bob};

fn prompt(kind: PromptType, id: &str, on: &str) -> Prompt {
    Prompt::new(kind).id(id).source_uri(Urn::parse(on).unwrap())
}

#[tokio::test]
async fn speech_in_the_background_can_be_stopped_by_itself() {
    let (cx, mut engine) = session().await;
    let (story, request) = tokio::join!(alice(&cx).say("Once upon a time").in_background(), async {
        let request = engine.request().await;
        engine.respond(&request, response::Say::new().id(&request.id)).await;
        request
    });
    let story = story.unwrap();
    assert_eq!(story.id(), request.id);

    let (stopped, stop) = tokio::join!(story.stop(), engine.answer(response::StopPlayback::new()));

    stopped.unwrap();
    assert_eq!(
        stop.frame,
        json!({
            "_type": "wf_api_stop_playback_request",
            "_target": { "uris": [HELLO_ALICE] },
            "ids": [request.id],
        })
    );
}

#[tokio::test]
async fn an_engine_that_gives_speech_no_id_stops_all_of_it() {
    let (cx, mut engine) = session().await;
    let (story, _) =
        tokio::join!(alice(&cx).play("chime").in_background(), engine.answer(response::Play::new()));
    let story = story.unwrap();
    let (_, stop) = tokio::join!(story.stop(), engine.answer(response::StopPlayback::new()));
    assert_eq!(stop.frame.get("ids"), None);
}

#[tokio::test]
async fn speech_on_several_devices_is_done_with_the_last() {
    let (cx, mut engine) = session().await;
    let team = cx.interactions([alice(&cx), bob(&cx)]);
    let said = team.say("hello");
    tokio::pin!(said);

    assert!(futures_util::poll!(&mut said).is_pending());
    let request = engine.answer(response::Say::new()).await;
    engine.emit(prompt(PromptType::Stopped, &request.id, HELLO_BOB)).await;
    engine.emit(prompt(PromptType::Started, "of somebody else", HELLO_ALICE)).await;
    let mut events = cx.events_of::<Prompt>();
    engine.emit(prompt(PromptType::Started, "the last so far", HELLO_ALICE)).await;
    while patiently(events.next()).await.unwrap().unwrap().id.as_deref() != Some("the last so far") {}
    assert!(futures_util::poll!(&mut said).is_pending());

    engine.emit(prompt(PromptType::Stopped, &request.id, HELLO_ALICE)).await;
    patiently(said).await.unwrap();
}

#[tokio::test]
async fn speech_that_fails_is_an_error() {
    let (cx, mut engine) = session().await;
    let (said, ()) = tokio::join!(alice(&cx).say("hello"), async {
        let request = engine.answer(response::Say::new()).await;
        engine.emit(prompt(PromptType::Failed, &request.id, HELLO_ALICE)).await;
    });
    let error = failure(said);
    assert_eq!(error.cause, Cause::Failed(None));
    assert_eq!(
        error.to_string(),
        format!("`say` on {HELLO_ALICE} in session 1: failed, Relay does not say why")
    );
}

#[tokio::test]
async fn nobody_says_anything() {
    let (cx, mut engine) = session().await;
    let (heard, ()) = tokio::join!(alice(&cx).listen(), async {
        let request = engine.answer(response::Listen::new()).await;
        engine.emit(Speech::new().request_id(&request.id).text("")).await;
    });
    assert!(heard.unwrap().is_silence());
}

#[tokio::test]
async fn dropping_an_action_forgets_its_answer() {
    let (cx, mut engine) = session().await;
    let mut said = Box::pin(alice(&cx).say("hello").in_background());
    assert!(futures_util::poll!(&mut said).is_pending());
    let request = engine.request().await;
    drop(said);

    engine.respond(&request, response::Say::new()).await;

    let (stopped, _) = tokio::join!(alice(&cx).stop_playback(), engine.answer(response::StopPlayback::new()));
    stopped.unwrap();
}
