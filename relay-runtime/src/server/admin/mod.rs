//! The admin listener: health, metrics and manifests on a port of their own.

mod answers;

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use tracing::{debug, info};

pub(super) use answers::Answers;

use crate::net::Listener;

/// Connections at once. Probes and scrapers are few; more wait in the kernel's queue.
const MAX_CONNECTIONS: usize = 32;

/// Time for one request and its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the exporter tidies up, in case nobody scrapes it.
const UPKEEP: Duration = Duration::from_secs(5);

/// Who knows the metrics as text.
pub(super) trait Exporter: Send + Sync {
    fn render(&self) -> String;
    fn upkeep(&self);
}

#[cfg(feature = "prometheus")]
impl Exporter for metrics_exporter_prometheus::PrometheusHandle {
    fn render(&self) -> String {
        Self::render(self)
    }

    fn upkeep(&self) {
        self.run_upkeep();
    }
}

/// What the builder knows of it.
#[derive(Default)]
pub(super) struct AdminSettings {
    /// `None`: there is no admin listener.
    pub(super) addr: Option<SocketAddr>,
    /// Not empty.
    pub(super) token: Option<String>,
    pub(super) exporter: Option<Arc<dyn Exporter>>,
}

/// Without the token.
impl fmt::Debug for AdminSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminSettings").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// The open admin port.
pub(super) struct Admin {
    listener: Listener,
    pub(super) addr: SocketAddr,
    answers: Arc<Answers>,
}

impl Admin {
    pub(super) fn bind(addr: SocketAddr, answers: Answers) -> io::Result<Self> {
        let listener = Listener::bind(addr)?;
        Ok(Self { addr: listener.local_addr()?, listener, answers: Arc::new(answers) })
    }

    /// Answers until the future is dropped.
    pub(super) async fn run(mut self) {
        info!("admin on http://{}", self.addr);
        let mut connections = JoinSet::new();
        let mut upkeep = interval(UPKEEP);
        loop {
            tokio::select! {
                (tcp, _peer) = self.listener.accept(), if connections.len() < MAX_CONNECTIONS => {
                    connections.spawn(serve(tcp, self.answers.clone()));
                }
                Some(_) = connections.join_next() => {}
                _ = upkeep.tick() => self.answers.upkeep(),
            }
        }
    }
}

/// One request a connection: there is no idle connection to keep an eye on.
async fn serve(tcp: TcpStream, answers: Arc<Answers>) {
    let service = service_fn(|request| ready(Ok::<_, Infallible>(answers.to(&request))));
    let connection = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(tcp), service);
    match timeout(TIMEOUT, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "an admin connection failed"),
        Err(_) => debug!("an admin connection was too slow"),
    }
}
