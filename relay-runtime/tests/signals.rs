//! Signals as the operating system sends them. Alone in its binary: a signal reaches the whole process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod common;

use std::process::Command;

use relay_runtime::server::{Phase, Server};

use common::peer::{dial, ending};
use common::serving::workflow;

#[tokio::test]
async fn each_signal_takes_the_shutdown_one_phase_further() {
    let builder = Server::builder().workflow(workflow("hello")).bind(([127, 0, 0, 1], 0));
    let listening = builder.listen().await.unwrap();
    let (addr, handle) = (listening.local_addr(), listening.handle());
    let server = tokio::spawn(listening.serve());
    let mut session = dial(addr, "/hello").await.unwrap();

    signal("TERM");
    handle.wait_for(Phase::Draining).await;
    assert_eq!(handle.sessions(), 1);

    signal("INT");
    handle.wait_for(Phase::Closing).await;
    assert_eq!(handle.sessions(), 1);

    signal("TERM");
    server.await.unwrap().unwrap();
    assert_eq!(handle.phase(), Phase::Stopped);
    ending(&mut session).await;
}

fn signal(name: &str) {
    let pid = std::process::id().to_string();
    assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
}
