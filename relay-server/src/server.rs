//! The whole server, put together from a configuration.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::{self, App, Codes, Uploads};
use crate::auth::{Gate, Secret};
use crate::clock::Clock;
use crate::config::{Addresses, Config, EngineMode};
use crate::dial::{
    AddressPolicy, Dialer, DialerConfig, Identity, IdentityError, Roots, Trust, TrustError, UriRules,
};
use crate::events::Hub;
use crate::model::{Subscriber, SubscriberId};
use crate::ops::Metrics;
use crate::registry::Registry;
use crate::schedule::Patience;
use crate::store::{Store, StoreError, StoreOptions};
use crate::transcript::TranscriptConfig;
use crate::trigger::{Limits, Parts, Runner, RunnerConfig};

/// The name of the database in the data directory.
pub const DATABASE: &str = "relay.db";
/// How long answers that are under way may take at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// The Relay server. [`Server::start`] is all there is to it; the [crate] shows a program.
#[derive(Debug)]
pub struct Server;

/// A server that runs. It stops at once when this is dropped; [`shutdown`](Self::shutdown) lets instances end.
#[derive(Debug)]
pub struct Running {
    addr: SocketAddr,
    metrics_addr: Option<SocketAddr>,
    encrypted: bool,
    token: Secret,
    grace: Duration,
    app: App,
    draining: CancellationToken,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Why the server did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// An address cannot be listened on.
    Listen {
        /// Which.
        addr: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The certificate of the API cannot be used.
    Tls {
        /// The file, or the first of two that do not go together.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The certificate for workflow servers that ask for one cannot be used.
    Identity(IdentityError),
    /// An authority for dialling cannot be used.
    Trust(TrustError),
    /// The database cannot be used.
    Store(StoreError),
    /// The system has no randomness to give.
    Random,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { addr, source } if source.kind() == io::ErrorKind::AddrInUse => {
                write!(f, "another program listens on {addr}: stop it, or choose another `listen`")
            }
            Self::Listen { addr, source } => write!(f, "cannot listen on {addr}: {source}"),
            Self::Tls { path, why } => write!(f, "cannot use {} for the API: {why}", path.display()),
            Self::Identity(error) => error.fmt(f),
            Self::Trust(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Random => f.write_str("the system has no randomness to give"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Listen { source, .. } => Some(source),
            Self::Identity(error) => Some(error),
            Self::Trust(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Server {
    /// Starts a server in this process. It answers when this returns.
    ///
    /// A new database gets an account, so that there is something to begin with.
    ///
    /// # Errors
    ///
    /// [`StartError`]: nothing runs.
    pub async fn start(config: Config) -> Result<Running, StartError> {
        let tls = config.tls.cert.clone().zip(config.tls.key.clone()).map(acceptor).transpose()?;
        let client = config.dial.client_cert.as_deref().zip(config.dial.client_key.as_deref());
        let identity = client.map(|(cert, key)| Identity::load(cert, key)).transpose();
        let identity = identity.map_err(StartError::Identity)?;
        // Before anything is written: what is most likely to fail.
        let (listener, addr) = listen(config.listen).await?;
        let metrics = match config.metrics.listen {
            Some(addr) => Some(listen(addr).await?),
            None => None,
        };
        if config.dial.allow_insecure_loopback {
            tracing::warn!(
                "workflows on this machine are dialled without encryption, as --allow-insecure-loopback says"
            );
        }
        let extra = config.dial.extra_ca.clone();
        let trust = tokio::task::spawn_blocking(move || Trust::load(Roots::System, &extra));
        let store = Store::open(StoreOptions::new(config.data_dir.join(DATABASE))).await?;
        let trust = trust.await.map_err(|_| StartError::Random)?.map_err(StartError::Trust)?;
        let clock =
            if config.clock.is_virtual { Clock::virtual_at(Clock::real().wall()) } else { Clock::real() };
        if store.subscriber_list().await?.is_empty() {
            store.subscriber_create(&Subscriber::new(uuid::Uuid::now_v7().to_string())).await?;
        }

        let config = Arc::new(config);
        let boot = u64::try_from(Clock::real().wall().get()).unwrap_or_default();
        let hub = Hub::new(boot, config.events.keep, config.events.max_memory.bytes());
        let mut dialer = DialerConfig::new(trust);
        dialer.timeout = config.dial.timeout.0;
        dialer.identity = identity;
        dialer.addresses = match config.dial.addresses {
            Addresses::Any => AddressPolicy::Any,
            Addresses::Public => AddressPolicy::Public { besides: config.dial.networks.clone() },
        };
        let parts = Parts {
            store: store.clone(),
            clock: clock.clone(),
            hub: hub.clone(),
            dialer: Dialer::new(dialer),
        };
        let runner = Runner::start(parts, runner_config(&config)).await?;

        let token = Secret::generate().map_err(|_| StartError::Random)?;
        let (draining, stop, tasks) =
            (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let app = App::new(api::Parts {
            registry: Registry::new(runner.clone()),
            gate: Gate::new(store.clone(), &token, config.limits.auth_failures),
            streams: Arc::new(Semaphore::new(config.events.max_streams)),
            metrics: Metrics::install(),
            codes: Codes::default(),
            uploads: Uploads::default(),
            draining: draining.clone(),
            stop: stop.clone(),
            config: Arc::clone(&config),
            store,
            runner,
            hub,
            clock,
        });
        let encrypted = tls.is_some();
        tasks.spawn(serve(listener, tls, api::router(app.clone()), &config, &stop));
        let metrics_addr = metrics.map(|(listener, addr)| {
            tasks.spawn(serve(listener, None, api::metrics_router(app.clone()), &config, &stop));
            addr
        });
        tasks.close();
        let grace = config.shutdown_grace.0;
        Ok(Running { addr, metrics_addr, encrypted, token, grace, app, draining, stop, tasks })
    }
}

impl Running {
    /// Where the API is offered.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where metrics are offered without a token, if anywhere.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_addr
    }

    /// The URL of the API, for this machine.
    pub fn url(&self) -> String {
        let scheme = if self.encrypted { "https" } else { "http" };
        let mut addr = self.addr;
        if addr.ip().is_unspecified() {
            addr.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        format!("{scheme}://{addr}")
    }

    /// A token for everything, of this process: it is not stored, and ends with it.
    pub fn token(&self) -> &str {
        self.token.reveal()
    }

    /// The accounts.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the store cannot be read.
    pub async fn subscribers(&self) -> Result<Vec<SubscriberId>, StoreError> {
        Ok(self.app.store().subscriber_list().await?.into_iter().map(|subscriber| subscriber.id).collect())
    }

    /// The stream of events, to watch it and to add to it what belongs there.
    pub fn events(&self) -> &Hub {
        self.app.hub()
    }

    /// Stops the server: takes no more triggers, tells all instances to end and waits for them as long as
    /// `shutdown_grace` says, answers the requests under way, and closes the store.
    pub async fn shutdown(self) {
        self.draining.cancel();
        self.app.runner().shutdown(self.grace).await;
        // Only now, so that whoever watches has seen all of it.
        self.stop.cancel();
        if tokio::time::timeout(LAST_ANSWERS, self.tasks.wait()).await.is_err() {
            tracing::warn!("some clients did not take their answers in time");
        }
        self.app.store().close().await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.draining.cancel();
        self.stop.cancel();
    }
}

fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: axum::Router,
    config: &Arc<Config>,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + Send + 'static {
    let (config, stop) = (Arc::clone(config), stop.clone());
    async move { api::serve(listener, tls, router, &config.limits, stop).await }
}

async fn listen(addr: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    Ok((listener, addr))
}

fn acceptor((cert, key): (PathBuf, PathBuf)) -> Result<TlsAcceptor, StartError> {
    let failed = |path: &PathBuf, why: String| StartError::Tls { path: path.clone(), why };
    let chain = CertificateDer::pem_file_iter(&cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| failed(&cert, error.to_string()))?;
    let private = PrivateKeyDer::from_pem_file(&key).map_err(|error| failed(&key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private));
    let mut config = config.map_err(|error| failed(&cert, error.to_string()))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn runner_config(config: &Config) -> RunnerConfig {
    let mut engine = relay_engine::Config::default();
    engine.mode = match config.devices.mode {
        EngineMode::Compatible => relay_engine::Mode::Compatible,
        EngineMode::Strict => relay_engine::Mode::Strict,
    };
    engine.speaking_rate = config.devices.speaking_rate;
    engine.home_channel_timeout = config.devices.home_channel_timeout.map(|span| span.0);
    let (triggers, transcripts) = (&config.triggers, &config.transcripts);
    RunnerConfig {
        limits: Limits {
            instances: triggers.max_instances,
            instances_per_workflow: triggers.max_instances_per_workflow,
            dials: config.dial.max_in_flight,
            queue: triggers.max_queued,
        },
        uris: UriRules { insecure_loopback: config.dial.allow_insecure_loopback },
        catch_up: Patience { window: triggers.catch_up.0, most: triggers.max_catch_up },
        engine,
        transcripts: TranscriptConfig {
            keep: transcripts.enabled,
            redact: transcripts.redact,
            max_instance_bytes: transcripts.max_per_instance.bytes(),
            max_bytes: transcripts.max_total.0,
            max_age: transcripts.keep.0,
        },
        keep: triggers.keep.0,
        ..RunnerConfig::default()
    }
}
