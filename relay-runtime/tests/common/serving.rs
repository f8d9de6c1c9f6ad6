//! A server in the background.

use std::future::pending;
use std::net::SocketAddr;

use relay_runtime::server::{Listening, ServerBuilder, ServerHandle};
use relay_runtime::workflow::Routes;
use tokio::task::JoinHandle;

/// The simplest workflow there is: without handlers, it stays until the peer goes.
pub(crate) fn workflow(name: &str) -> Routes<()> {
    Routes::new(name.trim_matches('/')).path(name)
}

/// A server that runs until its handle stops it or the test ends.
pub(crate) struct Serving {
    pub(crate) addr: SocketAddr,
    pub(crate) handle: ServerHandle,
    pub(crate) task: JoinHandle<()>,
}

impl Serving {
    /// On a free port of 127.0.0.1.
    pub(crate) async fn start(builder: ServerBuilder) -> Self {
        Self::serve(builder.bind(([127, 0, 0, 1], 0)).listen().await.unwrap())
    }

    pub(crate) fn serve(listening: Listening) -> Self {
        let (addr, handle) = (listening.local_addr(), listening.handle());
        Self { addr, handle, task: tokio::spawn(listening.serve_with_shutdown(pending())) }
    }
}
