//! Draining, closing, aborting.

use std::time::Duration;

use relay_protocol::request::GetVar;
use relay_protocol::response;
use relay_runtime::server::Phase;
use relay_runtime::{Cause, CloseReason};
use relay_testkit::DialError;

use crate::stage::{Stage, Test};
use crate::time;

#[tokio::test]
async fn a_running_conversation_ends_by_itself_and_no_new_one_begins() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;

    stage.handle.shutdown();
    stage.handle.wait_for(Phase::Draining).await;
    match stage.dial("/ask").await {
        Err(DialError::Refused { status: 503, .. }) => {}
        other => panic!("expected a refusal, got {other:?}"),
    }

    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    assert_eq!(peer.finish().await?.code(), Some(1000));
    stage.server.await?;
    assert_eq!(stage.handle.phase(), Phase::Stopped);
    Ok(())
}

#[tokio::test]
async fn a_conversation_that_takes_too_long_is_closed() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    peer.expect::<GetVar>().await?;

    stage.handle.shutdown();
    stage.handle.close();
    let error = stage.failure().await;
    assert!(matches!(error.cause, Cause::Closed(CloseReason::Local { code: 1001, .. })), "{error}");
    assert_eq!(peer.closed().await?.code(), Some(1001));
    stage.server.await?;
    Ok(())
}

#[tokio::test]
async fn the_time_to_drain_is_bounded() -> Test {
    let stage = Stage::open().await?;
    let mut peer = stage.session("/stay").await?;
    stage.handle.shutdown();
    stage.handle.wait_for(Phase::Draining).await;
    peer.round_trip().await?;
    time::pass(Duration::from_secs(30)).await;
    stage.handle.wait_for(Phase::Closing).await;
    assert_eq!(peer.closed().await?.code(), Some(1001));
    stage.server.await?;
    Ok(())
}
