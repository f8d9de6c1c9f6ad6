//! What should happen, happens.

use relay_protocol::request::{EndInteraction, Listen, Say, StartInteraction};
use relay_protocol::types::{LifecycleType, PromptType, StopReason};
use relay_protocol::{Urn, event, response};
use relay_testkit::Peer;

use crate::stage::{Stage, Test, alice};
use crate::time;

#[tokio::test]
async fn a_conversation_from_start_to_stop() -> Test {
    let stage = Stage::open().await?;
    let alice = alice();
    let interaction = alice.interaction("hello")?;
    let mut peer = stage.dial("/hello").await?;
    peer.start(alice.start("hello")).await?;

    let start = peer.expect::<StartInteraction>().await?;
    assert_eq!((start.name.as_str(), &*start.target), ("hello", &[Urn::from(alice.urn())][..]));
    peer.answer(&start, response::StartInteraction::new()).await?;
    peer.emit(event::InteractionLifecycle::new(LifecycleType::Started, &interaction)).await?;
    peer.emit(event::InteractionLifecycle::new(LifecycleType::Resumed, &interaction)).await?;

    speak(&mut peer, "What is your name?").await?;

    let listen = peer.expect::<Listen>().await?;
    assert_eq!((listen.timeout, &*listen.target), (30, &[Urn::from(&interaction)][..]));
    peer.answer(&listen, response::Listen::new()).await?;
    peer.emit(event::Speech::new().request_id(&listen.id).text("Bob")).await?;

    speak(&mut peer, "Hello Bob").await?;

    let end = peer.expect::<EndInteraction>().await?;
    peer.answer(&end, response::EndInteraction::new()).await?;
    peer.emit(event::InteractionLifecycle::new(LifecycleType::Ended, &interaction)).await?;

    let ending = peer.finish().await?;
    assert_eq!((ending.code(), ending.error), (Some(1000), None));
    stage.empty().await;
    Ok(())
}

async fn speak(peer: &mut Peer, text: &str) -> Test {
    let say = peer.expect::<Say>().await?;
    assert_eq!(say.text, text);
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    peer.emit(event::Prompt::new(PromptType::Started).id(&say.id)).await?;
    peer.emit(event::Prompt::new(PromptType::Stopped).id(&say.id)).await?;
    Ok(())
}

#[tokio::test]
async fn a_device_that_plays_along() -> Test {
    let stage = Stage::open().await?;
    let mut alice = alice().will_say("Bob");
    let mut peer = stage.dial("/hello").await?;
    peer.start(alice.start("hello")).await?;
    alice.converse(&mut peer).await?;
    assert_eq!(alice.heard(), ["What is your name?", "Hello Bob"]);
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_platform_that_does_not_close_after_stop_is_left_alone_after_a_while() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/stay").await?;
    let stop = relay_protocol::codec::encode_event(&event::Stop::new().reason(StopReason::Normal).into());
    peer.send_text(stop).await?;
    let mut stage = stage;
    stage.note().await; // the workflow has heard of it
    time::pass(std::time::Duration::from_secs(5)).await;
    assert_eq!(peer.closed().await?.code(), Some(1000));
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_platform_that_stops_by_itself() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/stay").await?;
    peer.stop(StopReason::Error).await?;
    let reason = relay_runtime::CloseReason::Stopped(StopReason::Error);
    assert_eq!(stage.note().await, crate::stage::Note::Closed(reason));
    stage.said("tidied up").await;
    peer.closed().await?;
    stage.empty().await;
    Ok(())
}
