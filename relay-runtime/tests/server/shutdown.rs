//! Drain, close, abort.

use std::time::Duration;

use relay_runtime::server::{Limits, Phase, Server, ServerBuilder};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::common::peer::{dial, ending, exchange, upgrade_request};
use crate::common::serving::{Serving, workflow};

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn an_empty_server_stops_at_once() {
    let server = Serving::start(hello(LONG, LONG)).await;
    assert_eq!(server.handle.phase(), Phase::Serving);

    server.handle.shutdown();
    server.task.await.unwrap();

    assert_eq!(server.handle.phase(), Phase::Stopped);
}

#[tokio::test]
async fn draining_refuses_new_sessions_and_lets_the_running_ones_end() {
    let server = Serving::start(hello(LONG, LONG)).await;
    let mut running = dial(server.addr, "/hello").await.unwrap();

    server.handle.shutdown();

    let answer = exchange(server.addr, upgrade_request("/hello")).await;
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("\r\nConnection: close\r\n") && answer.contains("Retry-After"), "{answer}");
    assert_eq!((server.handle.phase(), server.handle.sessions()), (Phase::Draining, 1));

    running.close(None).await.unwrap();
    ending(&mut running).await;
    server.handle.wait().await;
    assert_eq!(server.handle.sessions(), 0);
}

#[tokio::test]
async fn sessions_that_outlast_the_drain_are_closed_with_1001() {
    let server = Serving::start(hello(Duration::from_millis(1), LONG)).await;
    let mut running = dial(server.addr, "/hello").await.unwrap();

    server.handle.shutdown();

    assert_eq!(ending(&mut running).await.unwrap().code, CloseCode::Away);
    server.handle.wait().await;
}

#[tokio::test]
async fn closing_skips_the_drain_and_shuts_the_port() {
    let server = Serving::start(hello(LONG, LONG)).await;
    let mut running = dial(server.addr, "/hello").await.unwrap();

    server.handle.close();

    // The close frame is sent before or after the port is shut, and nothing but trying tells when.
    while TcpStream::connect(server.addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!((server.handle.phase(), server.handle.sessions()), (Phase::Closing, 1));
    assert_eq!(ending(&mut running).await.unwrap().code, CloseCode::Away);
    server.task.await.unwrap();
}

#[tokio::test]
async fn a_peer_that_does_not_answer_the_close_is_aborted() {
    let server = Serving::start(hello(Duration::from_millis(1), Duration::from_millis(1))).await;
    let stubborn = dial(server.addr, "/hello").await.unwrap();

    server.handle.shutdown();
    server.task.await.unwrap();

    assert_eq!((server.handle.phase(), server.handle.sessions()), (Phase::Stopped, 0));
    drop(stubborn);
}

#[tokio::test]
async fn aborting_cuts_sessions_off_without_a_close_frame() {
    let server = Serving::start(hello(LONG, LONG)).await;
    let mut running = dial(server.addr, "/hello").await.unwrap();

    server.handle.abort();
    server.handle.wait().await;

    assert_eq!(ending(&mut running).await, None);
    assert_eq!(server.handle.sessions(), 0);
}

#[tokio::test]
async fn a_handshake_in_progress_does_not_hold_the_shutdown_up() {
    let server = Serving::start(hello(LONG, LONG)).await;
    let mut slow = TcpStream::connect(server.addr).await.unwrap();
    slow.write_all(b"GET /hello HTTP/1.1\r\n").await.unwrap();

    server.handle.shutdown();
    server.task.await.unwrap();

    let mut rest = Vec::new();
    let _ = slow.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn the_given_future_begins_the_shutdown() {
    let listening = hello(LONG, LONG).bind(([127, 0, 0, 1], 0)).listen().await.unwrap();
    let handle = listening.handle();

    listening.serve_with_shutdown(async {}).await;

    assert_eq!(handle.phase(), Phase::Stopped);
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = Serving::start(hello(LONG, LONG)).await;
    let mut running = dial(server.addr, "/hello").await.unwrap();

    server.task.abort();
    server.handle.wait().await;
    assert_eq!(ending(&mut running).await, None);

    let listening = hello(LONG, LONG).bind(([127, 0, 0, 1], 0)).listen().await.unwrap();
    let handle = listening.handle();
    drop(listening);
    handle.wait().await;
}

fn hello(drain: Duration, close: Duration) -> ServerBuilder {
    let mut limits = Limits::default();
    limits.drain_timeout = drain;
    limits.close_timeout = close;
    Server::builder().workflow(workflow("hello")).limits(limits)
}
