//! The runner: what it consists of, how it begins and ends, and what people ask of it.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::gone::Gone;
use super::hand::Hands;
use super::hosts::Hosts;
use super::limits::{Limits, Slots};
use super::retry;
use crate::account::{self, Account, LiveInstance};
use crate::clock::{Awake, Clock};
use crate::dial::{Dialer, UriRules};
use crate::events::{Event, Hub, Kind};
use crate::model::{
    NodeId, Outcome, OutcomeKind, Retry, SubscriberId, TriggerFilter, TriggerId, TriggerRow, TriggerState,
};
use crate::schedule::Patience;
use crate::store::{Store, StoreError};
use crate::transcript::TranscriptConfig;

/// What the runner works with.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The truth.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where what happens is told.
    pub hub: Hub,
    /// How workflows are dialled.
    pub dialer: Dialer,
}

/// How the runner behaves.
#[derive(Debug, Clone)]
pub struct RunnerConfig {
    /// What this server is called in the store. Default: `local`.
    pub node: NodeId,
    /// How much may go on at once.
    pub limits: Limits,
    /// Which URIs may be dialled.
    pub uris: UriRules,
    /// Which times of timers are made up for that passed while the server was down. Default: the last 10 of an hour.
    pub catch_up: Patience,
    /// How the engines behave.
    pub engine: relay_engine::Config,
    /// Bytes that may wait to be written to one workflow, before its run is ended. Default: 4 MiB.
    pub max_outbound_bytes: usize,
    /// What is kept of instances.
    pub transcripts: TranscriptConfig,
    /// How long triggers are kept after their end, analytics, and the audit. Default: 30 days.
    pub keep: Duration,
}

impl Default for RunnerConfig {
    fn default() -> Self {
        Self {
            node: NodeId::from("local"),
            limits: Limits::default(),
            uris: UriRules::default(),
            catch_up: Patience::default(),
            engine: relay_engine::Config::default(),
            max_outbound_bytes: 4 << 20,
            transcripts: TranscriptConfig::default(),
            keep: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// Runs triggers and accounts. Clones are the same one.
#[derive(Clone)]
pub struct Runner(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) hub: Hub,
    pub(super) dialer: Dialer,
    pub(super) config: RunnerConfig,
    pub(super) accounts: RwLock<HashMap<SubscriberId, Account>>,
    pub(super) hosts: Hosts,
    pub(super) gone: Gone,
    pub(super) slots: Slots,
    pub(super) dials: Arc<Semaphore>,
    pub(super) hands: Hands,
    /// Triggers that wait in the store. Only a hint for when to look there, and a bound.
    pub(super) queued: AtomicUsize,
    /// Rings when there may be something to claim.
    pub(super) bell: Notify,
    /// Keeps a virtual clock from moving until the bell was heard.
    pub(super) rung: Mutex<Option<Awake>>,
    /// Rings when a timer was set.
    pub(super) timers: Notify,
    /// What outlives its caller and must be waited for at the end.
    pub(super) tasks: TaskTracker,
    pub(super) stopping: CancellationToken,
}

/// How much goes on and waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueStatus {
    /// Triggers that wait for their time or their turn.
    pub queued: usize,
    /// How many may.
    pub max_queued: usize,
    /// Triggers that are being started.
    pub starting: usize,
    /// Instances, those being started included.
    pub instances: usize,
    /// How many there may be.
    pub max_instances: usize,
    /// Hosts that are left alone for a while, because they failed again and again.
    pub open_breakers: Vec<String>,
}

impl Runner {
    /// Puts right what a crash has left, opens all accounts, and begins to run triggers and timers.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written.
    pub async fn start(parts: Parts, config: RunnerConfig) -> Result<Self, StoreError> {
        let Parts { store, clock, hub, dialer } = parts;
        let recovered = store.trigger_recover(&config.node, clock.wall()).await?;
        let queued = store.trigger_counts().await?.queued;
        let runner = Self(Arc::new(Inner {
            slots: Slots::new(config.limits),
            dials: Arc::new(Semaphore::new(config.limits.dials.min(Semaphore::MAX_PERMITS))),
            queued: AtomicUsize::new(usize::try_from(queued).unwrap_or(usize::MAX)),
            store,
            clock,
            hub,
            dialer,
            config,
            accounts: RwLock::default(),
            hosts: Hosts::default(),
            gone: Gone::default(),
            hands: Hands::default(),
            bell: Notify::new(),
            rung: Mutex::default(),
            timers: Notify::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }));
        for subscriber in runner.0.store.subscriber_list().await? {
            runner.open_account(&subscriber.id).await?;
        }
        for row in &recovered.lost {
            runner.publish(row, "ended", serde_json::json!({ "outcome": row.outcome }));
        }
        let (lost, requeued) = (recovered.lost.len(), recovered.requeued.len());
        if lost + requeued > 0 {
            tracing::warn!(lost, requeued, "the server was not shut down; its instances have ended with it");
        }
        runner.0.tasks.spawn(runner.clone().pump());
        runner.0.tasks.spawn(runner.clone().run_timers());
        runner.0.tasks.spawn(runner.clone().keep_house());
        Ok(runner)
    }

