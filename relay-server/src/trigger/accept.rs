//! Into the queue: from HTTP, from a device.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use relay_engine::InvokeError;
use relay_protocol::codec::JsonMap;
use relay_protocol::types::{Trigger, TriggerArgs, TriggerType};
use serde_json::json;

use super::hand::Lane;
use super::runner::Runner;
use super::{class_of, life, retry, wire};
use crate::account::Platform;
use crate::model::{
    Accepted, Class, DeviceId, Hold, Idempotency, NewTrigger, SubscriberId, TriggerId, UnixMs, WorkflowId,
};
use crate::store::StoreError;

/// How long a trigger is held for an attempt. Longer than any attempt takes: only one that hangs is taken over.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// Somebody starts a workflow from outside.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The account.
    pub subscriber: SubscriberId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// On whose behalf.
    pub device: Option<DeviceId>,
    /// What the workflow is told: the arguments of a call over HTTP, or what a simulated trigger tells otherwise than it
    /// would.
    pub args: JsonMap,
    /// What tells a repeated request from a new one.
    pub idempotency: Option<Idempotency>,
    /// Not to be started before. Default: now.
    pub not_before: Option<UnixMs>,
    /// Not to be started from then on. Default: 24 h after `not_before`, and 10 s for what somebody at a device would wait
    /// for; 72 h at most.
    pub not_after: Option<UnixMs>,
}

/// Why a trigger was not accepted. Nothing of it is on disk.
#[derive(Debug)]
#[non_exhaustive]
pub enum AcceptError {
    /// There is no such account.
    NoAccount,
    /// There is no such workflow.
    NoWorkflow,
    /// There is no such device.
    NoDevice,
    /// The workflow is registered for something else.
    OtherTrigger,
    /// No device can start the workflow, and none is named.
    NotInstalled,
    /// What is to be told otherwise cannot be told.
    NoTrigger,
    /// So many triggers wait already.
    QueueFull {
        /// How many may.
        limit: usize,
    },
    /// The server is shutting down.
    Stopping,
    /// The store does not take it.
    Store(StoreError),
}

impl std::error::Error for AcceptError {}

