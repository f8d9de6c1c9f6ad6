//! Putting a server together.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use tokio::net::TcpListener;

use super::admin::{Admin, AdminSettings, Answers};
use super::callers::Callers;
use super::connection::Service;
use super::paths::Paths;
use super::{Limits, Listening, ServerError, TlsError, Transcripts, env};
use crate::extract::States;
use crate::net::{ClientAuthority, Listener, TlsSource};
use crate::workflow::{IntoWorkflow, OnHandlerError, WorkflowEntry};

/// The start of every server.
#[derive(Debug)]
pub enum Server {}

impl Server {
    /// A server on `0.0.0.0:8080` without TLS and without workflows.
    pub fn builder() -> ServerBuilder {
        ServerBuilder {
            workflows: Vec::new(),
            state: States::default(),
            limits: Limits::default(),
            on_handler_error: OnHandlerError::default(),
            addr: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            tls: None,
            clients: None,
            secrets: Vec::new(),
            admin: AdminSettings::default(),
            transcripts: None,
        }
    }
}

/// A server before it listens. Made by [`Server::builder`]; mistakes are reported when it starts to listen.
#[must_use = "a builder does nothing until it is served"]
pub struct ServerBuilder {
    workflows: Vec<(String, WorkflowEntry)>,
    state: States,
    limits: Limits,
    on_handler_error: OnHandlerError,
    pub(super) addr: SocketAddr,
    tls: Option<TlsSource>,
    pub(super) clients: Option<ClientAuthority>,
    pub(super) secrets: Vec<String>,
    pub(super) admin: AdminSettings,
    pub(super) transcripts: Option<Transcripts>,
}

impl ServerBuilder {
    /// Serves a workflow under its own path.
    pub fn workflow<M>(self, workflow: impl IntoWorkflow<M>) -> Self {
        let workflow = workflow.into_workflow();
        let path = workflow.manifest().path.clone();
        self.add(path, workflow)
    }

    /// Serves a workflow under `path`, whatever its own path is. See [the module](super#paths) for what matches.
    pub fn workflow_at<M>(self, path: impl Into<String>, workflow: impl IntoWorkflow<M>) -> Self {
        self.add(path.into(), workflow.into_workflow())
    }

    /// Serves a workflow under `/`, for a URI without a path. It is not a fallback: other paths that nobody
    /// registered are still refused.
    pub fn default_workflow<M>(self, workflow: impl IntoWorkflow<M>) -> Self {
        self.add("/".into(), workflow.into_workflow())
    }

    fn add(mut self, path: String, workflow: WorkflowEntry) -> Self {
        self.workflows.push((path, workflow));
        self
    }

