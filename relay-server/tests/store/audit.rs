//! Who did what.

use relay_server::model::{Actor, AuditEntry, AuditFilter, Cursor, PageRequest, SubscriberId, TokenId};
use serde_json::json;

use crate::fixture::{Fixture, START, after};

fn entry(n: u64, event_type: &str) -> AuditEntry {
    let lobby = Actor { token: Some(TokenId::from("tok_1")), name: "lobby".to_owned() };
    AuditEntry::new(&lobby, after(n), event_type, "created", json!({ "id": n })).of(&"sub".into())
}

/// The numbers of the entries that are found, the newest first.
async fn found(store: &Fixture, filter: &AuditFilter) -> Vec<u64> {
    found_in(store, &store.sub, filter).await
}

async fn found_in(store: &Fixture, subscriber: &SubscriberId, filter: &AuditFilter) -> Vec<u64> {
    let page = store.audit_query(subscriber, filter, &PageRequest::default()).await.unwrap();
    page.items.iter().map(|entry| entry.data["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn entries_come_back_as_they_were_the_newest_first() {
    let store = Fixture::new().await;
    for n in 0..3 {
        store.audit_append(entry(n, "device")).await.unwrap();
    }
    let mut cursor: Option<Cursor> = None;
    for n in [2, 1, 0] {
        let request = PageRequest { limit: 1, after: cursor };
        let page = store.audit_query(&store.sub, &AuditFilter::default(), &request).await.unwrap();
        let expected = AuditEntry { id: page.items[0].id.clone(), ..entry(n, "device") };
        assert_eq!(page.items, [expected]);
        cursor = page.next;
    }
    assert_eq!(cursor, None);
}

#[tokio::test]
async fn each_condition_narrows() {
    let store = Fixture::new().await;
    store.audit_append(entry(0, "device")).await.unwrap();
    store.audit_append(entry(1, "workflow")).await.unwrap();
    store.audit_append(AuditEntry { user: Some("USER1".to_owned()), ..entry(2, "use") }).await.unwrap();
    let everybody = AuditEntry { subscriber: None, ..entry(3, "token") };
    store.audit_append(AuditEntry { action: "revoked".to_owned(), ..everybody }).await.unwrap();
    let all = AuditFilter::default();
    let conditions = [
        (all.clone(), vec![2, 1, 0]),
        (AuditFilter { of_all: true, ..all.clone() }, vec![3, 2, 1, 0]),
        (AuditFilter { event_type: Some("workflow".to_owned()), ..all.clone() }, vec![1]),
        (AuditFilter { user: Some("USER1".to_owned()), ..all.clone() }, vec![2]),
        (AuditFilter { of_all: true, action: Some("revoked".to_owned()), ..all.clone() }, vec![3]),
        (AuditFilter { from: Some(after(1)), to: Some(after(2)), ..all }, vec![1]),
    ];
    for (filter, expected) in conditions {
        assert_eq!(found(&store, &filter).await, expected, "{filter:?}");
    }
    assert!(found_in(&store, &"other".into(), &AuditFilter::default()).await.is_empty());
}

#[tokio::test]
async fn what_is_old_or_too_much_is_forgotten() {
    let store = Fixture::new().await;
    for n in 0..6 {
        store.audit_append(entry(n, "device")).await.unwrap();
    }
    let all = AuditFilter::default();
    assert_eq!(store.audit_prune(after(1), 100).await.unwrap(), 1);
    assert_eq!(found(&store, &all).await, [5, 4, 3, 2, 1]);
    assert_eq!(store.audit_prune(START, 2).await.unwrap(), 3);
    assert_eq!(found(&store, &all).await, [5, 4]);
}
