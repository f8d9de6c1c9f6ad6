//! Out of the queue: claims what is due, and starts it.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::accept::LEASE;
use super::runner::Runner;
use crate::model::{Claim, UnixMs};
use crate::store::StoreError;

/// What is claimed at once.
const CLAIM: usize = 256;
/// How long the queue is left alone when nothing rings.
const ROUND: Duration = Duration::from_secs(5);
/// How long it is left alone when the store fails.
const STORE_PAUSE: Duration = Duration::from_secs(1);
/// Entries of the audit that are kept, of all accounts together. A megabyte holds about 5,000.
const MAX_AUDIT: u32 = 100_000;
/// How often what is too old is forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(60 * 60);

impl Runner {
    /// Claims and starts, until the server stops.
    pub(super) async fn pump(self) {
        let clock = &self.0.clock;
        let mut awake = clock.hold();
        loop {
            drop(self.0.rung.lock().unwrap_or_else(PoisonError::into_inner).take());
            let now = clock.wall();
            let wake = match self.round(now).await {
                Ok(due) => due.map_or(now + ROUND, |due| due.min(now + ROUND)),
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!("the queue cannot be read: {error}");
                    now + STORE_PAUSE
                }
            };
            drop(awake);
            awake = tokio::select! {
                () = self.0.stopping.cancelled() => return,
                () = self.0.bell.notified() => clock.hold(),
                () = self.0.slots.freed(), if self.0.queued.load(Ordering::Relaxed) > 0 => clock.hold(),
                awake = clock.sleep_until_wall(wake) => awake,
            };
        }
    }

    /// Starts what is due, and says when something is due next.
    async fn round(&self, now: UnixMs) -> Result<Option<UnixMs>, StoreError> {
        loop {
            let room = self.0.dials.available_permits().min(self.0.slots.free()).min(CLAIM);
            if room == 0 || self.0.stopping.is_cancelled() {
                break; // a slot that comes back rings
            }
            let claimed = self.0.store.trigger_claim(Claim {
                node: self.0.config.node.clone(),
                now,
                until: now + LEASE,
                limit: u32::try_from(room).unwrap_or(u32::MAX),
                full: self.0.slots.full(),
            });
            let claimed = claimed.await?;
            let taken = claimed.len();
            self.unqueue(taken);
            let mut full = Vec::new();
            for row in claimed {
                match self.means(&row.workflow) {
                    Some((slot, permit)) => self.begin(row, slot, permit),
                    // Its workflow has become full by those before it.
                    None => full.push(row),
                }
            }
            futures_util::future::join_all(full.iter().map(|row| self.put_back(row))).await;
            if taken < room {
                break;
            }
        }
        for row in self.0.store.trigger_expire(now, 1000).await? {
            self.unqueue(1);
            let Some(outcome) = &row.outcome else { continue };
            self.over(&row, outcome);
            self.tell_outcome(&row, outcome).await;
        }
        self.0.store.trigger_next_due(now).await
    }

    /// Forgets what is too old, now and then.
    pub(super) async fn keep_house(self) {
        loop {
            let now = self.0.clock.wall();
            if let Err(error) = self.prune(now).await {
                tracing::warn!("what is too old cannot be forgotten: {error}");
            }
            tokio::select! {
                () = self.0.stopping.cancelled() => return,
                _ = self.0.clock.sleep(HOUSEKEEPING) => {}
            }
        }
    }

    async fn prune(&self, now: UnixMs) -> Result<(), StoreError> {
        const AT_ONCE: u32 = 1000;
        let before = now - self.0.config.keep;
        while self.0.store.trigger_prune(before, now, AT_ONCE).await? >= u64::from(AT_ONCE) {}
        self.0.store.analytics_prune(before).await?;
        self.0.store.audit_prune(before, MAX_AUDIT).await?;
        let transcripts = &self.0.config.transcripts;
        self.0.store.transcript_prune(now - transcripts.max_age, transcripts.max_bytes).await?;
        Ok(())
    }
}
