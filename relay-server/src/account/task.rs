//! The one task of an account.

use std::collections::HashMap;
use std::sync::Arc;

use relay_engine::{Action, Engine, InstanceKey, Milestone, Observation};
use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::transcript::Side;
use tokio::sync::{Mutex, mpsc};

use super::alerts::Alerts;
use super::connection::{Connection, Heard};
use super::handle::{Account, Input};
use super::ids::Ids;
use super::ledger::Ledger;
use super::live::{Live, Running};
use super::mirror::Everything;
use super::outbox::{Outbox, Overflow};
use super::platform::Platform;
use crate::dial::{Link, Received};
use crate::model::{NewTrigger, Outcome, OutcomeKind, SubscriberId, TriggerId, TriggerRow, UnixMs};
use crate::store::StoreError;
use crate::transcript::Recorder;
use crate::trigger::{self, Runner, Slot};

/// Inputs that are taken before the clock is looked at again.
const BATCH: usize = 128;

/// All of an account but the engine and its names.
pub(super) struct State {
    pub(super) subscriber: SubscriberId,
    pub(super) runner: Runner,
    pub(super) ledger: Ledger,
    pub(super) live: HashMap<InstanceKey, Live>,
    pub(super) alerts: Alerts,
    /// For the connections. Weak, so that the task ends when nobody else has anything for it.
    inbox: mpsc::WeakUnboundedSender<Input>,
}

struct Task {
    engine: Engine,
    ids: Ids,
    state: State,
}

/// Loads the registry of an account, and starts its task.
pub(crate) async fn open(subscriber: SubscriberId, runner: Runner) -> Result<Account, StoreError> {
    let everything = Everything::read(runner.store(), &subscriber).await?;
    let (inbox, inputs) = mpsc::unbounded_channel();
    let registry = Arc::new(Mutex::new(()));
    let account = Account { subscriber: subscriber.clone(), task: inbox.clone(), registry: registry.clone() };
    let mut config = runner.config().engine.clone();
    let (wall, now) = (runner.clock().wall(), runner.clock().now());
    config.clock_origin = (wall - UnixMs::new(0)).saturating_sub(now.elapsed());
    let (store, clock) = (runner.store().clone(), runner.clock().clone());
    let (ledger, writing) = Ledger::start(subscriber.clone(), store, clock, registry);
    let (tasks, live) = (runner.tasks().clone(), HashMap::new());
    let state =
        State { subscriber, runner, ledger, live, alerts: Alerts::default(), inbox: inbox.downgrade() };
    let mut task = Task { engine: Engine::new(config, || fastrand::u64(..)), ids: Ids::default(), state };
    for trouble in task.platform().load(&everything) {
        tracing::warn!(subscriber = %task.state.subscriber, "cannot be used as it is stored: {trouble}");
    }
    tasks.spawn(writing);
    tasks.spawn(task.run(inputs));
    Ok(account)
}

impl Task {
    async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let due = self.engine.poll_timeout().map(|(due, _)| due);
            let clock = self.state.runner.clock().clone();
            // A virtual clock does not go on before all of this is done.
            let _awake = tokio::select! {
                taken = inputs.recv_many(&mut batch, BATCH) => match taken {
                    0 => return,
                    _ => clock.hold(),
                },
                awake = clock.sleep_until(due.unwrap_or(NEVER)), if due.is_some() => awake,
            };
            let now = self.now();
            if due.is_some_and(|due| due <= now) {
                self.engine.handle_timeout(now);
                self.drain();
            }
            for input in batch.drain(..) {
                match input {
                    Input::Run(act) => act(&mut self.platform()),
                    Input::Heard(heard) => self.heard(heard),
                    Input::Close => return,
                }
                self.drain();
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.state.runner.clock().now()
    }

