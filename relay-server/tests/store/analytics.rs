//! The records of workflows, and of the server about them.

use relay_server::model::{
    Cursor, Event, EventFilter, EventId, EventSource, Outcome, OutcomeKind, PageRequest, TriggerId,
};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START, after};

fn event(number: u64, category: &str) -> Event {
    Event {
        id: EventId::from(format!("ev_{number}")),
        subscriber: "sub".into(),
        at: after(number),
        workflow: Some("wf".into()),
        instance: Some("wfi_1".into()),
        user: Some("990007560011111".into()),
        source: EventSource::User,
        category: category.into(),
        content_type: "text/plain".into(),
        content: "done".into(),
    }
}

fn page(limit: u32, after: Option<Cursor>) -> PageRequest {
    PageRequest { limit, after }
}

#[tokio::test]
async fn records_come_in_pages_the_newest_first() {
    let store = Fixture::new().await;
    store.analytics_append((0..5).map(|n| event(n, "rounds")).collect()).await.unwrap();
    store.analytics_append(vec![event(4, "again")]).await.unwrap(); // known already
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let filter = EventFilter::default();
        let page = store.analytics_query(&store.sub, &filter, &page(2, cursor)).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..5).rev().map(|n| event(n, "rounds")).collect();
    assert_eq!(seen, expected);
    let request = page(2, Some(Cursor("oldest".into())));
    let refused = store.analytics_query(&store.sub, &EventFilter::default(), &request).await.unwrap_err();
    assert!(matches!(refused, StoreError::Cursor(_)));
}

#[tokio::test]
async fn each_condition_narrows() {
    let store = Fixture::new().await;
    store.analytics_append((0..4).map(|n| event(n, if n < 2 { "a" } else { "b" })).collect()).await.unwrap();
    let all = EventFilter::default();
    let found = [
        (all.clone(), 4),
        (EventFilter { category: Some("a".into()), ..all.clone() }, 2),
        (EventFilter { category: Some("a".into()), from: Some(after(1)), ..all.clone() }, 1),
        (EventFilter { to: Some(after(1)), ..all.clone() }, 1),
        (EventFilter { workflow: Some("other".into()), ..all.clone() }, 0),
        (EventFilter { instance: Some("wfi_1".into()), user: Some("nobody".into()), ..all.clone() }, 0),
        (EventFilter { source: Some(EventSource::System), ..all }, 0),
    ];
    for (filter, expected) in found {
        let page = store.analytics_query(&store.sub, &filter, &PageRequest::default()).await.unwrap();
        assert_eq!(page.items.len(), expected, "{filter:?}");
    }
    assert_eq!(store.analytics_prune(after(3)).await.unwrap(), 3);
}

#[tokio::test]
async fn every_end_is_recorded_once_as_official_clients_expect_it() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", Some("990007560011111"))).await;
    let outcome = Outcome::new(OutcomeKind::Stopped, "by Ada");
    store.trigger_ended(&row.id, 0, START, outcome.clone()).await.unwrap();
    assert!(matches!(store.trigger_ended(&row.id, 0, START, outcome).await, Err(StoreError::Fenced(_))));
    let filter = EventFilter { instance: Some(TriggerId::clone(&row.id)), ..EventFilter::default() };
    let page = store.analytics_query(&store.sub, &filter, &PageRequest::default()).await.unwrap();
    let [event] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!((event.category.as_str(), event.content_type.as_str()), ("workflow", "application/json"));
    let content: serde_json::Value = serde_json::from_str(&event.content).unwrap();
    assert_eq!(content["command"], "terminate");
    assert_eq!(content["workflow_uri"], "wss://example.org/wf");
    assert_eq!(content["terminate_reason"], "stopped: by Ada");
    assert_eq!(content["end_time"], "2027-01-15T08:00:00.000Z");
}
