//! What keeps a server from starting, and how it says so.

use relay_runtime::server::{Server, ServerError};
use tokio::net::TcpListener;

use crate::common::peer::dial;
use crate::common::serving::{Serving, workflow};

#[tokio::test]
async fn a_server_without_workflows_does_not_start() {
    let error = Server::builder().listen().await.unwrap_err();
    assert!(matches!(error, ServerError::NoWorkflow), "{error}");
}

#[tokio::test]
async fn two_workflows_on_one_path_are_both_named() {
    let builder = Server::builder().workflow(workflow("hello")).workflow_at("/hello/", workflow("greeting"));
    let error = builder.listen().await.unwrap_err();
    let text = "workflows `hello` and `greeting` both have the path `/hello`: move one with `workflow_at`";
    assert_eq!(error.to_string(), text);
}

#[tokio::test]
async fn a_url_or_a_query_is_not_a_path() {
    for path in ["wss://example.com/hello", "/hello?site=3", "/hello#top"] {
        let error = Server::builder().workflow_at(path, workflow("hello")).listen().await.unwrap_err();
        assert!(matches!(error, ServerError::NotAPath { .. }), "{error}");
        assert!(error.to_string().contains(path) && error.to_string().contains("`hello`"), "{error}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = taken.local_addr().unwrap();

    let error = Server::builder().workflow(workflow("hello")).bind(addr).listen().await.unwrap_err();

    assert_eq!(error.to_string(), format!("cannot listen on {addr}: address in use"));
}

#[tokio::test]
async fn a_socket_that_already_listens_can_be_served() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Serving::serve(Server::builder().workflow(workflow("hello")).listen_on(listener).unwrap());
    dial(server.addr, "/hello").await.unwrap();
}

#[tokio::test]
async fn a_restarted_server_takes_its_port_back_at_once() {
    let first = Serving::start(Server::builder().workflow(workflow("hello"))).await;
    let _session = dial(first.addr, "/hello").await.unwrap();
    first.handle.abort();
    first.handle.wait().await;

    let builder = Server::builder().workflow(workflow("hello")).bind(first.addr);
    let second = Serving::serve(builder.listen().await.unwrap());
    dial(second.addr, "/hello").await.unwrap();
}
