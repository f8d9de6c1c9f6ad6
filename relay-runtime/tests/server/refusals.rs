//! Requests that are answered, but not with a session.

use relay_runtime::server::Server;
use tokio::io::AsyncWriteExt;

use crate::common::certs::{Ca, ca_and_leaf};
use crate::common::peer::{connect_tls, dial, dial_tls, exchange, read_to_close, upgrade_request};
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn each_wrong_request_is_told_what_is_wrong() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let good = upgrade_request("/hello");
    let padding = "x".repeat(9000);
    let many = "A: b\r\n".repeat(200);

    for (request, status, hint) in [
        ("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n".to_owned(), "426 ", "Relay workflow server"),
        (good.replace("Connection: Upgrade\r\n", ""), "426 ", "behind a proxy"),
        (good.replace("Version: 13", "Version: 8"), "426 ", "version 13"),
        (good.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), "400 ", "Sec-WebSocket-Key"),
        (good.replace("GET", "POST"), "405 ", "only GET"),
        (good.replace("GET", "HEAD"), "405 ", "Allow: GET"),
        (good.replace("HTTP/1.1", "HTTP/1.0"), "400 ", "HTTP/1.1"),
        (good.replace("/hello", "hello there"), "400 ", "HTTP/1.1"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), "400 ", "HTTP/1.1"),
        ("\0\u{1}\u{2} garbage \u{fffd}\r\n".to_owned(), "400 ", "HTTP/1.1"),
        (good.replace("Host: localhost", &format!("X: {padding}")), "431 ", "too large"),
        (good.replace("Host: localhost\r\n", &many), "431 ", "too large"),
    ] {
        let answer = exchange(server.addr, &request).await;
        let request = &request[..request.len().min(60)];
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{request:?} was answered with {answer}");
        assert!(answer.contains(hint), "{request:?} was answered with {answer}");
        assert!(answer.contains("\r\nServer: relay-rust/"), "{answer}");
    }
    assert_eq!(server.handle.sessions(), 0);
    dial(server.addr, "/hello").await.expect("the server goes on");
}

#[tokio::test]
async fn an_unknown_path_is_named_and_the_known_ones_are_not() {
    let builder = Server::builder().workflow(workflow("hello")).workflow(workflow("secret"));
    let server = Serving::start(builder).await;

    let answer = exchange(server.addr, upgrade_request("/helo?key=value")).await;

    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    assert!(answer.contains("`/helo`") && answer.contains("wss:// URI"), "{answer}");
    assert!(!answer.contains("secret") && !answer.contains("key=value"), "{answer}");
}

#[tokio::test]
async fn the_answer_to_head_has_no_body() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let answer = exchange(server.addr, "HEAD / HTTP/1.1\r\n\r\n").await;
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_long_path_is_not_repeated_in_full() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let answer = exchange(server.addr, upgrade_request(&format!("/{}", "a".repeat(4000)))).await;
    assert!(answer.starts_with("HTTP/1.1 404 ") && answer.len() < 800, "{answer}");
}

#[tokio::test]
async fn refusals_reach_the_peer_through_tls_too() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    let mut stream = connect_tls(server.addr, ca.client()).await.unwrap();
    stream.write_all(upgrade_request("/other").as_bytes()).await.unwrap();

    let answer = read_to_close(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_answered_in_plain_words() {
    let (ca, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    let answer = exchange(server.addr, upgrade_request("/hello")).await;

    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("dial wss://"), "{answer}");
    dial_tls(server.addr, "/hello", ca.client()).await.expect("the server goes on");
}

#[tokio::test]
async fn tls_on_the_plain_port_is_closed_at_once() {
    let server = Serving::start(Server::builder().workflow(workflow("hello"))).await;

    connect_tls(server.addr, Ca::new().client()).await.expect_err("there is no TLS here");

    dial(server.addr, "/hello").await.expect("the server goes on");
}

#[tokio::test]
async fn bytes_that_are_neither_tls_nor_http_end_the_connection() {
    let (_, leaf) = ca_and_leaf();
    let builder = Server::builder().workflow(workflow("hello")).tls_pem(leaf.certificate, leaf.key);
    let server = Serving::start(builder).await;

    let answer = exchange(server.addr, b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08").await;

    assert!(!answer.contains("HTTP"), "{answer}");
}