    /// An account that is open. All are that the store knew when the server started.
    pub fn account(&self, subscriber: &SubscriberId) -> Option<Account> {
        self.0.accounts.read().unwrap_or_else(PoisonError::into_inner).get(subscriber).cloned()
    }

    /// The account, if there is only one.
    pub(crate) fn only_account(&self) -> Option<SubscriberId> {
        let accounts = self.0.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.keys().next().filter(|_| accounts.len() == 1).cloned()
    }

    /// Opens an account that was made since the start, or finds it open.
    ///
    /// # Errors
    ///
    /// If its registry cannot be read.
    pub async fn open_account(&self, subscriber: &SubscriberId) -> Result<Account, StoreError> {
        if let Some(account) = self.account(subscriber) {
            return Ok(account);
        }
        let opened = account::open(subscriber.clone(), self.clone()).await?;
        let mut accounts = self.0.accounts.write().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have been quicker.
        let account = accounts.entry(subscriber.clone()).or_insert_with(|| opened.clone());
        if !account.is_same(&opened) {
            opened.close();
        }
        Ok(account.clone())
    }

    /// The instances that are not over, in no order.
    pub async fn live_instances(&self, subscriber: &SubscriberId) -> Vec<LiveInstance> {
        match self.account(subscriber) {
            Some(account) => account.run(|platform| platform.live()).await.unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Ends an instance, or a trigger that was not started yet. The workflow is told the reason. False if there is none,
    /// or it is over already.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written.
    pub async fn stop_instance(
        &self,
        subscriber: &SubscriberId,
        id: &TriggerId,
        reason: &str,
    ) -> Result<bool, StoreError> {
        if let Some(account) = self.account(subscriber) {
            let (id, reason) = (id.clone(), reason.to_owned());
            if account.run(move |platform| platform.stop(&id, &reason)).await == Ok(true) {
                return Ok(true);
            }
        }
        let row = self.0.store.trigger_get(id).await?;
        match row.filter(|row| row.subscriber == *subscriber) {
            Some(_) => self.end_waiting(id, Outcome::new(OutcomeKind::Stopped, reason)).await,
            None => Ok(false),
        }
    }

    /// Tries triggers again that failed without having been started; or says which they would be.
    ///
    /// # Errors
    ///
    /// If the store cannot be read or written.
    pub async fn retry(
        &self,
        subscriber: &SubscriberId,
        filter: &TriggerFilter,
        dry_run: bool,
    ) -> Result<Vec<TriggerRow>, StoreError> {
        let now = self.0.clock.wall();
        let retry = Retry { now, not_after: now + retry::DURABLE_LIFE, dry_run };
        let again = self.0.store.trigger_retry(subscriber, filter, retry).await?;
        if !dry_run {
            self.queue(again.len());
        }
        Ok(again)
    }

    /// How much goes on and waits.
    pub fn queue_status(&self) -> QueueStatus {
        QueueStatus {
            queued: self.0.queued.load(Ordering::Relaxed),
            max_queued: self.0.config.limits.queue,
            starting: self.0.hands.len(),
            instances: self.0.slots.instances(),
            max_instances: self.0.config.limits.instances,
            open_breakers: self.0.hosts.open(),
        }
    }

    /// To be called when the timer of a workflow was set, so that it is looked at.
    pub fn timer_changed(&self) {
        self.0.timers.notify_one();
    }

    /// Takes no more triggers, ends all instances with the reason `server_shutdown`, and waits until their workflows have
    /// closed and everything is written, `grace` at most. Triggers that were not started stay in the queue.
    pub async fn shutdown(&self, grace: Duration) {
        self.0.stopping.cancel();
        let accounts: Vec<Account> =
            self.0.accounts.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let ended = async {
            for account in &accounts {
                let _ = account.run(|platform| platform.stop_all("server_shutdown")).await;
            }
            while self.0.slots.instances() > 0 {
                self.0.slots.freed().await;
            }
        };
        let _ = tokio::time::timeout(grace, ended).await; // what is left ends with the process
        for account in &accounts {
            account.close();
        }
        self.0.tasks.close();
        let _ = tokio::time::timeout(grace, self.0.tasks.wait()).await;
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }

    pub(crate) fn config(&self) -> &RunnerConfig {
        &self.0.config
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(crate) fn gone(&self) -> &Gone {
        &self.0.gone
    }

    /// So many triggers have come to wait in the store.
    pub(super) fn queue(&self, more: usize) {
        if more > 0 {
            self.0.queued.fetch_add(more, Ordering::Relaxed);
            self.ring();
        }
    }

    /// There may be something to claim.
    pub(super) fn ring(&self) {
        *self.0.rung.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.0.clock.hold());
        self.0.bell.notify_one();
    }

    /// So many do not any more.
    pub(super) fn unqueue(&self, fewer: usize) {
        let less = |queued: usize| Some(queued.saturating_sub(fewer));
        let _ = self.0.queued.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// An instance that was not started is not wanted any more.
    pub(crate) fn withdraw(&self, id: TriggerId, outcome: Outcome) {
        if !self.0.hands.cancel(&id, &outcome) {
            let runner = self.clone();
            self.0.tasks.spawn(async move {
                if let Err(error) = runner.end_waiting(&id, outcome).await {
                    tracing::error!(trigger = %id, "a trigger that is not wanted cannot be ended: {error}");
                }
            });
        }
    }

    /// Ends a trigger that was not started yet. False if it was, or is over.
    async fn end_waiting(&self, id: &TriggerId, outcome: Outcome) -> Result<bool, StoreError> {
        // It may be claimed or put back in between; then look again.
        for _ in 0..10 {
            if self.0.hands.cancel(id, &outcome) {
                return Ok(true);
            }
            let Some(row) = self.0.store.trigger_get(id).await? else { return Ok(false) };
            if !matches!(row.state, TriggerState::Queued | TriggerState::Dialing) {
                return Ok(false);
            }
            match self.0.store.trigger_ended(id, row.epoch, self.0.clock.wall(), outcome.clone()).await {
                Ok(()) => {
                    self.unqueue(1);
                    self.publish(&row, "ended", serde_json::json!({ "outcome": outcome }));
                    return Ok(true);
                }
                Err(StoreError::Fenced(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    pub(super) fn publish(&self, row: &TriggerRow, what: &'static str, data: serde_json::Value) {
        let event = Event::new(Kind::Trigger, what, self.0.clock.wall().get(), row.subscriber.as_str())
            .instance(row.id.as_str())
            .workflow(row.workflow.as_str())
            .data(data);
        self.0.hub.publish(match &row.device {
            Some(device) => event.device(device.as_str()),
            None => event,
        });
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("status", &self.queue_status()).finish_non_exhaustive()
    }
}
