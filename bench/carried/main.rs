//! The `/idle` workflow of `examples/bench_target.rs`, with sessions that share their connections: for more of them than
//! a process may have sockets. All above the socket is as ever: TLS, upgrade, session.

#![allow(missing_docs)] // a program, not a library

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use carrier::Carrier;
use relay_runtime::prelude::*;
use relay_runtime::server::ServerHandle;
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Idle;

#[workflow]
impl Idle {
    #[trigger(any)]
    async fn begin(&self) {}

    #[on(timer)]
    async fn tick(&self, cx: Context) -> Result<()> {
        cx.vars().get::<String>("x").await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt::init();
    let flags = xflags::parse_or_exit! {
        /// Port to listen on, for connections that carry streams.
        required --port port: u16
        /// PEM file with the certificate chain. Without it, plain ws is served.
        optional --tls-cert certificate: PathBuf
        /// PEM file with the private key.
        optional --tls-key key: PathBuf
        /// Serves nothing, only holds the streams: what they take by themselves.
        optional --hold
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, flags.port)).await?;
    if flags.hold {
        loop {
            let (tcp, _) = listener.accept().await?;
            tokio::spawn(hold(tcp));
        }
    }
    let mut server = Server::builder().workflow(Idle::default).bind(([127, 0, 0, 1], 0));
    if let (Some(certificate), Some(key)) = (flags.tls_cert, flags.tls_key) {
        server = server.tls_pem_files(certificate, key);
    }
    let listening = server.listen().await?;
    let handle = listening.handle();
    tokio::spawn(async move {
        while let Ok((tcp, peer)) = listener.accept().await {
            tokio::spawn(carry(tcp, peer, handle.clone()));
        }
    });
    listening.serve().await
}

async fn carry(tcp: TcpStream, peer: SocketAddr, server: ServerHandle) {
    let mut carrier = Carrier::new(tcp);
    while let Some(stream) = carrier.accept().await
        && server.serve_connection(stream, Some(peer)).await
    {}
}

async fn hold(tcp: TcpStream) {
    let mut carrier = Carrier::new(tcp);
    let mut streams = Vec::new();
    while let Some(stream) = carrier.accept().await {
        streams.push(Box::new(stream));
    }
}