    fn platform(&mut self) -> Platform<'_> {
        let now = self.now();
        Platform { engine: &mut self.engine, now, ids: &mut self.ids, state: &mut self.state }
    }

    fn heard(&mut self, heard: Heard) {
        let (now, key) = (self.now(), heard.instance);
        match heard.received {
            Received::Text(text) => {
                self.state.frame(now, key, Side::Workflow, &text);
                self.engine.handle_text(now, key, &text);
            }
            Received::Binary(bytes) => {
                self.state.frame(now, key, Side::Workflow, &String::from_utf8_lossy(&bytes));
                self.engine.handle_binary(now, key, &bytes);
            }
            Received::Alive => self.engine.handle_pong(now, key),
            Received::Oversized { bytes } => self.engine.handle_oversized(now, key, bytes),
            Received::Invalid { code, why } => {
                let why = format!("the workflow does not speak WebSocket: {why}");
                if let Some(running) = self.state.breaks(key, why) {
                    let reason = "not a WebSocket message".to_owned();
                    let _ = running.put(Transmit::Close { code, reason });
                }
                self.engine.handle_disconnect(now, key, None);
            }
            Received::Close(code) => self.engine.handle_disconnect(now, key, code),
            Received::Broken => self.engine.handle_disconnect(now, key, None),
        }
    }

    /// Does what the engine says.
    fn drain(&mut self) {
        while let Some(action) = self.engine.poll_action() {
            match action {
                Action::Dial { instance, .. } => self.wanted(instance),
                Action::Transmit { instance, transmit } => self.transmit(instance, transmit),
                Action::Release { instance } => {
                    self.state.release(instance);
                    self.ids.instances.remove_key(instance);
                }
                Action::Observed(observation) => self.observe(observation),
                _ => {}
            }
        }
    }

    /// A device has started a workflow: what the trigger's runner started itself is named already.
    fn wanted(&mut self, key: InstanceKey) {
        if self.ids.instances.id(key).is_some() {
            return;
        }
        let Some(instance) = self.engine.instance(key) else { return };
        let Some(workflow) = self.ids.workflows.id(instance.registration()).cloned() else { return };
        let accepted_at = self.state.runner.clock().wall();
        let class = trigger::class_of(&instance.trigger().kind);
        let new = NewTrigger {
            id: TriggerId::generate(accepted_at),
            subscriber: self.state.subscriber.clone(),
            workflow,
            workflow_name: instance.workflow().name.clone(),
            uri: instance.workflow().uri.clone(),
            device: instance.device().and_then(|device| self.ids.devices.id(device)).cloned(),
            class,
            trigger: trigger::to_value(instance.trigger()),
            accepted_at,
            not_before: accepted_at,
            not_after: accepted_at + trigger::life(class),
            fire_at: None,
            idempotency: None,
            hold: None,
        };
        self.ids.instances.insert(new.id.clone(), key);
        let live = Live::dialing(
            new.id.clone(),
            new.workflow.clone(),
            new.uri.clone(),
            new.device.clone(),
            accepted_at,
        );
        self.state.live.insert(key, live);
        self.state.runner.wanted_by_device(new);
    }

    fn transmit(&mut self, key: InstanceKey, transmit: Transmit) {
        let now = self.now();
        if let Transmit::Text(text) = &transmit {
            self.state.frame(now, key, Side::Engine, text);
        }
        let Some(running) = self.state.live.get(&key).and_then(|live| live.running.as_ref()) else { return };
        if running.outbox.put(transmit) == Err(Overflow) {
            let limit = self.state.runner.config().max_outbound_bytes;
            if let Some(outbox) =
                self.state.breaks(key, format!("the workflow does not read: {limit} bytes wait for it"))
            {
                outbox.abandon();
            }
            self.engine.handle_disconnect(now, key, None);
        }
    }

    fn observe(&mut self, observation: Observation) {
        // It needs a name before it can be told of.
        if let Observation::Instance { instance, what: Milestone::Launched } = observation {
            self.wanted(instance);
        }
        self.state.observe(&self.engine, &mut self.ids, observation);
    }
}

/// What a clock that is not waited for is set to.
const NEVER: Timestamp = Timestamp::new(std::time::Duration::MAX);

impl State {
    /// A run begins, on an open connection.
    pub(super) fn begin(
        &mut self,
        now: Timestamp,
        key: InstanceKey,
        row: TriggerRow,
        link: Link,
        slot: Slot,
    ) {
        let outbox = Outbox::new(self.runner.config().max_outbound_bytes);
        if let Some(inbox) = self.inbox.upgrade() {
            tokio::spawn(Connection::new(link, key, inbox, outbox.clone()));
        }
        let at = self.runner.clock().wall();
        let (recorder, head) = Recorder::begin(&row, now, at, &self.runner.config().transcripts);
        if let Some(head) = head {
            self.ledger.line(&row.id, head);
        }
        let running = Running { outbox, recorder, _slot: slot };
        self.live.insert(key, Live::running(row, running));
    }

    /// Decides that an instance ends broken. Its outbox comes back.
    fn breaks(&mut self, key: InstanceKey, why: String) -> Option<Outbox> {
        let live = self.live.get_mut(&key)?;
        live.outcome.get_or_insert(Outcome::new(OutcomeKind::Broken, why));
        Some(live.running.as_ref()?.outbox.clone())
    }

    /// The engine has forgotten an instance.
    fn release(&mut self, key: InstanceKey) {
        let Some(live) = self.live.remove(&key) else { return };
        let (id, epoch, outcome) = (live.id.clone(), live.epoch(), live.outcome);
        match live.running {
            Some(running) => {
                running.outbox.release();
                let outcome = outcome.unwrap_or_else(|| Outcome::new(OutcomeKind::Broken, live.note));
                let clock = self.runner.clock();
                let end =
                    running.recorder.map(|mut recorder| recorder.end(clock.now(), clock.wall(), &outcome));
                for line in end.into_iter().flatten() {
                    self.ledger.line(&id, line);
                }
                metrics::counter!("relay_server_instances_ended_total", "kind" => outcome.kind.as_str())
                    .increment(1);
                self.ledger.ended(id, epoch, outcome);
            }
            // It was not started: its runner must not start it any more.
            None => {
                if let Some(outcome) = outcome {
                    self.runner.withdraw(id, outcome);
                }
            }
        }
    }
}
