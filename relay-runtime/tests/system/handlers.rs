//! Handlers beside each other, and after their session.

use std::time::Duration;

use relay_protocol::request::{GetVar, Listen, Say};
use relay_protocol::types::{PromptType, StopReason, Taps};
use relay_protocol::{event, response};
use relay_runtime::CloseReason;

use crate::stage::{Note, Stage, Test, alice};
use crate::time;

fn press() -> event::Button {
    event::Button::new("action", Taps::Single)
}

#[tokio::test]
async fn a_button_is_handled_while_the_start_handler_waits() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/panel").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.emit(press()).await?;
    stage.said("pressed single").await;
    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    peer.stop(StopReason::Normal).await?;
    peer.closed().await?;
    Ok(())
}

#[tokio::test]
async fn handlers_start_in_the_order_of_their_events_and_end_in_any() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/worker").await?;
    let names = ["a", "b", "c", "d", "e"];
    peer.act_at_once(|session, now| {
        names.iter().try_for_each(|name| session.emit(now, event::TimerFired::new(*name)))
    })
    .await?;
    let mut asked = Vec::new();
    for (number, name) in (1..).zip(names) {
        stage.said(&format!("{number} begins {name}")).await;
        asked.push(peer.expect::<GetVar>().await?);
    }
    for get in asked.iter().rev() {
        peer.answer(get, response::GetVar::new()).await?;
        stage.said(&format!("{} ends", get.name)).await;
    }
    peer.stop(StopReason::Normal).await?;
    peer.closed().await?;
    Ok(())
}

#[tokio::test]
async fn no_more_handlers_at_once_than_allowed() -> Test {
    let mut stage = Stage::with(|limits| limits.max_handlers = 2).await?;
    let mut peer = stage.session("/worker").await?;
    for name in ["a", "b", "c"] {
        peer.emit(event::TimerFired::new(name)).await?;
    }
    stage.said("1 begins a").await;
    stage.said("2 begins b").await;
    let (a, b) = (peer.expect::<GetVar>().await?, peer.expect::<GetVar>().await?);
    peer.round_trip().await?;
    // Answers come through all the same. Had the third begun before, it would have been reported.
    peer.answer(&b, response::GetVar::new()).await?;
    stage.said("b ends").await;
    stage.said("3 begins c").await;
    let c = peer.expect::<GetVar>().await?;
    for get in [a, c] {
        peer.answer(&get, response::GetVar::new()).await?;
        stage.said(&format!("{} ends", get.name)).await;
    }
    peer.stop(StopReason::Normal).await?;
    peer.closed().await?;
    Ok(())
}

#[tokio::test]
async fn an_action_that_is_dropped_is_forgotten() -> Test {
    let mut stage = Stage::with(|limits| limits.max_in_flight = 1).await?;
    let mut peer = stage.session("/impatient").await?;
    let listen = peer.expect::<Listen>().await?;
    peer.answer(&listen, response::Listen::new()).await?;
    peer.emit(press()).await?;
    stage.said("enough").await;
    // One in flight is all that is allowed, so the listening no longer counts.
    let say = peer.expect::<Say>().await?;
    peer.emit(event::Speech::new().request_id(&listen.id).text("too late")).await?;
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    peer.emit(event::Prompt::new(PromptType::Stopped).id(&say.id)).await?;
    stage.said("spoken").await;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn the_other_branch_of_the_same_choice() -> Test {
    let mut stage = Stage::open().await?;
    let mut alice = alice().will_say("hello");
    let mut peer = stage.session("/impatient").await?;
    alice.converse(&mut peer).await?;
    stage.said("heard hello").await;
    stage.said("spoken").await;
    assert_eq!(alice.heard(), ["thank you"]);
    Ok(())
}

#[tokio::test]
async fn a_handler_may_finish_after_its_session() -> Test {
    // With a grace this long, only its own end lets the session go.
    let mut stage = Stage::with(|limits| limits.handler_grace = Duration::from_secs(3600)).await?;
    stage.session("/stay").await?.hang_up();
    assert_eq!(stage.note().await, Note::Closed(CloseReason::Disconnected { code: None }));
    stage.said("tidied up").await;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_handler_that_does_not_finish_is_dropped_when_its_grace_is_over() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/hang").await?;
    peer.stop(StopReason::Normal).await?;
    peer.closed().await?;
    assert_eq!(stage.handle.sessions(), 1);
    time::pass(Duration::from_secs(5)).await;
    stage.said("dropped").await;
    stage.empty().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_in_a_task_of_its_own() -> Test {
    let mut stage = Stage::open().await?;
    for _ in 0..50 {
        let mut peer = stage.session("/spawn").await?;
        let get = peer.expect::<GetVar>().await?;
        peer.answer(&get, response::GetVar::new().value("42")).await?;
        stage.said("42").await;
        peer.finish().await?;
    }
    stage.empty().await;
    Ok(())
}
