//! Servers to be dialled, most of them bad ones.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use relay_server::dial::{Destination, DialError, Dialer, DialerConfig, Link, Target, Trust, UriRules};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

pub(crate) type Test<T = ()> = Result<T, Box<dyn Error>>;

/// Long enough for a loaded machine; only what never answers waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Answers every connection with `answer`.
pub(crate) async fn serve<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> Test<SocketAddr>
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((tcp, _)) = listener.accept().await {
            tokio::spawn(answer(tcp));
        }
    });
    Ok(address)
}

/// As [`serve`], after the TLS handshake.
pub(crate) async fn serve_tls<F>(
    config: ServerConfig,
    answer: impl Fn(TlsStream<TcpStream>) -> F + Send + Sync + 'static,
) -> Test<SocketAddr>
where
    F: Future<Output = ()> + Send + 'static,
{
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let answer = Arc::new(answer);
    serve(move |tcp| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            if let Ok(tls) = acceptor.accept(tcp).await {
                answer(tls).await;
            }
        }
    })
    .await
}

pub(crate) fn target(uri: &str) -> Target {
    match Destination::parse(uri, UriRules { insecure_loopback: true }) {
        Ok(Destination::Workflow(target)) => target,
        other => panic!("{uri}: {other:?}"),
    }
}

pub(crate) async fn dial(uri: &str, trust: Trust, budget: Duration) -> Result<Link, DialError> {
    let mut config = DialerConfig::new(trust);
    config.timeout = PATIENCE;
    Ok(Dialer::new(config).dial(&target(uri), budget).await?.0)
}
