//! What each story plays on: a server with all workflows, and what these report.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::error::Error;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use relay_runtime::server::{Limits, Listening, Server, ServerHandle};
use relay_runtime::{CloseReason, RequestError};
use relay_testkit::{Authority, Certificate, Device, DialError, Peer, Trust};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;

use crate::workflows;

pub(crate) type Test<T = ()> = Result<T, Box<dyn Error>>;

/// One for the whole binary: keys cost time.
pub(crate) static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::new("Relay test authority").unwrap());
static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| AUTHORITY.certificate().unwrap());

/// No story takes that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a workflow reports to its story.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    Said(String),
    Failed(RequestError),
    Closed(CloseReason),
}

/// How workflows report; they get it as state.
#[derive(Debug, Clone)]
pub(crate) struct Notes(UnboundedSender<Note>);

impl Notes {
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.note(Note::Said(text.into()));
    }

    /// What came of an action.
    pub(crate) fn result(&self, result: relay_runtime::Result<impl ToString>) {
        self.note(match result {
            Ok(value) => Note::Said(value.to_string()),
            Err(error) => match error.request() {
                Some(request) => Note::Failed(request.clone()),
                None => panic!("not the error of an action: {error}"),
            },
        });
    }

    pub(crate) fn note(&self, note: Note) {
        // Handlers may outlive the story.
        let _ = self.0.send(note);
    }
}

/// A server with all workflows, on a free port of 127.0.0.1, with a certificate of the test's authority.
pub(crate) struct Stage {
    pub(crate) addr: SocketAddr,
    pub(crate) handle: ServerHandle,
    pub(crate) server: JoinHandle<()>,
    notes: UnboundedReceiver<Note>,
    trust: Trust,
}

impl Stage {
    pub(crate) async fn open() -> Test<Self> {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Limits)) -> Test<Self> {
        Self::start(CERTIFICATE.clone(), change).await
    }

    pub(crate) async fn certified(certificate: Certificate) -> Test<Self> {
        Self::start(certificate, |_| {}).await
    }

    async fn start(certificate: Certificate, change: impl FnOnce(&mut Limits)) -> Test<Self> {
        let (sender, notes) = unbounded_channel();
        let mut limits = Limits::default();
        change(&mut limits);
        let listening: Listening = workflows::all(Server::builder())
            .state(Notes(sender))
            .limits(limits)
            .tls_pem(certificate.certificate, certificate.key)
            .bind(([127, 0, 0, 1], 0))
            .listen()
            .await?;
        let (addr, handle) = (listening.local_addr(), listening.handle());
        let server = tokio::spawn(listening.serve_with_shutdown(pending()));
        Ok(Self { addr, handle, server, notes, trust: AUTHORITY.trust()? })
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        format!("wss://{}{path}", self.addr)
    }

    pub(crate) async fn dial(&self, path: &str) -> Result<Peer, DialError> {
        Peer::dial(&self.uri(path), &self.trust).await
    }

    /// A session that has begun: somebody said "go" to Alice.
    pub(crate) async fn session(&self, path: &str) -> Test<Peer> {
        let mut peer = self.dial(path).await?;
        peer.start(alice().start("go")).await?;
        Ok(peer)
    }

    /// What a workflow reports next.
    pub(crate) async fn note(&mut self) -> Note {
        match timeout(PATIENCE, self.notes.recv()).await {
            Ok(Some(note)) => note,
            other => panic!("no workflow reported anything: {other:?}"),
        }
    }

    /// The next report, which must be an error.
    pub(crate) async fn failure(&mut self) -> RequestError {
        match self.note().await {
            Note::Failed(error) => error,
            other => panic!("expected a failure, got {other:?}"),
        }
    }

    /// The next report, which must be this text.
    pub(crate) async fn said(&mut self, text: &str) {
        assert_eq!(self.note().await, Note::Said(text.to_owned()));
    }

    /// Waits until no session runs any more.
    pub(crate) async fn empty(&self) {
        self.sessions(0).await;
    }

    /// Waits until this many sessions run.
    pub(crate) async fn sessions(&self, count: usize) {
        let reached = async {
            while self.handle.sessions() != count {
                yield_now().await;
            }
        };
        let now = timeout(PATIENCE, reached).await;
        now.unwrap_or_else(|_| panic!("{} sessions run instead of {count}", self.handle.sessions()));
    }
}

/// The device of most stories.
pub(crate) fn alice() -> Device {
    Device::named("Alice").unwrap()
}
