//! What has to hold of what a dead process leaves behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use relay_server::model::{
    Claim, Cursor, EventFilter, OutcomeKind, Page, PageRequest, SubscriberId, TriggerFilter, TriggerId,
    TriggerRow, TriggerState, UnixMs,
};
use relay_server::store::{Store, StoreOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::hammer::{Told, node};

/// Later than everything that the process did.
const LATER: UnixMs = UnixMs::new(1_900_000_000_000);

/// Opens what was left, recovers, and checks it against what the process was told.
pub(crate) async fn check(database: &Path, told: &[Told]) {
    let store = Store::open(StoreOptions::new(database)).await.unwrap();
    intact(database).await;
    let sub = SubscriberId::from("sub");
    let found = rows(&store, &sub).await;
    remembered(&found, told);

    store.trigger_recover(&node(), LATER).await.unwrap();
    let rows = rows(&store, &sub).await;
    remembered(&rows, told);
    let ends = ends(&store, &sub).await;
    for (id, row) in &rows {
        match row.state {
            TriggerState::Queued => assert_eq!((&row.outcome, row.started_at), (&None, None), "{id}"),
            TriggerState::Ended => assert!(row.outcome.is_some(), "{id}"),
            state => panic!("{id} is {state} after the recovery"),
        }
        let recorded = ends.iter().filter(|it| *it == id).count();
        assert_eq!(recorded, usize::from(row.state == TriggerState::Ended), "{id}: one record for one end");
        assert_eq!(store.trigger_attempts(id).await.unwrap().len(), row.attempts as usize, "{id}");
    }
    never_started_again(&store, told).await;
    store.close().await;
}

/// Everything that the process was told is so.
fn remembered(rows: &BTreeMap<TriggerId, TriggerRow>, told: &[Told]) {
    for told in told {
        match told {
            Told::Accepted(id) => assert!(rows.contains_key(id), "{id} was accepted, and is lost"),
            Told::Started(id) => assert!(rows[id].started_at.is_some(), "{id} was started, and nobody knows"),
            Told::Ended(id, kind) => {
                let outcome = rows[id].outcome.as_ref().unwrap_or_else(|| panic!("{id} had ended"));
                assert_eq!(outcome.kind, *kind, "{id}");
            }
            Told::Refused(_) => {}
        }
    }
    // What was started and had not ended is live, or has ended with the server.
    for row in rows.values().filter(|row| row.started_at.is_some() && row.state == TriggerState::Ended) {
        let kind = row.outcome.as_ref().unwrap().kind;
        assert!(!matches!(kind, OutcomeKind::NotStarted | OutcomeKind::Expired), "{row:?}");
    }
}

/// Nothing that was started is given out once more.
async fn never_started_again(store: &Store, told: &[Told]) {
    let started: BTreeSet<&TriggerId> =
        told.iter().filter_map(|told| if let Told::Started(id) = told { Some(id) } else { None }).collect();
    for _ in 0..20 {
        let claim = Claim { node: node(), now: LATER, until: UnixMs::MAX, limit: 1000, full: Vec::new() };
        for row in store.trigger_claim(claim).await.unwrap() {
            assert!(!started.contains(&row.id), "{} was started, and is given out again", row.id);
            assert_eq!(row.started_at, None);
        }
    }
}

async fn rows(store: &Store, sub: &SubscriberId) -> BTreeMap<TriggerId, TriggerRow> {
    let page = async |after| {
        store.trigger_list(sub, &TriggerFilter::default(), &PageRequest { limit: 1000, after }).await.unwrap()
    };
    all(page).await.into_iter().map(|row| (row.id.clone(), row)).collect()
}

/// Whose end was recorded for the analytics.
async fn ends(store: &Store, sub: &SubscriberId) -> Vec<TriggerId> {
    let page = async |after| {
        store
            .analytics_query(sub, &EventFilter::default(), &PageRequest { limit: 1000, after })
            .await
            .unwrap()
    };
    all(page).await.into_iter().filter_map(|event| event.instance).collect()
}

async fn all<T>(page: impl AsyncFn(Option<Cursor>) -> Page<T>) -> Vec<T> {
    let (mut items, mut after) = (Vec::new(), None);
    loop {
        let page = page(after).await;
        items.extend(page.items);
        after = page.next;
        if after.is_none() {
            return items;
        }
    }
}

async fn intact(database: &Path) {
    let options = SqliteConnectOptions::new().filename(database);
    let mut raw = SqliteConnection::connect_with(&options).await.unwrap();
    let integrity: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut raw).await.unwrap();
    assert_eq!(integrity, ["ok"]);
    let dangling = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut raw).await.unwrap();
    assert_eq!(dangling.len(), 0);
    raw.close().await.unwrap();
}
