//! Peers that do harm: only their own session suffers.

use relay_protocol::request::GetVar;
use relay_protocol::{event, response};
use relay_testkit::Peer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::stage::{Stage, Test};

/// A session beside, to be finished after the harm.
struct Beside(Peer);

impl Beside {
    async fn begin(stage: &Stage) -> Test<Self> {
        Ok(Self(stage.session("/ask").await?))
    }

    async fn finish(mut self, stage: &mut Stage) -> Test {
        let get = self.0.expect::<GetVar>().await?;
        self.0.answer(&get, response::GetVar::new().value("unharmed")).await?;
        stage.said("unharmed").await;
        assert_eq!(self.0.finish().await?.code(), Some(1000));
        stage.empty().await;
        Ok(())
    }
}

#[tokio::test]
async fn a_message_of_two_mebibytes() -> Test {
    let mut stage = Stage::open().await?;
    let beside = Beside::begin(&stage).await?;
    let mut peer = stage.session("/ask_twice").await?;
    peer.expect::<GetVar>().await?;
    // The writing may be cut off by the close.
    let _ = peer.send_text("x".repeat(2 << 20)).await;
    assert_eq!(peer.closed().await?.code(), Some(1009));
    for _ in 0..2 {
        assert!(stage.failure().await.to_string().contains("2097152 bytes, 1048576 are allowed"));
    }
    let _closed = stage.note().await;
    beside.finish(&mut stage).await
}

#[tokio::test]
async fn a_text_that_is_not_utf_8() -> Test {
    let mut stage = Stage::open().await?;
    let beside = Beside::begin(&stage).await?;
    assert_eq!(close_code_after(&stage, 0x81, b"\xff\xfe").await?, 1007);
    beside.finish(&mut stage).await
}

#[tokio::test]
async fn a_frame_that_websocket_does_not_know() -> Test {
    let mut stage = Stage::open().await?;
    let beside = Beside::begin(&stage).await?;
    assert_eq!(close_code_after(&stage, 0x83, b"").await?, 1002);
    beside.finish(&mut stage).await
}

/// Sends a frame with this first byte, masked with zeros, and returns the code of the close frame that comes.
async fn close_code_after(stage: &Stage, first: u8, payload: &[u8]) -> Test<u16> {
    let mut stream = stage.dial("/hello").await?.into_stream();
    let mut frame = vec![first, 0x80 | payload.len() as u8, 0, 0, 0, 0];
    frame.extend(payload);
    stream.write_all(&frame).await?;
    stream.flush().await?;

    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    assert_eq!(head[0], 0x88, "a close frame");
    Ok(u16::from_be_bytes([head[2], head[3]]))
}

#[tokio::test]
async fn a_flood_of_events_while_the_handlers_are_busy() -> Test {
    let mut stage = Stage::with(|limits| {
        limits.max_handlers = 1;
        limits.max_backlog_bytes = 64 * 1024;
        limits.handler_grace = std::time::Duration::ZERO;
    })
    .await?;
    let beside = Beside::begin(&stage).await?;
    let mut peer = stage.session("/hang").await?;
    for _ in 0..100 {
        if peer.emit(event::TimerFired::new("x".repeat(1024))).await.is_err() {
            break;
        }
    }
    assert_eq!(peer.closed().await?.code(), Some(1008));
    stage.said("dropped").await;
    beside.finish(&mut stage).await
}

#[tokio::test]
async fn a_peer_that_does_not_read() -> Test {
    let mut stage = Stage::open().await?;
    let beside = Beside::begin(&stage).await?;
    let mut peer = stage.session("/talk").await?;
    // Alone, and not read from: the workflow speaks until the socket and then the queue are full.
    let error = stage.failure().await;
    assert!(error.to_string().contains("bytes wait to be sent, which is the limit"), "{error}");

    // Once it reads again, everything comes, and the session can end.
    loop {
        match peer.next_asked("`terminate`").await? {
            relay_protocol::session::Asked::Terminate => break,
            _ => continue,
        }
    }
    peer.stop("normal".into()).await?;
    peer.closed().await?;
    beside.finish(&mut stage).await
}
