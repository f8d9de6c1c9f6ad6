//! What an account writes behind: ends of instances, transcripts, analytics, and what workflows change of the registry.
//! Never in the way of the engine.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use relay_engine::DeviceInfo;
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;

use crate::clock::Clock;
use crate::model::{
    Actor, AuditEntry, Device, DeviceId, Event, Group, GroupId, Line, Outcome, Rest, SubscriberId, TriggerId,
    UserId,
};
use crate::store::{Store, StoreError, insist};

/// What is written in one go.
const BATCH: usize = 512;
/// What may wait to be written. Lines and records beyond are dropped and counted; ends never are: there are not more of
/// them than instances.
const MAX_WAITING: usize = 100_000;
/// How long lines and records wait for others, or for the end of their instance, to share a commit with.
const LINGER: Duration = Duration::from_millis(50);

/// Hands entries to the task that writes. It ends, with everything written, when this is dropped.
#[derive(Debug)]
pub(super) struct Ledger {
    entries: mpsc::UnboundedSender<Entry>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Entry {
    Ended { id: TriggerId, epoch: u64, outcome: Outcome },
    Line(TriggerId, Line),
    Record(Event),
    Change(Change),
}

impl Entry {
    /// Whether nobody decides anything by it.
    fn may_linger(&self) -> bool {
        matches!(self, Self::Line(..) | Self::Record(_))
    }
}

/// A change of the registry, made by a workflow.
#[derive(Debug)]
enum Change {
    Device { id: DeviceId, name: String, user: Option<UserId>, location_enabled: bool },
    Group { id: GroupId, name: String, members: Vec<String> },
    GroupRemoved(GroupId),
}

impl Ledger {
    /// Starts the task. `registry` is held while the registry is changed.
    pub(super) fn start(
        subscriber: SubscriberId,
        store: Store,
        clock: Clock,
        registry: Arc<Mutex<()>>,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (entries, inbox) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = Writer { subscriber, store, clock, registry, waiting: waiting.clone() };
        (Self { entries, waiting }, writer.run(inbox))
    }

    pub(super) fn ended(&self, id: TriggerId, epoch: u64, outcome: Outcome) {
        self.put(Entry::Ended { id, epoch, outcome });
    }

    pub(super) fn line(&self, id: &TriggerId, line: Line) {
        if self.has_room("transcript") {
            self.put(Entry::Line(id.clone(), line));
        }
    }

    pub(super) fn record(&self, event: Event) {
        if self.has_room("analytics") {
            self.put(Entry::Record(event));
        }
    }

    pub(super) fn device(&self, id: DeviceId, info: &DeviceInfo) {
        let user = info.user.as_deref().map(UserId::from);
        let (name, location_enabled) = (info.name.clone(), info.location_enabled);
        self.put(Entry::Change(Change::Device { id, name, user, location_enabled }));
    }

    pub(super) fn group(&self, id: GroupId, name: String, members: Vec<String>) {
        self.put(Entry::Change(Change::Group { id, name, members }));
    }

    pub(super) fn group_removed(&self, id: GroupId) {
        self.put(Entry::Change(Change::GroupRemoved(id)));
    }

    fn has_room(&self, what: &'static str) -> bool {
        let room = self.waiting.load(Ordering::Relaxed) < MAX_WAITING;
        if !room {
            metrics::counter!("relay_server_unwritten_total", "what" => what).increment(1);
        }
        room
    }

    fn put(&self, entry: Entry) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.entries.send(entry); // its task ends after this one
    }
}

struct Writer {
    subscriber: SubscriberId,
    store: Store,
    clock: Clock,
    registry: Arc<Mutex<()>>,
    waiting: Arc<AtomicUsize>,
}

impl Writer {
    async fn run(self, mut inbox: mpsc::UnboundedReceiver<Entry>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            if inbox.recv_many(&mut batch, BATCH).await == 0 {
                return;
            }
            let more = async {
                while batch.len() < BATCH && batch.iter().all(Entry::may_linger) {
                    if inbox.recv_many(&mut batch, BATCH).await == 0 {
                        return;
                    }
                }
            };
            let _ = timeout(LINGER, more).await;
            let taken = batch.len();
            self.write(std::mem::take(&mut batch)).await;
            self.waiting.fetch_sub(taken, Ordering::Relaxed);
        }
    }

    /// Writes a batch. The store puts what is asked of it at once into one transaction.
    async fn write(&self, batch: Vec<Entry>) {
        let (mut lines, mut records, mut changes) = (BTreeMap::<_, Vec<_>>::new(), Vec::new(), Vec::new());
        let mut ends = FuturesUnordered::new();
        for entry in batch {
            match entry {
                Entry::Ended { id, epoch, outcome } => ends.push(async move {
                    let ended = || self.store.trigger_ended(&id, epoch, self.clock.wall(), outcome.clone());
                    self.insist("the end of an instance", ended).await;
                }),
                Entry::Line(id, line) => lines.entry(id).or_default().push(line),
                Entry::Record(event) => records.push(event),
                Entry::Change(change) => changes.push(change),
            }
        }
        let mut appends: FuturesUnordered<_> = lines
            .into_iter()
            .map(|(id, lines)| async move {
                self.insist("a transcript", || self.store.transcript_append(&id, lines.clone())).await;
            })
            .collect();
        let analytics = async {
            if !records.is_empty() {
                self.insist("analytics", || self.store.analytics_append(records.clone())).await;
            }
        };
        let registry = async {
            for change in changes {
                self.insist("a change of the registry", || self.change(&change)).await;
            }
        };
        let appends = async { while appends.next().await.is_some() {} };
        let ends = async { while ends.next().await.is_some() {} };
        // The ends last, and yet at once: the store writes in the order in which it is asked, so that who sees an end finds
        // all that came before it.
        tokio::join!(appends, analytics, registry, ends);
    }

    /// Writes, again and again if need be.
    async fn insist<F: Future<Output = Result<(), StoreError>>>(&self, what: &str, write: impl Fn() -> F) {
        if let Err(error) = insist(what, write).await {
            tracing::warn!(subscriber = %self.subscriber, "{what} is not written: {error}");
        }
    }

    async fn change(&self, change: &Change) -> Result<(), StoreError> {
        let _held = self.registry.lock().await;
        match change {
            Change::Device { id, name, user, location_enabled } => {
                let known = self.store.get::<Device>(&self.subscriber, id.as_str()).await?;
                // Somebody has removed it since.
                let Some(mut device) = known else { return Ok(()) };
                let used = AuditEntry::of_use(
                    &Actor::named("a workflow"),
                    self.clock.wall(),
                    id.as_str(),
                    device.user.as_ref(),
                    user.as_ref(),
                );
                (device.name, device.user) = (name.clone(), user.clone());
                device.location_enabled = *location_enabled;
                self.store.save(&self.subscriber, &device).await?;
                for entry in used {
                    self.store.audit_append(entry.of(&self.subscriber)).await?;
                }
                Ok(())
            }
            Change::Group { id, name, members } => {
                let known = self.store.get::<Group>(&self.subscriber, id.as_str()).await?;
                let rest = known.map_or_else(Rest::new, |group| group.rest);
                let group = Group { id: id.clone(), name: name.clone(), members: members.clone(), rest };
                self.store.save(&self.subscriber, &group).await
            }
            Change::GroupRemoved(id) => {
                self.store.delete::<Group>(&self.subscriber, id.as_str()).await.map(drop)
            }
        }
    }
}
