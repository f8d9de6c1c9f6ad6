//! From a listening socket to requests: how many connections, how long, how large.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::idle::Traffic;
use super::prefix;
use crate::config::LimitConfig;

/// hyper does not read with less.
const MIN_HEADERS: usize = 8 << 10;

/// Offers `router` until `stop`, then lets requests under way end. With `tls`, over TLS only.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: &LimitConfig,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let server = Server {
        tls,
        router,
        stop: stop.clone(),
        http: http(limits),
        patience: limits.header_timeout.0,
        idle: limits.idle_timeout.0,
    };
    let connections = TaskTracker::new();
    let accept = async {
        loop {
            // Who comes while all places are taken waits in the backlog of the system.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, from)) => {
                    let server = server.clone();
                    connections.spawn(async move {
                        server.connection(stream, from).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // Out of file descriptors, most likely: the next one would fail as well.
                    tracing::warn!(%error, "cannot accept connections");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    };
    stop.run_until_cancelled(accept).await;
    connections.close();
    connections.wait().await;
}

#[derive(Clone)]
struct Server {
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
    http: auto::Builder<TokioExecutor>,
    patience: Duration,
    idle: Duration,
}

fn http(limits: &LimitConfig) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    let headers = limits.headers.bytes().max(MIN_HEADERS);
    http.http1().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout.0).max_buf_size(headers);
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(headers).unwrap_or(u32::MAX))
        .max_concurrent_streams(128)
        .keep_alive_interval(Duration::from_secs(30));
    http
}

impl Server {
    async fn connection(self, stream: TcpStream, from: SocketAddr) {
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.requests(stream, from).await,
            Some(tls) => match tokio::time::timeout(self.patience, tls.accept(stream)).await {
                Ok(Ok(stream)) => self.requests(stream, from).await,
                Ok(Err(error)) => tracing::debug!(%from, %error, "no TLS"),
                Err(_) => tracing::debug!(%from, "no TLS in time"),
            },
        }
    }

    async fn requests(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, from: SocketAddr) {
        let traffic = Traffic::default();
        let (router, requests) = (self.router.clone(), traffic.clone());
        let service = service_fn(move |request: Request<Incoming>| {
            let under_way = requests.begin();
            let mut request = prefix::strip(request);
            request.extensions_mut().insert(ConnectInfo(from));
            let answer = router.clone().oneshot(request.map(Body::new));
            async move { Ok::<_, Infallible>(under_way.until_sent(answer.await?)) }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
            // The library has no such limit before it knows which HTTP is spoken, and none for HTTP/2.
            () = traffic.idle(self.idle) => {
                connection.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = connection => ended,
                    () = traffic.idle(self.patience) => Ok(()),
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%from, %error, "a connection ended badly");
        }
    }
}
