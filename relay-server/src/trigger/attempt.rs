//! One attempt to start a trigger.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;

use super::gone::Turn;
use super::hand::Try;
use super::limits::Slot;
use super::runner::Runner;
use super::wire;
use crate::account::{Account, NotAttached};
use crate::auth;
use crate::dial::{Destination, DialError, Link, Target, Verdict};
use crate::model::{Class, Outcome, OutcomeKind, Stage, TriggerRow, UnixMs, Workflow, WorkflowId};
use crate::store::StoreError;

/// How an attempt ended.
pub(super) enum End {
    /// The start frame leaves.
    Started,
    /// It failed; there may be another one.
    Failed(Trouble),
    /// The trigger has ended without a run.
    Over(Outcome),
    /// The server stops: somebody else will start it, later.
    PutBack,
}

/// Why an attempt failed.
pub(super) struct Trouble {
    pub(super) stage: Stage,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) http_status: Option<u16>,
    pub(super) retry_after: Option<Duration>,
    /// Trying again would not help.
    pub(super) last: bool,
}

impl Trouble {
    fn before(code: &'static str, message: impl Into<String>) -> Self {
        let (http_status, retry_after) = (None, None);
        Self { stage: Stage::Before, code, message: message.into(), http_status, retry_after, last: false }
    }
}

/// What an instance needs to be started: its place, and leave to dial.
pub(super) type Means = (Slot, OwnedSemaphorePermit);

impl Runner {
    /// What is needed to start a trigger of this workflow, if there is enough of it.
    pub(super) fn means(&self, workflow: &WorkflowId) -> Option<Means> {
        let permit = Arc::clone(&self.0.dials).try_acquire_owned().ok()?;
        Some((self.0.slots.take(workflow)?, permit))
    }

    /// Begins an attempt for a trigger that this node holds.
    pub(super) fn begin(&self, row: TriggerRow, slot: Slot, permit: OwnedSemaphorePermit) {
        let runner = self.clone();
        let hand = self.0.hands.take(&row);
        let awake = self.0.clock.hold();
        self.0.tasks.spawn(async move {
            let began_at = runner.0.clock.wall();
            let end = runner.attempt(&row, slot, &hand).await;
            drop(permit);
            runner.conclude(&row, began_at, end).await;
            runner.0.hands.put_down(&row);
            // Somebody may have changed their mind too late for the attempt.
            if let Some(outcome) = hand.outcome() {
                let _ = runner.stop_instance(&row.subscriber, &row.id, &outcome.reason).await;
            }
            // The next of its lane may go.
            if row.device.is_some() && runner.0.queued.load(std::sync::atomic::Ordering::Relaxed) > 0 {
                runner.ring();
            }
            drop(awake);
        });
    }

    async fn attempt(&self, row: &TriggerRow, slot: Slot, hand: &Try) -> End {
        let now = self.0.clock.wall();
        if now >= row.not_after {
            return End::Over(Outcome::new(OutcomeKind::Expired, "it could not be started in time"));
        }
        let Some(account) = self.account(&row.subscriber) else {
            return End::Over(not_started("its account is not there any more"));
        };
        let workflow = row.workflow.clone();
        let Ok(uri) = account.run(move |platform| platform.uri(&workflow)).await else { return End::PutBack };
        let Some(uri) = uri else {
            return End::Over(not_started("its workflow is not registered any more"));
        };
        let target = match Destination::parse(&uri, self.0.config.uris) {
            Ok(Destination::Workflow(target)) => match auth::signing(&self.0.store, &row.subscriber).await {
                Ok(signing) => target.for_instance(row.id.as_str()).signed_by(signing.secrets(now)),
                Err(error) => return End::Failed(Trouble::before("signing", error.to_string())),
            },
            Ok(Destination::Broadcast) => return self.broadcast(&account, row).await,
            Err(error) => {
                return End::Failed(Trouble { last: true, ..Trouble::before("uri", error.to_string()) });
            }
        };
        let link = tokio::select! {
            biased;
            outcome = hand.cancelled() => return End::Over(outcome),
            () = self.0.stopping.cancelled() => return End::PutBack,
            dialed = self.dial(row, &target, now) => match dialed {
                Ok(link) => link,
                Err(trouble) => return End::Failed(trouble),
            },
        };
        match self.record_start(row).await {
            Ok(()) => self.attach(&account, row, link, slot, hand).await,
            Err(end) => end,
        }
    }

    /// Writes down that it starts. From then on it is never started again.
    pub(super) async fn record_start(&self, row: &TriggerRow) -> Result<(), End> {
        let recorded = self.0.store.trigger_started(&row.id, row.epoch, self.0.clock.wall()).await;
        recorded.map_err(|error| match error {
            StoreError::Fenced(_) => End::Started, // by whomever has it now
            // Nothing has left, so it may be tried again; but not while somebody stands there and waits for the disk.
            error => End::Failed(Trouble {
                last: row.class == Class::Interactive,
                ..Trouble::before("not_recorded", format!("its start cannot be written down: {error}"))
            }),
        })
    }

