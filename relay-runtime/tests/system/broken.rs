//! Handlers that fail: a device must not stay captured by a workflow that is broken.

use std::time::Duration;

use relay_protocol::request::GetVar;
use relay_protocol::types::{StopReason, Trigger, TriggerType};
use relay_protocol::{event, response};

use crate::stage::{Stage, Test};
use crate::time;

#[tokio::test]
async fn a_handler_that_returns_an_error_is_terminated() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/fail").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.answer(&get, response::GetVar::new()).await?;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn so_is_one_that_passes_the_error_of_an_action_on() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/fail").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.refuse(&get, "not today").await?;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_start_that_the_workflow_has_no_trigger_for_is_terminated() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.dial("/hello").await?;
    peer.start(crate::stage::alice().start("something else")).await?;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn so_is_one_whose_parameters_do_not_fit_what_the_caller_sent() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.dial("/order").await?;
    peer.start(event::Start::new(Trigger::new(TriggerType::Http))).await?;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_panic_ends_its_session_alone() -> Test {
    let mut stage = Stage::open().await?;
    let mut healthy = stage.session("/ask").await?;
    let mut peer = stage.session("/panic").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.answer(&get, response::GetVar::new()).await?;
    peer.finish().await?;
    stage.sessions(1).await;

    let get = healthy.expect::<GetVar>().await?;
    healthy.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    healthy.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn so_does_a_panic_before_the_handler_runs() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/stumble").await?;
    peer.finish().await?;
    stage.empty().await;

    let mut peer = stage.dial("/broken").await?;
    peer.closed().await?;
    stage.empty().await;

    let mut peer = stage.session("/ask").await?;
    peer.expect::<GetVar>().await?;
    Ok(())
}

#[tokio::test]
async fn a_platform_that_does_not_stop_it_is_told_by_the_close_code() -> Test {
    let stage = Stage::open().await?;
    for path in ["/panic", "/fail"] {
        let mut peer = stage.session(path).await?;
        let get = peer.expect::<GetVar>().await?;
        peer.answer(&get, response::GetVar::new()).await?;
        peer.expect_terminate().await?;
        time::pass(Duration::from_secs(32)).await;
        assert_eq!(peer.closed().await?.code(), Some(1011));
        stage.empty().await;
    }
    Ok(())
}

#[tokio::test]
async fn terminating_is_possible_when_nothing_else_is() -> Test {
    // The one request that is allowed waits in another handler when this one fails.
    let stage = Stage::with(|limits| limits.max_in_flight = 1).await?;
    let mut peer = stage.session("/crossed").await?;
    let _waits = peer.expect::<GetVar>().await?;
    peer.emit(event::Timer::new()).await?;
    peer.expect_terminate().await?;
    peer.stop(StopReason::Normal).await?;
    peer.closed().await?;
    stage.empty().await;
    Ok(())
}
