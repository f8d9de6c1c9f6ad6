//! What follows an attempt: who waits hears of it, it is written down, and who watches sees it.

use std::future::Future;

use serde_json::json;

use super::attempt::{End, Trouble, not_started};
use super::retry::{Failed, next_attempt};
use super::runner::Runner;
use crate::model::{Attempt, Class, Next, Outcome, OutcomeKind, TriggerRow, UnixMs};
use crate::store::{StoreError, insist};

impl Runner {
    /// Sees to what follows an attempt.
    pub(super) async fn conclude(&self, row: &TriggerRow, began_at: UnixMs, end: End) {
        match end {
            End::Started => {}
            End::PutBack => self.put_back(row).await,
            End::Over(outcome) => {
                self.tell_outcome(row, &outcome).await;
                let now = self.0.clock.wall();
                let ended = || self.0.store.trigger_ended(&row.id, row.epoch, now, outcome.clone());
                if self.written(row, ended).await {
                    self.over(row, &outcome);
                }
            }
            End::Failed(trouble) => self.failed(row, began_at, trouble).await,
        }
    }

    /// Puts a trigger back into the queue as if it had never been taken.
    pub(super) async fn put_back(&self, row: &TriggerRow) {
        let release = || self.0.store.trigger_release(&row.id, row.epoch, row.not_before);
        if self.written(row, release).await {
            self.queue(1);
        }
    }

    async fn failed(&self, row: &TriggerRow, began_at: UnixMs, trouble: Trouble) {
        let now = self.0.clock.wall();
        let Trouble { stage, code, message, http_status, retry_after, last } = trouble;
        let failed = Failed {
            class: row.class,
            accepted_at: row.accepted_at,
            not_after: row.not_after,
            at: now,
            attempts: row.attempts + 1,
            retry_after,
        };
        let again = if last { None } else { next_attempt(failed, fastrand::f64()) };
        tracing::info!(trigger = %row.id, workflow = %row.workflow_name, code, "not started: {message}");
        let attempt = Attempt { began_at, failed_at: now, stage, code: code.into(), message, http_status };
        if let Some(at) = again
            && self.again(row, &attempt, at).await
        {
            return;
        }
        let outcome = not_started(&*attempt.message);
        self.tell_outcome(row, &outcome).await;
        if self.written(row, || self.write(row, &attempt, Next::Failed(outcome.clone()))).await {
            self.show(row, &attempt, None);
            self.over(row, &outcome);
        }
    }

    /// Lets it be tried again later. False if that cannot be written while somebody waits.
    async fn again(&self, row: &TriggerRow, attempt: &Attempt, at: UnixMs) -> bool {
        let write = || self.write(row, attempt, Next::RetryAt(at));
        let written = match row.class {
            Class::Durable => {
                // Nobody waits; the instance is made anew when the workflow was reached.
                self.tell(row, &attempt.message, false).await;
                self.written(row, write).await
            }
            Class::Interactive => match write().await {
                Err(error) if error.may_pass() => return false,
                written => written.is_ok(),
            },
        };
        if written {
            self.queue(1);
            self.show(row, attempt, Some(at));
        }
        true
    }

    async fn write(&self, row: &TriggerRow, attempt: &Attempt, next: Next) -> Result<(), StoreError> {
        self.0.store.trigger_attempt_failed(&row.id, row.epoch, attempt.clone(), next).await
    }

    /// Writes, again and again if need be. False if somebody else has it by now, who answers for it, or the store is closed.
    async fn written<F>(&self, row: &TriggerRow, write: impl Fn() -> F) -> bool
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        match insist("what became of an attempt", write).await {
            Ok(()) => return true,
            Err(StoreError::Fenced(_)) => {}
            Err(error) => {
                tracing::warn!(trigger = %row.id, "what became of an attempt is not written: {error}");
            }
        }
        false
    }

    /// Shows an attempt that failed to whoever watches.
    fn show(&self, row: &TriggerRow, attempt: &Attempt, again_at: Option<UnixMs>) {
        let Attempt { stage, code, message, http_status, .. } = attempt;
        let told = json!({ "stage": stage, "code": code, "message": message, "status": http_status, "again_at": again_at });
        self.publish(row, "attempt_failed", told);
    }

    /// The trigger has ended without a run.
    pub(super) fn over(&self, row: &TriggerRow, outcome: &Outcome) {
        self.publish(row, "ended", json!({ "outcome": outcome }));
        if outcome.kind != OutcomeKind::Completed {
            let kind = outcome.kind.as_str();
            metrics::counter!("relay_server_triggers_failed_total", "kind" => kind).increment(1);
        }
    }

    /// Tells whoever waits how it ended.
    pub(super) async fn tell_outcome(&self, row: &TriggerRow, outcome: &Outcome) {
        if outcome.kind != OutcomeKind::Completed {
            let speak = row.class == Class::Interactive && outcome.kind != OutcomeKind::Stopped;
            self.tell(row, &outcome.reason, speak).await;
        }
    }

    /// Takes the instance from the device that wanted it, and tells the person who waits.
    async fn tell(&self, row: &TriggerRow, why: &str, speak: bool) {
        let Some(account) = self.account(&row.subscriber) else { return };
        let (id, name, why) = (row.id.clone(), row.workflow_name.clone(), why.to_owned());
        let device = row.device.clone().filter(|_| speak);
        let _ = account.run(move |platform| platform.give_up(&id, &why, device.as_ref(), &name)).await;
    }
}