    /// The last step. On disk the trigger is started: there is no way back.
    async fn attach(&self, account: &Account, row: &TriggerRow, link: Link, slot: Slot, hand: &Try) -> End {
        let Some(trigger) = wire::from_value(&row.trigger) else {
            return End::Over(not_started("its trigger cannot be read"));
        };
        self.publish(row, "started", json!({}));
        metrics::counter!("relay_server_triggers_started_total").increment(1);
        let cancelled = hand.outcome();
        let taken = row.clone();
        let attached = account.run(move |platform| match cancelled {
            Some(outcome) => Err(NotAttached::Cancelled(outcome)),
            None => platform.attach(taken, trigger, link, slot),
        });
        match attached.await {
            Ok(Ok(())) => End::Started,
            Ok(Err(NotAttached::Cancelled(outcome))) => End::Over(outcome),
            Ok(Err(NotAttached::NoWorkflow)) => {
                End::Over(not_started("its workflow is not registered any more"))
            }
            Err(_) => End::Over(Outcome::new(OutcomeKind::Stopped, "server_shutdown")),
        }
    }

    async fn dial(&self, row: &TriggerRow, target: &Target, now: UnixMs) -> Result<Link, Trouble> {
        let (host, clock) = (target.authority(), &self.0.clock);
        if let Err(probe) = self.0.hosts.admit(clock.now(), &host) {
            let wait = probe - clock.now();
            let message = format!(
                "{host} has failed again and again and is left alone for {:.0} s more",
                wait.as_secs_f64().ceil()
            );
            let last = row.class == Class::Interactive;
            return Err(Trouble {
                last,
                retry_after: Some(wait),
                ..Trouble::before("breaker_open", message)
            });
        }
        let dialed = self.0.dialer.dial(target, row.not_after - now).await;
        let verdict = dialed.as_ref().map_or_else(DialError::verdict, |_| Verdict::Alive);
        if self.0.hosts.note(clock.now(), &host, verdict) {
            let change = if verdict == Verdict::Alive { "closed" } else { "opened" };
            metrics::counter!("relay_server_breaker_changes_total", "to" => change).increment(1);
            tracing::warn!(host, "the breaker of the host has {change}");
        }
        match dialed {
            Ok((link, timeline)) => {
                for (stage, took) in timeline.stages() {
                    metrics::histogram!("relay_server_dial_seconds", "stage" => stage.as_str()).record(*took);
                }
                if self.0.gone.found(&row.subscriber, &row.workflow) == Some(Turn::Back) {
                    self.mark_gone(row, false).await;
                }
                Ok(link)
            }
            Err(error) => Err(self.trouble(row, &error).await),
        }
    }

    async fn trouble(&self, row: &TriggerRow, error: &DialError) -> Trouble {
        metrics::counter!("relay_server_dials_failed_total", "stage" => error.stage.as_str()).increment(1);
        let reply = error.reply();
        let status = reply.map(|reply| reply.status);
        let mut last = false;
        if matches!(status, Some(404 | 410)) {
            if self.0.gone.missed(&row.subscriber, &row.workflow) == Some(Turn::Gone) {
                self.mark_gone(row, true).await;
            }
            last = self.0.gone.is_gone(&row.subscriber, &row.workflow);
        }
        Trouble {
            stage: match error.stage {
                crate::dial::Stage::Dns => Stage::Dns,
                crate::dial::Stage::Tcp => Stage::Tcp,
                crate::dial::Stage::Tls => Stage::Tls,
                crate::dial::Stage::Upgrade => Stage::Upgrade,
            },
            code: error.failure.code(),
            message: error.to_string(),
            http_status: status,
            retry_after: reply.filter(|reply| matches!(reply.status, 429 | 503)).and_then(|r| r.retry_after),
            last,
        }
    }

    /// Writes into the registration that its workflow is gone, or is there again. It is never deleted.
    async fn mark_gone(&self, row: &TriggerRow, gone: bool) {
        let Some(account) = self.account(&row.subscriber) else { return };
        let _held = account.registry().await;
        let marked = async {
            let known = self.0.store.get::<Workflow>(&row.subscriber, row.workflow.as_str()).await?;
            let Some(mut workflow) = known else { return Ok(()) };
            workflow.gone_since = gone.then(|| self.0.clock.wall());
            self.0.store.save(&row.subscriber, &workflow).await
        };
        let what = if gone { "gone" } else { "back" };
        match marked.await {
            Ok(()) => self.publish(row, what, json!({})),
            Err(error) => {
                tracing::warn!(workflow = %row.workflow, "cannot mark the workflow as {what}: {error}")
            }
        }
    }
}

pub(super) fn not_started(reason: impl Into<String>) -> Outcome {
    Outcome::new(OutcomeKind::NotStarted, reason)
}
