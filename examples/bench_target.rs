//! The server that `cargo xtask bench` loads: small workflows, written as anybody would write them.
//!
//! `cargo run --release --example bench_target -- --port 8080`

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::try_join_all;
use relay_runtime::prelude::*;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Says hello on the device that it was started for.
#[workflow]
async fn hello(cx: Context, start: Start) -> Result<()> {
    let device = start.source().ok_or_else(|| Error::msg("started for no device"))?;
    let device = cx.start_interaction(device, "hello").await?;
    device.say("Hello").await
}

/// One request after the other, as many as the variable `count` says.
#[workflow]
async fn rtt(cx: Context) -> Result<()> {
    for _ in 0..count(&cx).await? {
        cx.vars().get::<String>("x").await?;
    }
    Ok(())
}

/// A hundred requests at once, as many times as the variable `count` says.
#[workflow]
async fn fanout(cx: Context) -> Result<()> {
    for _ in 0..count(&cx).await? {
        try_join_all((0..100).map(|_| cx.vars().get::<String>("x"))).await?;
    }
    Ok(())
}

async fn count(cx: &Context) -> Result<u64> {
    Ok(cx.vars().get("count").await?.unwrap_or_default())
}

/// Waits for a timer; each time it fires, asks once.
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
        /// Port to listen on, on all addresses. Default: 8080.
        optional --port port: u16
        /// PEM file with the certificate chain. Without it, plain ws is served.
        optional --tls-cert certificate: PathBuf
        /// PEM file with the private key.
        optional --tls-key key: PathBuf
        /// Lets clients resume TLS sessions, which the server does not by itself.
        optional --tls-tickets
    };
    let mut server = Server::builder()
        .workflow(hello)
        .workflow(rtt)
        .workflow(fanout)
        .workflow(Idle::default)
        .bind(([0, 0, 0, 0], flags.port.unwrap_or(8080)));
    if let (Some(certificate), Some(key)) = (flags.tls_cert, flags.tls_key) {
        server = match flags.tls_tickets {
            false => server.tls_pem_files(certificate, key),
            true => server.tls_config(with_tickets(certificate, key)?),
        };
    }
    server.serve().await
}

/// A TLS configuration of one's own: that of rustls, with a ticket after each handshake.
fn with_tickets(certificate: PathBuf, key: PathBuf) -> Result<Arc<ServerConfig>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    config.ticketer = Ticketer::new()?;
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}
