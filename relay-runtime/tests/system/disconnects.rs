//! Connections that end without a stop event: what waits fails at once, the workflow hears of it, the server goes on.

use relay_protocol::request::GetVar;
use relay_protocol::response;
use relay_runtime::{Cause, CloseReason};
use relay_testkit::Peer;

use crate::stage::{Note, Stage, Test};

/// Two requests wait when `end` ends the connection.
async fn disconnect(code: Option<u16>, end: impl AsyncFnOnce(Peer) -> Test) -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask_twice").await?;
    peer.expect::<GetVar>().await?;
    peer.expect::<GetVar>().await?;
    end(peer).await?;

    let reason = CloseReason::Disconnected { code };
    for _ in 0..2 {
        assert_eq!(stage.failure().await.cause, Cause::Closed(reason.clone()));
    }
    assert_eq!(stage.note().await, Note::Closed(reason));
    stage.empty().await;

    // The next one finds everything in order.
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    peer.finish().await?;
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_close_frame() -> Test {
    disconnect(Some(1000), async |mut peer: Peer| {
        peer.close(1000, "").await?;
        assert_eq!(peer.closed().await?.code(), Some(1000));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_close_frame_because_the_platform_goes_away() -> Test {
    disconnect(Some(1001), async |mut peer: Peer| {
        peer.close(1001, "restart").await?;
        assert_eq!(peer.closed().await?.code(), Some(1001));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_end_of_the_stream_that_nobody_announced() -> Test {
    disconnect(None, async |peer: Peer| {
        peer.hang_up();
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tcp_reset() -> Test {
    disconnect(None, async |peer: Peer| Ok(peer.reset()?)).await
}

#[tokio::test]
async fn before_the_session_has_begun() -> Test {
    let stage = Stage::open().await?;
    stage.dial("/hello").await?.hang_up();
    stage.dial("/hello").await?.reset()?;
    let mut peer = stage.dial("/hello").await?;
    peer.close(1000, "").await?;
    peer.closed().await?;
    stage.empty().await;
    Ok(())
}
