//! What a session costs without any SDK: the workflows of `examples/bench_target.rs` by hand, straight on
//! tokio-tungstenite. Nothing is checked, nothing times out, nothing is logged.

#![allow(missing_docs, unreachable_pub, clippy::print_stderr)] // a program, not a library

mod peer;
mod workflows;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{Ticketer, default_provider};
use rustls::server::NoServerSessionStorage;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use socket2::{Domain, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::either::Either;

use peer::{Peer, Stream};

#[tokio::main]
async fn main() -> Result<()> {
    let flags = xflags::parse_or_exit! {
        /// Port to listen on.
        required --port port: u16
        /// PEM file with the certificate chain. Without it, plain ws is served.
        optional --tls-cert certificate: PathBuf
        /// PEM file with the private key.
        optional --tls-key key: PathBuf
        /// Lets clients resume TLS sessions.
        optional --tls-tickets
    };
    let tls = match (flags.tls_cert, flags.tls_key) {
        (Some(certificate), Some(key)) => Some(tls(certificate, key, flags.tls_tickets)?),
        _ => None,
    };
    let listener = listen(flags.port)?;
    loop {
        let (tcp, _) = listener.accept().await?;
        tokio::spawn(connection(tcp, tls.clone()));
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)).into())?;
    socket.listen(4096)?;
    Ok(TcpListener::from_std(socket.into())?)
}

fn tls(certificate: PathBuf, key: PathBuf, tickets: bool) -> Result<TlsAcceptor> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
    config.send_tls13_tickets = tickets.into();
    config.session_storage = Arc::new(NoServerSessionStorage {});
    if tickets {
        config.ticketer = Ticketer::new()?;
    }
    Ok(Arc::new(config).into())
}

async fn connection(tcp: TcpStream, tls: Option<TlsAcceptor>) {
    // Boxed one after the other, or the task would keep room for the handshake as long as the session lives.
    let Ok((mut peer, path)) = Box::pin(handshake(tcp, tls)).await else { return };
    let session = Box::pin(async {
        match &*path {
            "/hello" => workflows::hello(&mut peer).await,
            "/rtt" => workflows::rtt(&mut peer).await,
            "/fanout" => workflows::fanout(&mut peer).await,
            _ => workflows::idle(&mut peer).await,
        }
    });
    // A peer that drops is part of the game.
    let _ = session.await;
}

async fn handshake(tcp: TcpStream, tls: Option<TlsAcceptor>) -> Result<(Peer, String)> {
    tcp.set_nodelay(true)?;
    let stream: Stream = match tls {
        Some(tls) => Either::Right(Box::new(tls.accept(tcp).await?)),
        None => Either::Left(tcp),
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(1024)
        .write_buffer_size(1024)
        .max_write_buffer_size(1 << 20);
    let mut path = None;
    #[allow(clippy::result_large_err)] // tungstenite's choice
    let note = |request: &Request, response: Response| {
        path = Some(request.uri().path().to_owned());
        Ok(response)
    };
    let socket = accept_hdr_async_with_config(stream, note, Some(config)).await?;
    Ok((Peer::new(socket), path.context("no path")?))
}
