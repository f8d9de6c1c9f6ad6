//! Frames in every order and company that the protocol allows.

use relay_protocol::codec::{encode_event, encode_response};
use relay_protocol::request::{GetVar, Listen, Say, StartInteraction};
use relay_protocol::types::{LifecycleType, PromptType};
use relay_protocol::{Response, event, response};

use crate::stage::{Stage, Test, alice};

#[tokio::test]
async fn the_answer_and_the_end_in_one_segment() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.act_at_once(|session, now| {
        session.respond(now, say.token, response::Say::new().id(&say.id))?;
        session.emit(now, event::Prompt::new(PromptType::Started).id(&say.id))?;
        session.emit(now, event::Prompt::new(PromptType::Stopped).id(&say.id))
    })
    .await?;
    stage.said("spoken").await;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn progress_and_the_answer_in_one_segment() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.act_at_once(|session, now| {
        session.progress(now, get.token)?;
        session.respond(now, get.token, response::GetVar::new().value("42"))
    })
    .await?;
    stage.said("42").await;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn the_whole_end_in_one_segment() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.act_at_once(|session, now| {
        session.respond(now, get.token, response::GetVar::new().value("42"))?;
        session.stop(now, "normal")
    })
    .await?;
    stage.said("42").await;
    assert_eq!(peer.closed().await?.code(), Some(1000));
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_prompt_that_stops_before_the_answer() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.emit(event::Prompt::new(PromptType::Stopped).id(&say.id)).await?;
    stage.said("spoken").await;
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn speech_before_the_answer() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/listen").await?;
    let listen = peer.expect::<Listen>().await?;
    peer.emit(event::Speech::new().request_id(&listen.id).text("yes")).await?;
    stage.said("heard \"yes\"").await;
    peer.answer(&listen, response::Listen::new()).await?;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn an_interaction_that_starts_before_the_answer() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/begin").await?;
    let start = peer.expect::<StartInteraction>().await?;
    let menu = alice().interaction("menu")?;
    peer.emit(event::InteractionLifecycle::new(LifecycleType::Started, &menu)).await?;
    stage.said(menu.as_str()).await;
    peer.answer(&start, response::StartInteraction::new()).await?;

    let mut alice = alice();
    alice.converse(&mut peer).await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn events_of_others_do_not_end_an_action() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    peer.emit(event::Prompt::new(PromptType::Stopped).id("another")).await?;
    peer.emit(event::Prompt::new(PromptType::Failed).id("another")).await?;
    peer.emit(event::Speech::new().request_id(&say.id).text("not mine")).await?;
    peer.emit(event::Prompt::new(PromptType::Started).id(&say.id)).await?;
    peer.round_trip().await?;
    peer.emit(event::Prompt::new(PromptType::Stopped).id(&say.id)).await?;
    stage.said("spoken").await;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn answers_that_nobody_waits_for_are_ignored() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/panel").await?;
    let get = peer.expect::<GetVar>().await?;
    let value = Response::from(response::GetVar::new().value("wrong"));
    peer.send_text(encode_response("another", &value)).await?;
    // The right id in the wrong company answers nothing, but somebody may want to know.
    peer.send_text(encode_response(&get.id, &response::Say::new().into())).await?;
    stage.said("unknown wf_api_say_response: not the response that this request waits for").await;
    peer.answer(&get, response::GetVar::new().value("right")).await?;
    stage.said("right").await;
    peer.send_text(encode_response(&get.id, &value)).await?;
    peer.round_trip().await?;
    peer.stop("normal".into()).await?;
    peer.closed().await?;
    Ok(())
}

#[tokio::test]
async fn text_in_a_binary_frame_is_read() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.dial("/ask").await?;
    peer.send_binary(encode_event(&alice().start("go").into())).await?;
    let get = peer.expect::<GetVar>().await?;
    peer.send_binary(vec![0xff, 0x00, 0xfe]).await?; // and what is no text is not
    let value = Response::from(response::GetVar::new().value("42"));
    peer.send_binary(encode_response(&get.id, &value)).await?;
    stage.said("42").await;
    peer.expect_terminate().await?;
    peer.hang_up();
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn what_nobody_understands_goes_to_the_handler_for_that_and_the_session_lives() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/panel").await?;
    let get = peer.expect::<GetVar>().await?;
    for (frame, report) in [
        (
            r#"{"_type":"wf_api_earthquake_event","magnitude":6}"#,
            "unknown wf_api_earthquake_event: unknown `_type`",
        ),
        (
            r#"{"_type":"wf_api_say_request","_id":"1","text":"hi"}"#,
            "unknown wf_api_say_request: unknown `_type`",
        ),
        (r#"{"type":"wf_api_button_event"}"#, "unknown : no `_type`"),
        (r#"{"_type":"wf_api_say_response"}"#, "unknown wf_api_say_response: no `_id`"),
    ] {
        peer.send_text(frame).await?;
        stage.said(report).await;
    }
    for garbage in ["", "garbage", "[1,2]", "null", "{", r#"{"_type":"wf_api_timer_event"}}"#, "\u{feff}{}"] {
        peer.send_text(garbage).await?;
        let crate::stage::Note::Said(report) = stage.note().await else { panic!("no report") };
        assert!(report.starts_with("unknown : not a JSON object"), "{garbage:?}: {report}");
    }
    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    peer.stop("normal".into()).await?;
    peer.closed().await?;
    stage.empty().await;
    Ok(())
}
