//! What somebody without a token can use up, hold on to, or learn.

use std::time::Duration;

use relay_server::config::{Config, Span};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::{Api, answer};

/// Only a server that does not do what it should waits for this.
const PATIENCE: Duration = Duration::from_secs(20);
const SOON: Span = Span(Duration::from_millis(200));

async fn connect(api: &Api) -> TcpStream {
    TcpStream::connect(api.server.local_addr()).await.unwrap()
}

/// What comes until the server closes.
async fn rest(mut tcp: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let read = async {
        let mut some = [0; 4096];
        while let Ok(1..) = tcp.read(&mut some).await.inspect(|read| all.extend(&some[..*read])) {}
    };
    assert!(tokio::time::timeout(PATIENCE, read).await.is_ok(), "the server holds on to the connection");
    all
}

fn impatient(config: &mut Config) {
    config.limits.header_timeout = SOON;
    config.limits.idle_timeout = SOON;
}

#[tokio::test]
async fn who_says_nothing_is_hung_up_on() {
    let api = Api::start_with(impatient).await;
    let http2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    for said in [&b""[..], b"PRI", b"GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ", http2] {
        let mut tcp = connect(&api).await;
        tcp.write_all(said).await.unwrap();
        rest(tcp).await;
    }
}

#[tokio::test]
async fn a_connection_without_requests_is_closed_and_one_with_a_stream_is_not() {
    let api = Api::start_with(impatient).await;
    let mut stream = api.request(Method::GET, "/v1/events").send().await.unwrap();
    let mut idle = connect(&api).await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(rest(idle).await.starts_with(b"HTTP/1.1 200"));
    api.device("990007560000001", "Alice").await;
    assert!(stream.chunk().await.unwrap().is_some(), "the stream goes on");
}

#[tokio::test]
async fn a_file_is_not_read_before_its_url_is_known() {
    let api = Api::start().await;
    let mut tcp = connect(&api).await;
    let head = "PUT /upload/S/9fQ1/relay_guess HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n\r\n";
    tcp.write_all(head.as_bytes()).await.unwrap();
    // Nothing of the file was sent yet.
    assert!(rest(tcp).await.starts_with(b"HTTP/1.1 403"));
}

#[tokio::test]
async fn forms_are_small() {
    let api = Api::start().await;
    for path in ["/oauth2/token", "/oauth2/authorization?redirect_uri=http://localhost/x"] {
        let form = format!("grant_type=refresh_token&refresh_token={}", "x".repeat(64 << 10));
        assert_eq!(answer(api.anonymous(Method::POST, path).body(form)).await.status, 413, "{path}");
    }
}

#[tokio::test]
async fn words_of_strangers_do_not_become_labels() {
    let api = Api::start().await;
    for word in ["GRAB", "CLUTCH"] {
        let method = Method::from_bytes(word.as_bytes()).unwrap();
        answer(api.anonymous(method, "/healthz")).await;
    }
    let metrics = api.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("relay_server_http_requests_total"), "{metrics}");
    assert!(!metrics.contains("GRAB") && !metrics.contains("CLUTCH"), "{metrics}");
}

#[tokio::test]
async fn a_page_of_another_origin_gets_nowhere() {
    let api = Api::start().await;
    let ask = |method| api.anonymous(method, "/v1/info").header("origin", "https://evil.example");
    let preflight = ask(Method::OPTIONS)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    for request in [preflight, ask(Method::GET).bearer_auth(api.server.token())] {
        let answer = request.send().await.unwrap();
        let cors = |name: &&str| name.starts_with("access-control-");
        assert_eq!(answer.headers().keys().map(|name| name.as_str()).find(cors), None);
    }
}

#[tokio::test]
async fn a_token_comes_in_its_header_only() {
    let api = Api::start().await;
    let token = api.server.token();
    // What a browser would send by itself, and what ends up in the logs of proxies.
    let cookie = api.anonymous(Method::GET, "/v1/info").header("cookie", format!("token={token}"));
    assert_eq!(answer(cookie).await.code(), (401, "invalid_token"));
    for name in ["token", "access_token", "api_key"] {
        let query = api.anonymous(Method::GET, &format!("/v1/info?{name}={token}"));
        assert_eq!(answer(query).await.code(), (401, "invalid_token"), "{name}");
    }
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let api = Api::start_with(|config| config.limits.request_timeout = SOON).await;
    let mut tcp = connect(&api).await;
    let head = "POST /oauth2/token HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\ngrant_type=";
    tcp.write_all(head.as_bytes()).await.unwrap();
    let answer = String::from_utf8(rest(tcp).await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("\"error\":\"timeout\""), "{answer}");
}