impl fmt::Display for AcceptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAccount => f.write_str("there is no such account"),
            Self::NoWorkflow => f.write_str("there is no such workflow"),
            Self::NoDevice => f.write_str("there is no such device"),
            Self::OtherTrigger => f.write_str(
                "the workflow is registered for another trigger; register it once more with an http trigger",
            ),
            Self::NotInstalled => {
                f.write_str("the workflow is installed on no device: install it, or name a device")
            }
            Self::NoTrigger => f.write_str("with these values it is no trigger: one is of the wrong type"),
            Self::QueueFull { limit } => {
                write!(f, "{limit} triggers wait already; try again when some of them were started")
            }
            Self::Stopping => f.write_str("the server is shutting down"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl From<StoreError> for AcceptError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Runner {
    /// Takes a call over HTTP into the queue, and starts it at once if nothing stands in its way. It is on disk when this
    /// returns.
    ///
    /// # Errors
    ///
    /// [`AcceptError`]: there is no trigger.
    pub async fn invoke(&self, invocation: Invocation) -> Result<Accepted, AcceptError> {
        let account = self.account(&invocation.subscriber).ok_or(AcceptError::NoAccount)?;
        let Invocation { workflow, device, args, .. } = invocation.clone();
        let occasion = account.run(move |platform| called(platform, &workflow, device, args)).await;
        self.accept_occasion(invocation, occasion.unwrap_or(Err(AcceptError::Stopping))?).await
    }

    pub(super) async fn accept_occasion(
        &self,
        invocation: Invocation,
        occasion: Occasion,
    ) -> Result<Accepted, AcceptError> {
        let accepted_at = self.0.clock.wall();
        let not_before = invocation.not_before.unwrap_or(accepted_at).max(accepted_at);
        // Nobody stands at a device and waits for what is to come later.
        let class = if not_before > accepted_at { Class::Durable } else { class_of(&occasion.trigger.kind) };
        let not_after = invocation.not_after.unwrap_or(not_before + life(class));
        self.accept_trigger(NewTrigger {
            id: TriggerId::generate(accepted_at),
            subscriber: invocation.subscriber,
            workflow: invocation.workflow,
            workflow_name: occasion.name,
            uri: occasion.uri,
            device: occasion.device,
            class,
            trigger: wire::to_value(&occasion.trigger),
            accepted_at,
            not_before,
            not_after: not_after.min(not_before + retry::LONGEST_LIFE),
            fire_at: None,
            idempotency: invocation.idempotency,
            hold: None,
        })
        .await
    }

    /// Takes a trigger into the queue, and starts it at once if nothing stands in its way. It is on disk when this returns.
    ///
    /// # Errors
    ///
    /// [`AcceptError`]: there is no trigger.
    pub async fn accept_trigger(&self, mut new: NewTrigger) -> Result<Accepted, AcceptError> {
        if self.0.stopping.is_cancelled() {
            return Err(AcceptError::Stopping);
        }
        let queued = self.0.queued.load(Ordering::Relaxed);
        let limit = self.0.config.limits.queue;
        if queued >= limit {
            metrics::counter!("relay_server_triggers_refused_total").increment(1);
            return Err(AcceptError::QueueFull { limit });
        }
        // Whoever comes after others must not overtake them.
        let lane = Lane::of(&new);
        let first = match &lane {
            Some(lane) => queued == 0 && self.0.hands.occupy(lane),
            None => true,
        };
        let now = self.0.clock.wall();
        let means = (first && new.not_before <= now).then(|| self.means(&new.workflow)).flatten();
        new.hold = means.is_some().then(|| Hold { node: self.0.config.node.clone(), until: now + LEASE });
        let class = new.class;
        let accepted = self.0.store.trigger_accept(new).await;
        let (row, means) = match (&accepted, means) {
            (Ok(Accepted::New(row)), means) => (row, means),
            _ => {
                if let Some(lane) = lane.filter(|_| first) {
                    self.0.hands.leave(&lane);
                }
                return Ok(accepted?);
            }
        };
        metrics::counter!("relay_server_triggers_accepted_total", "class" => class.as_str()).increment(1);
        self.publish(row, "accepted", json!({ "trigger": row.trigger }));
        match means {
            Some((slot, permit)) => self.begin(row.clone(), slot, permit),
            None => {
                self.queue(1);
                if let Some(lane) = lane.filter(|_| first) {
                    self.0.hands.leave(&lane);
                }
            }
        }
        Ok(accepted?)
    }

    /// A device wants a workflow; its engine has an instance for it already. The person is told if it cannot be started.
    pub(crate) fn wanted_by_device(&self, new: NewTrigger) {
        let runner = self.clone();
        let awake = self.0.clock.hold();
        self.0.tasks.spawn(async move {
            let (id, subscriber) = (new.id.clone(), new.subscriber.clone());
            let (name, device, class) = (new.workflow_name.clone(), new.device.clone(), new.class);
            if let Err(error) = runner.accept_trigger(new).await {
                tracing::error!(trigger = %id, "a trigger was not accepted: {error}");
                let Some(account) = runner.account(&subscriber) else { return };
                let why = error.to_string();
                let tell = move |platform: &mut Platform<'_>| {
                    platform.give_up(
                        &id,
                        &why,
                        device.as_ref().filter(|_| class == Class::Interactive),
                        &name,
                    );
                };
                let _ = account.run(tell).await;
            }
            drop(awake);
        });
    }
}

/// What is to be started, and what it is told.
#[derive(Debug, Clone)]
pub(super) struct Occasion {
    pub(super) name: String,
    pub(super) uri: String,
    pub(super) device: Option<DeviceId>,
    pub(super) trigger: Trigger,
}

/// Somebody calls over HTTP.
fn called(
    platform: &mut Platform<'_>,
    workflow: &WorkflowId,
    device: Option<DeviceId>,
    args: JsonMap,
) -> Result<Occasion, AcceptError> {
    let key = platform.ids.workflows.key(workflow).ok_or(AcceptError::NoWorkflow)?;
    platform.engine.check_invoke(key).map_err(|error| match error {
        InvokeError::Unknown(_) => AcceptError::NoWorkflow,
        _ => AcceptError::OtherTrigger,
    })?;
    let mut args = TriggerArgs::new().args(args);
    if let Some(device) = &device {
        let known = platform.ids.devices.key(device).and_then(|key| platform.engine.directory().device(key));
        let urn = known.and_then(|device| device.urn()).ok_or(AcceptError::NoDevice)?;
        args = args.source_uri(urn);
    }
    let run = platform.engine.workflow(key).ok_or(AcceptError::NoWorkflow)?;
    let trigger = Trigger::new(TriggerType::Http).args(args);
    Ok(Occasion { name: run.name.clone(), uri: run.uri.clone(), device, trigger })
}
