//! Actions that do not succeed, and what their errors say.

use relay_protocol::request::{GetVar, Listen, Say, SetVar, StartInteraction};
use relay_protocol::session::Refused;
use relay_protocol::types::{LifecycleType, PromptType, Taps};
use relay_protocol::{event, response};
use relay_runtime::prelude::*;

use crate::stage::{Stage, Test, alice};
use crate::time;

#[tokio::test]
async fn a_refused_action_says_which_on_what_in_which_session_and_why() -> Test {
    let mut stage = Stage::open().await?;
    stage.session("/ask").await?.hang_up(); // so that the next one is not the first
    let _ = stage.note().await;
    let mut peer = stage.session("/everything").await?;

    let (alice, menu) = (Urn::from(alice().urn()), Urn::from(alice().interaction("menu")?));
    for (action, target) in [
        ("start_interaction", Some(&alice)),
        ("say", Some(&menu)),
        ("say", Some(&menu)),
        ("play", Some(&menu)),
        ("listen", Some(&menu)),
        ("get_var", None),
        ("set_var", None),
        ("unset_var", None),
        ("set_timer", None),
        ("clear_timer", None),
        ("start_timer", None),
        ("stop_timer", None),
        ("create_group", None),
        ("end_interaction", Some(&menu)),
    ] {
        let ask = peer.expect_any().await?;
        assert_eq!(ask.name(), action);
        peer.refuse(&ask, &format!("no {action} today")).await?;

        let error = stage.failure().await;
        assert_eq!((error.action, error.target.as_ref(), error.session), (action, target, 2));
        assert_eq!(error.cause, Cause::Refused(format!("no {action} today")));
    }
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn an_error_is_one_readable_line() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.refuse(&say, "invalid_target").await?;
    let menu = alice().interaction("menu")?;
    assert_eq!(
        stage.failure().await.to_string(),
        format!("`say` on {menu} in session 1: refused by Relay: invalid_target")
    );
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_prompt_that_fails() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/speak").await?;
    let say = peer.expect::<Say>().await?;
    peer.answer(&say, response::Say::new().id(&say.id)).await?;
    peer.emit(event::Prompt::new(PromptType::Failed).id(&say.id)).await?;
    assert_eq!(stage.failure().await.cause, Cause::Failed(None));
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn an_interaction_that_fails_to_start() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/begin").await?;
    let start = peer.expect::<StartInteraction>().await?;
    peer.answer(&start, response::StartInteraction::new()).await?;
    let menu = alice().interaction("menu")?;
    let failed = event::InteractionLifecycle::new(LifecycleType::Failed, &menu);
    peer.emit(failed.reason("device_offline")).await?;
    assert_eq!(stage.failure().await.cause, Cause::Failed(Some("device_offline".into())));
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn no_answer_fails_when_its_time_is_over_and_not_before() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/panel").await?;
    peer.expect::<GetVar>().await?;

    time::pass(millis(4_900)).await;
    // Whatever had failed by now would be reported before this.
    peer.emit(event::Button::new("action", Taps::Single)).await?;
    stage.said("pressed single").await;

    time::pass(millis(200)).await;
    let error = stage.failure().await;
    assert_eq!((error.action, error.cause), ("get_var", Cause::TimedOut { after: secs(5), accepted: false }));
    peer.close(1000, "").await?;
    peer.closed().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn an_action_that_was_accepted_has_a_time_of_its_own() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/begin").await?;
    let start = peer.expect::<StartInteraction>().await?;
    time::pass(secs(4)).await;
    peer.answer(&start, response::StartInteraction::new()).await?;
    peer.round_trip().await?;

    time::pass(millis(6_900)).await;
    peer.round_trip().await?;
    time::pass(millis(200)).await;
    assert_eq!(stage.failure().await.cause, Cause::TimedOut { after: secs(7), accepted: true });
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn nobody_speaking_is_a_value() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/listen").await?;
    let listen = peer.expect::<Listen>().await?;
    peer.answer(&listen, response::Listen::new()).await?;
    peer.round_trip().await?;
    time::pass(secs(3) + secs(2)).await;
    stage.said("heard \"\"").await;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_platform_that_does_not_stop_what_asked_to_be_terminated_is_left() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.answer(&get, response::GetVar::new()).await?;
    peer.expect_terminate().await?;
    time::pass(secs(32)).await;
    assert_eq!(peer.closed().await?.code(), Some(1011));
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_message_of_the_largest_size_is_sent_and_a_larger_one_is_not() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/fill").await?;
    let set = peer.expect::<SetVar>().await?;
    peer.answer(&set, response::SetVar::new().name(&set.name)).await?;
    stage.said("set").await;
    let (bytes, limit) = ((1 << 20) + 1, 1 << 20);
    assert_eq!(stage.failure().await.cause, Cause::NotSent(Refused::TooLarge { bytes, limit }));
    peer.finish().await?;
    Ok(())
}
