//! Timers: fires what the clock starts, and makes up for what passed while the server was down.

use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use serde_json::json;

use super::runner::Runner;
use super::{retry, wire};
use crate::account::Platform;
use crate::model::{Class, DeviceId, Due, Firing, NewTrigger, Schedule, TriggerId, UnixMs, Workflow};
use crate::schedule::{CatchUp, Timer};
use crate::store::StoreError;

/// Timers that are looked at in one go.
const AT_ONCE: u32 = 256;
/// How long the timers are left alone when the store fails.
const STORE_PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

impl Runner {
    /// Fires timers until the server stops.
    pub(super) async fn run_timers(self) {
        let clock = &self.0.clock;
        let mut awake = clock.hold();
        loop {
            let wake = match self.fire_due().await {
                Ok(next) => next.unwrap_or(UnixMs::MAX),
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!("timers cannot be fired: {error}");
                    clock.wall() + STORE_PAUSE
                }
            };
            drop(awake);
            awake = tokio::select! {
                () = self.0.stopping.cancelled() => return,
                () = self.0.timers.notified() => clock.hold(),
                awake = clock.sleep_until_wall(wake) => awake,
            };
        }
    }

    /// Fires all that is due, and says when something is due next.
    async fn fire_due(&self) -> Result<Option<UnixMs>, StoreError> {
        loop {
            let due = self.0.store.schedule_due(self.0.clock.wall(), AT_ONCE).await?;
            if due.is_empty() || self.0.stopping.is_cancelled() {
                return self.0.store.schedule_next().await;
            }
            for due in due {
                self.fire(due).await?;
            }
        }
    }

    async fn fire(&self, due: Due) -> Result<(), StoreError> {
        let now = self.0.clock.wall();
        let store = &self.0.store;
        let workflow = store.get::<Workflow>(&due.subscriber, due.workflow.as_str()).await?;
        let timer = workflow.as_ref().and_then(|workflow| match workflow.on() {
            TriggerSpec::Timer(spec) => Timer::read(spec, due.at).ok(),
            _ => None,
        });
        let (Some(workflow), Some(timer)) = (workflow, timer) else {
            // It was registered for something else since.
            return store.schedule_set(&due.subscriber, &due.workflow, None).await;
        };
        let at = Schedule { next: Some(due.at), past: due.past };
        let CatchUp { fire, missed, then } = timer.catch_up(at, now, self.0.config.catch_up);
        let Some(occasion) = self.occasion(&due, &workflow).await else { return Ok(()) };
        let new = |fire_at| NewTrigger {
            id: TriggerId::generate(now),
            subscriber: due.subscriber.clone(),
            workflow: due.workflow.clone(),
            workflow_name: workflow.name.clone(),
            uri: workflow.target().uri.clone(),
            device: occasion.device.clone(),
            class: Class::Durable,
            trigger: wire::to_value(&occasion.trigger),
            accepted_at: now,
            not_before: now,
            not_after: now + retry::DURABLE_LIFE,
            fire_at: Some(fire_at),
            idempotency: None,
            hold: None,
        };
        let missed =
            missed.map(|missed| Firing::Miss { trigger: new(missed.last), reason: missed.to_string() });
        let firings = missed.into_iter().chain(fire.into_iter().map(|at| Firing::Fire(new(at)))).collect();
        match store.schedule_fire(due.clone(), firings, then).await {
            Ok(fired) => {
                for row in &fired {
                    self.publish(row, "accepted", json!({ "trigger": row.trigger, "fire_at": row.fire_at }));
                }
                self.queue(fired.len());
                Ok(())
            }
            // Somebody has changed it meanwhile.
            Err(StoreError::NotFound { .. }) => Ok(()),
            // It has fired then already, before it was registered anew.
            Err(StoreError::Exists { .. }) => {
                store.schedule_set(&due.subscriber, &due.workflow, Some(then)).await
            }
            Err(error) => Err(error),
        }
    }

    /// None if the account is not there any more.
    async fn occasion(&self, due: &Due, workflow: &Workflow) -> Option<Occasion> {
        let account = self.account(&due.subscriber)?;
        let install = workflow.install.clone();
        let by_rule = workflow.install_rule.is_some();
        account.run(move |platform| Occasion::of(platform, &install, by_rule)).await.ok()
    }
}

struct Occasion {
    device: Option<DeviceId>,
    trigger: Trigger,
}

impl Occasion {
    /// A timer starts its workflow once; for the device that it is installed on, if that is a single one. What the real
    /// platform does for several is not known.
    fn of(platform: &mut Platform<'_>, install: &[String], by_rule: bool) -> Self {
        let key = match install {
            [one] if !by_rule => platform.device_of(one),
            _ => None,
        };
        let urn = key.and_then(|key| platform.engine.directory().device(key)?.urn());
        let args = match urn {
            Some(urn) => TriggerArgs::new().source_uri(urn),
            None => TriggerArgs::new(),
        };
        Self {
            device: key.and_then(|key| platform.ids.devices.id(key)).cloned(),
            trigger: Trigger::new(TriggerType::Calendar).args(args),
        }
    }
}
