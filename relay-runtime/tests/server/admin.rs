//! The port for those who run the server.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use relay_runtime::server::{Limits, Server, ServerBuilder, ServerError, ServerHandle};
use tokio::net::TcpListener;

use crate::common::peer::{dial, exchange};
use crate::common::serving::workflow;

/// A server with an admin port, both on free ports of 127.0.0.1.
struct Served {
    addr: SocketAddr,
    admin: SocketAddr,
    handle: ServerHandle,
}

async fn serve(builder: ServerBuilder) -> Served {
    let local = ([127, 0, 0, 1], 0);
    let listening = builder.workflow(workflow("hello")).bind(local).admin(local).listen().await.unwrap();
    let served = Served {
        addr: listening.local_addr(),
        admin: listening.admin_addr().unwrap(),
        handle: listening.handle(),
    };
    tokio::spawn(listening.serve_with_shutdown(pending()));
    served
}

/// The whole answer, head and body.
async fn get(addr: SocketAddr, path: &str, headers: &str) -> String {
    exchange(addr, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")).await
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[tokio::test]
async fn there_is_none_unless_it_is_asked_for() {
    let builder = Server::builder().workflow(workflow("hello")).bind(([127, 0, 0, 1], 0));
    assert_eq!(builder.listen().await.unwrap().admin_addr(), None);
}

#[tokio::test]
async fn a_draining_server_is_healthy_but_not_ready() {
    let mut limits = Limits::default();
    limits.drain_timeout = Duration::from_secs(3600);
    let server = serve(Server::builder().limits(limits)).await;
    let _running = dial(server.addr, "/hello").await.unwrap();
    assert_eq!(status(&get(server.admin, "/healthz", "").await), "200");
    assert_eq!(status(&get(server.admin, "/readyz", "").await), "200");

    server.handle.shutdown();

    assert_eq!(status(&get(server.admin, "/healthz", "").await), "200");
    assert_eq!(status(&get(server.admin, "/readyz", "").await), "503");
}

#[tokio::test]
async fn manifests_are_for_those_who_know_the_token() {
    let builder = Server::builder().workflow_at("/front/desk", workflow("reception"));
    let server = serve(builder.admin_token("open sesame")).await;

    for headers in [
        "",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer open sesam\r\n",
        "Authorization: Bearer open sesame!\r\n",
        "Authorization: Bearer Open sesame\r\n",
        "Authorization: Basic open sesame\r\n",
        "Authorization: open sesame\r\n",
    ] {
        let answer = get(server.admin, "/manifest", headers).await;
        assert_eq!(status(&answer), "401", "{headers}");
        assert!(answer.to_lowercase().contains("\r\nwww-authenticate: bearer\r\n"), "{answer}");
        assert!(!answer.contains("reception"), "{answer}");
    }

    let answer = get(server.admin, "/manifest", "Authorization: bearer open sesame\r\n").await;
    assert_eq!(status(&answer), "200");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let manifest: serde_json::Value = serde_json::from_str(body).unwrap();
    let named = |at: usize, key: &str| manifest["workflows"][at][key].as_str().unwrap().to_owned();
    assert_eq!((named(0, "name"), named(0, "path")), ("reception".into(), "/front/desk".into()));
    assert_eq!((named(1, "name"), named(1, "path")), ("hello".into(), "/hello".into()));
}

#[tokio::test]
async fn what_was_not_set_up_is_absent() {
    let server = serve(Server::builder().admin_token("")).await;
    for path in ["/manifest", "/metrics", "/", "/hello"] {
        let answer = get(server.admin, path, "Authorization: Bearer \r\n").await;
        assert_eq!(status(&answer), "404", "{path}");
    }
    let answer = exchange(server.admin, "POST /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert_eq!(status(&answer), "405");
    let answer = get(server.addr, "/healthz", "").await;
    assert_eq!(status(&answer), "426", "the port of the workflows knows nothing of it");
}

#[tokio::test]
async fn a_port_that_is_taken_keeps_the_server_from_starting() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = taken.local_addr().unwrap();
    let builder = Server::builder().workflow(workflow("hello")).bind(([127, 0, 0, 1], 0)).admin(addr);
    match builder.listen().await.unwrap_err() {
        ServerError::Bind { addr: named, .. } => assert_eq!(named, addr),
        other => panic!("{other}"),
    }
}

#[cfg(feature = "prometheus")]
#[tokio::test]
async fn metrics_are_served_as_prometheus_wants_them() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server = serve(Server::builder().prometheus(recorder.handle())).await;
    let _running = dial(server.addr, "/hello").await.unwrap();
    while server.handle.sessions() == 0 {
        tokio::task::yield_now().await;
    }

    let answer = get(server.admin, "/metrics", "").await;

    assert!(answer.contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{answer}");
    assert!(answer.contains("# TYPE relay_sessions_live gauge"), "{answer}");
    assert!(answer.contains("relay_sessions_live{workflow=\"hello\"} 1"), "{answer}");
}
