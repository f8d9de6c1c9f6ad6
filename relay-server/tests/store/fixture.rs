//! A store with an account in it.

use std::ops::Deref;
use std::time::Duration;

use relay_server::model::{
    Accepted, Claim, Class, NewTrigger, NodeId, Subscriber, SubscriberId, TriggerId, TriggerRow, UnixMs,
};
use relay_server::store::{Store, StoreOptions};
use serde_json::json;
use tempfile::TempDir;

/// When the stories begin.
pub(crate) const START: UnixMs = UnixMs::new(1_800_000_000_000);

/// A store with an account in it. The one place that knows which database it is.
pub(crate) struct Fixture {
    store: Store,
    pub(crate) sub: SubscriberId,
    directory: TempDir,
}

impl Deref for Fixture {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(directory.path().join("relay.db"))).await.unwrap();
        let sub = SubscriberId::from("sub");
        store.subscriber_create(&Subscriber::new(sub.clone())).await.unwrap();
        Self { store, sub, directory }
    }

    /// Closes it and opens it again.
    pub(crate) async fn reopen(self) -> Self {
        self.store.close().await;
        let store = Store::open(StoreOptions::new(self.directory.path().join("relay.db"))).await.unwrap();
        Self { store, ..self }
    }

    /// A trigger that is due now, for a day.
    pub(crate) fn trigger(&self, workflow: &str, device: Option<&str>) -> NewTrigger {
        NewTrigger {
            id: TriggerId::generate(START),
            subscriber: self.sub.clone(),
            workflow: workflow.into(),
            workflow_name: workflow.into(),
            uri: format!("wss://example.org/{workflow}"),
            device: device.map(Into::into),
            class: Class::Durable,
            trigger: json!({"type": "http", "args": {}}),
            accepted_at: START,
            not_before: START,
            not_after: after(86_400),
            fire_at: None,
            idempotency: None,
            hold: None,
        }
    }

    pub(crate) async fn accept(&self, new: NewTrigger) -> TriggerRow {
        match self.trigger_accept(new).await.unwrap() {
            Accepted::New(row) => row,
            Accepted::Known(row) => panic!("{row:?} was known"),
        }
    }

    /// What a node of this name gets at this time, for ten seconds.
    pub(crate) async fn claim(&self, node: &str, now: UnixMs) -> Vec<TriggerRow> {
        self.trigger_claim(claim(node, now)).await.unwrap()
    }

    pub(crate) async fn row(&self, id: &TriggerId) -> TriggerRow {
        self.trigger_get(id).await.unwrap().expect("the trigger is there")
    }
}

pub(crate) fn claim(node: &str, now: UnixMs) -> Claim {
    Claim {
        node: NodeId::from(node),
        now,
        until: now + Duration::from_secs(10),
        limit: 100,
        full: Vec::new(),
    }
}

/// So many seconds after the stories begin.
pub(crate) fn after(seconds: u64) -> UnixMs {
    START + Duration::from_secs(seconds)
}