    /// Offers a value to the handlers of all workflows, which ask for it by its type. A second value of the same type
    /// replaces the first.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.state.insert(value);
        self
    }

    /// Replaces the [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What happens when a handler returns an error, for workflows that do not say so
    /// [themselves](WorkflowEntry::on_handler_error). Default: [`OnHandlerError::Stop`].
    pub fn on_handler_error(mut self, policy: OnHandlerError) -> Self {
        self.on_handler_error = policy;
        self
    }

    /// Listens on this address; port 0 takes a free port. Default: `0.0.0.0:8080`.
    pub fn bind(mut self, addr: impl Into<SocketAddr>) -> Self {
        self.addr = addr.into();
        self
    }

    /// Serves `wss` with a PEM certificate chain (the server's own certificate first) and its unencrypted PEM key.
    /// Relay verifies the chain, so intermediate certificates belong into the file.
    ///
    /// TLS 1.3 and 1.2 are spoken, without session resumption, which would cost each session memory.
    pub fn tls_pem_files(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some(TlsSource::Files { certificate: certificate.into(), key: key.into() });
        self
    }

    /// As [`tls_pem_files`](Self::tls_pem_files), with the contents of the files.
    pub fn tls_pem(mut self, certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.tls = Some(TlsSource::Bytes { certificate: certificate.into(), key: key.into() });
        self
    }

    /// Serves `wss` with a TLS configuration of your own, unchanged.
    pub fn tls_config(mut self, config: Arc<ServerConfig>) -> Self {
        self.tls = Some(TlsSource::Config(config));
        self
    }

    /// Serves plain `ws`, which is the default: for tests, and behind a proxy that terminates TLS. Relay itself
    /// dials `wss` only, of which a warning reminds.
    pub fn without_tls(mut self) -> Self {
        self.tls = None;
        self
    }

    /// Takes connections only from those who show a client certificate that one of the authorities in this PEM file has issued;
    /// others do not get past the TLS handshake. It says nothing of names: take an authority that issues certificates for
    /// your Relay server and nobody else, never a public one. Needs [`tls_pem_files`](Self::tls_pem_files), or
    /// [`tls_pem`](Self::tls_pem).
    pub fn require_client_certificate(mut self, authority: impl Into<PathBuf>) -> Self {
        self.clients = Some(ClientAuthority::File(authority.into()));
        self
    }

    /// As [`require_client_certificate`](Self::require_client_certificate), with the contents of the file.
    pub fn require_client_certificate_pem(mut self, authority: impl Into<Vec<u8>>) -> Self {
        self.clients = Some(ClientAuthority::Bytes(authority.into()));
        self
    }

    /// Takes sessions only from a Relay server that knows this secret, `whsec_…`, and signs its requests with it; others are
    /// refused with HTTP 401. More secrets may be added: any of them will do, for the time in which one replaces another.
    /// By default, whoever knows the URI can open a session.
    ///
    /// The Relay server of this project signs every request, and shows its secret by `relay-server secret show`; a proxy must
    /// pass the path on unchanged. Relay's own server signs nothing. The clocks of both may differ by
    /// [five minutes](relay_protocol::signature::TOLERANCE).
    pub fn require_signature(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Opens a second port for those who run the server: [health, metrics, manifests](super#admin). Off by default.
    ///
    /// It is plain HTTP: take a loopback address, such as `([127, 0, 0, 1], 9090)`, or a private one.
    pub fn admin(mut self, addr: impl Into<SocketAddr>) -> Self {
        self.admin.addr = Some(addr.into());
        self
    }

    /// Serves `/manifest` on the [admin](Self::admin) port to those who know this token. Without one the page is absent;
    /// an empty token counts as none.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.admin.token = Some(token.into()).filter(|token| !token.is_empty());
        self
    }

    /// Serves `/metrics` on the [admin](Self::admin) port, from the recorder of this handle.
    ///
    /// ```no_run
    /// # use relay_runtime::prelude::*;
    /// # async fn run<M>(hello: impl relay_runtime::workflow::IntoWorkflow<M>) -> relay_runtime::Result {
    /// let prometheus = relay_runtime::metrics::prometheus::install()?;
    /// Server::builder().workflow(hello).admin(([127, 0, 0, 1], 9090)).prometheus(prometheus).serve().await
    /// # }
    /// ```
    #[cfg(feature = "prometheus")]
    pub fn prometheus(mut self, handle: metrics_exporter_prometheus::PrometheusHandle) -> Self {
        self.admin.exporter = Some(Arc::new(handle));
        self
    }

    /// Writes sessions to files: all of them into a folder, or as [`Transcripts`] say. Off by default.
    pub fn transcripts(mut self, transcripts: impl Into<Transcripts>) -> Self {
        self.transcripts = Some(transcripts.into());
        self
    }

    /// Takes settings from the environment; they win over what was set before. An empty variable counts as not set.
    ///
    /// | variable | meaning |
    /// |---|---|
    /// | `PORT` | port to listen on |
    /// | `RELAY_BIND` | IP address to listen on |
    /// | `RELAY_TLS_CERT`, `RELAY_TLS_KEY` | PEM files, as in [`tls_pem_files`](Self::tls_pem_files); both or neither |
    /// | `RELAY_TLS_CLIENT_CA` | PEM file, as in [`require_client_certificate`](Self::require_client_certificate) |
    /// | `RELAY_SIGNING_SECRET` | one of these must [sign](Self::require_signature) each request; spaces between them |
    /// | `RELAY_ADMIN` | [admin](Self::admin) port, on 127.0.0.1; or an address with port, such as `10.0.0.5:9090` |
    /// | `RELAY_ADMIN_TOKEN` | [token](Self::admin_token) for `/manifest` |
    /// | `RELAY_TRANSCRIPTS` | a folder for [transcripts](Self::transcripts) |
    ///
    /// # Errors
    ///
    /// If a variable has a value that cannot be used, or only one of the TLS variables is set.
    pub fn from_env(self) -> Result<Self, ServerError> {
        env::apply(self, |name| std::env::var_os(name))
    }

    /// Listens and serves until Ctrl-C or SIGTERM, then [shuts down](super#shutdown).
    ///
    /// # Errors
    ///
    /// A [`ServerError`] if the server cannot start. A shutdown is no error, even if it had to abort sessions.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future aborts all sessions.
    pub async fn serve(self) -> crate::Result {
        self.listen().await?.serve().await
    }

    /// As [`serve`](Self::serve), but shuts down when `shutdown` completes, and ignores signals.
    pub async fn serve_with_shutdown(self, shutdown: impl Future<Output = ()>) -> crate::Result {
        self.listen().await?.serve_with_shutdown(shutdown).await;
        Ok(())
    }

    /// As [`serve`](Self::serve), on a socket that already listens: socket activation, or a port kept open across
    /// restarts.
    pub async fn serve_on(self, listener: TcpListener) -> crate::Result {
        self.listen_on(listener)?.serve().await
    }

    /// Loads the certificate and binds the address. Connections queue from now on and are answered as soon as the
    /// result is served.
    ///
    /// # Errors
    ///
    /// If the server cannot start.
    pub async fn listen(self) -> Result<Listening, ServerError> {
        let addr = self.addr;
        self.start(|| Listener::bind(addr))
    }

    /// As [`listen`](Self::listen), on a socket that already listens.
    ///
    /// # Errors
    ///
    /// If the server cannot start.
    pub fn listen_on(self, listener: TcpListener) -> Result<Listening, ServerError> {
        self.start(|| Ok(Listener::from(listener)))
    }

    /// Opens the port only once everything else is in order.
    fn start(self, open: impl FnOnce() -> io::Result<Listener>) -> Result<Listening, ServerError> {
        crate::metrics::describe();
        let paths = Paths::new(self.on_handler_error);
        for (path, workflow) in self.workflows {
            paths.insert(&path, workflow)?;
        }
        if paths.is_empty() {
            return Err(ServerError::NoWorkflow);
        }
        let callers = Callers::new(&self.secrets).map_err(ServerError::SigningSecret)?;
        let tls = match self.tls {
            Some(source) => Some(source.load(self.clients.as_ref())?),
            None if self.clients.is_some() => return Err(TlsError::ClientsWithoutTls.into()),
            None => None,
        };
        let (observer, transcripts) = match self.transcripts {
            Some(transcripts) => {
                let dir = transcripts.dir().to_owned();
                let (observer, writing) =
                    transcripts.start().map_err(|source| ServerError::Transcripts { dir, source })?;
                (Some(observer), Some(writing))
            }
            None => (None, None),
        };
        let service = Service::new(paths, tls, callers, self.limits, self.state, observer);
        let admin = match self.admin.addr {
            Some(addr) => {
                let answers = Answers::new(self.admin, service.lifecycle.clone(), service.paths.clone());
                Some(Admin::bind(addr, answers).map_err(|source| ServerError::Bind { addr, source })?)
            }
            None => None,
        };
        open()
            .and_then(|listener| Listening::new(listener, service, admin, transcripts))
            .map_err(|source| ServerError::Bind { addr: self.addr, source })
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let workflows: Vec<_> =
            self.workflows.iter().map(|(path, workflow)| (path, &workflow.manifest().name)).collect();
        f.debug_struct("ServerBuilder")
            .field("workflows", &workflows)
            .field("state", &self.state)
            .field("limits", &self.limits)
            .field("on_handler_error", &self.on_handler_error)
            .field("addr", &self.addr)
            .field("tls", &self.tls)
            .field("clients", &self.clients)
            .field("signers", &self.secrets.len())
            .field("admin", &self.admin)
            .field("transcripts", &self.transcripts)
            .finish()
    }
}
