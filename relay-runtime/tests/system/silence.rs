//! Peers that say nothing.

use std::time::Duration;

use relay_runtime::CloseReason;
use relay_testkit::Frame;
use tokio::io::AsyncReadExt;

use crate::stage::{Note, Stage, Test};
use crate::time;

#[tokio::test]
async fn a_peer_that_answers_pings_may_be_silent_for_long() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/stay").await?;
    peer.round_trip().await?;
    for _ in 0..10 {
        time::pass(Duration::from_secs(30)).await;
        assert_eq!(peer.next_frame().await?, Frame::Ping);
        peer.round_trip().await?;
    }
    peer.stop("normal".into()).await?;
    assert_eq!(stage.note().await, Note::Closed(CloseReason::Stopped("normal".into())));
    Ok(())
}

#[tokio::test]
async fn a_peer_that_does_not_is_given_up() -> Test {
    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/stay").await?;
    peer.round_trip().await?;
    let mut stream = peer.into_stream(); // which does not know what a ping is

    time::pass(Duration::from_secs(30)).await;
    let mut ping = [0; 2];
    stream.read_exact(&mut ping).await?;
    assert_eq!(ping, [0x89, 0]);

    time::pass(Duration::from_secs(20)).await;
    assert_eq!(stage.note().await, Note::Closed(CloseReason::PingTimeout));
    let mut close = [0; 4];
    stream.read_exact(&mut close).await?;
    assert_eq!((close[0], u16::from_be_bytes([close[2], close[3]])), (0x88, 1001));

    // It does not answer that either.
    stage.said("tidied up").await;
    time::pass(Duration::from_secs(5)).await;
    stage.empty().await;
    Ok(())
}
