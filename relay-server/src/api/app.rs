//! What handlers have to do with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::error::{ApiError, ApiResult};
use super::oauth::Codes;
use super::uploads::Uploads;
use crate::account::Account;
use crate::auth::{Caller, Gate};
use crate::clock::Clock;
use crate::config::Config;
use crate::events::Hub;
use crate::model::{SubscriberId, UnixMs};
use crate::ops::Metrics;
use crate::registry::Registry;
use crate::store::Store;
use crate::trigger::Runner;

/// The parts of the server that handlers have to do with. Clones are the same.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Store,
    pub(crate) registry: Registry,
    pub(crate) runner: Runner,
    pub(crate) hub: Hub,
    pub(crate) clock: Clock,
    pub(crate) gate: Gate,
    pub(crate) metrics: Metrics,
    /// The server takes nothing new.
    pub(crate) draining: CancellationToken,
    /// The server stops: streams end.
    pub(crate) stop: CancellationToken,
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) codes: Codes,
    pub(crate) uploads: Uploads,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn runner(&self) -> &Runner {
        &self.0.runner
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn codes(&self) -> &Codes {
        &self.0.codes
    }

    pub(crate) fn draining(&self) -> &CancellationToken {
        &self.0.draining
    }

    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// A place for a stream, to be held while it is open.
    pub(crate) fn stream_place(&self) -> ApiResult<OwnedSemaphorePermit> {
        Arc::clone(&self.0.streams).try_acquire_owned().map_err(|_| {
            let why = "too many streams are open: see `events.max_streams`";
            ApiError::too_many("too_many_streams", why, Duration::from_secs(15))
        })
    }

    /// Ends when a stream has to: the server stops, or the token that it was opened with is no longer good.
    pub(crate) async fn stream_end(self, caller: Caller) {
        let void = self.gate().until_void(&caller, || self.now());
        self.stop().run_until_cancelled(void).await;
    }

    /// The time of day.
    pub(crate) fn now(&self) -> UnixMs {
        self.0.clock.wall()
    }

    /// An account that exists.
    pub(crate) fn account(&self, subscriber: &SubscriberId) -> ApiResult<Account> {
        let gone = || ApiError::not_found("account", subscriber);
        self.0.runner.account(subscriber).ok_or_else(gone)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
