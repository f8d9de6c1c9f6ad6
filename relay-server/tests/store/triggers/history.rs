//! Looking at the queue and the history.

use relay_server::model::{
    Counts, Line, NewTrigger, Outcome, OutcomeKind, PageRequest, Subscriber, SubscriberId, TriggerFilter,
    TriggerState,
};
use serde_json::json;

use crate::fixture::{Fixture, START, after};

#[tokio::test]
async fn each_condition_narrows() {
    let store = Fixture::new().await;
    let mut ids = Vec::new();
    for (number, workflow) in ["a", "a", "b"].into_iter().enumerate() {
        let device = (workflow == "a").then_some("990007560011111");
        let accepted_at = after(number as u64);
        ids.push(store.accept(NewTrigger { accepted_at, ..store.trigger(workflow, device) }).await.id);
    }
    store.trigger_ended(&ids[0], 0, START, Outcome::new(OutcomeKind::Stopped, "")).await.unwrap();
    let all = TriggerFilter::default();
    let found: [(TriggerFilter, &[usize]); 8] = [
        (all.clone(), &[2, 1, 0]),
        (TriggerFilter { states: vec![TriggerState::Queued], ..all.clone() }, &[2, 1]),
        (TriggerFilter { outcomes: vec![OutcomeKind::Stopped, OutcomeKind::Broken], ..all.clone() }, &[0]),
        (TriggerFilter { workflow: Some("a".into()), ..all.clone() }, &[1, 0]),
        (TriggerFilter { device: Some("990007560011111".into()), ..all.clone() }, &[1, 0]),
        (TriggerFilter { from: Some(after(1)), to: Some(after(2)), ..all.clone() }, &[1]),
        (TriggerFilter { ids: vec![ids[2].clone(), ids[0].clone(), "wfi_0".into()], ..all.clone() }, &[2, 0]),
        (TriggerFilter { workflow: Some("b".into()), states: vec![TriggerState::Ended], ..all }, &[]),
    ];
    for (filter, expected) in found {
        let page = store.trigger_list(&store.sub, &filter, &PageRequest::default()).await.unwrap();
        let expected: Vec<_> = expected.iter().map(|at| &ids[*at]).collect();
        assert_eq!(page.items.iter().map(|row| &row.id).collect::<Vec<_>>(), expected, "{filter:?}");
    }
    let counts = Counts { queued: 2, ..Counts::default() };
    assert_eq!(store.trigger_counts().await.unwrap(), counts);
}

#[tokio::test]
async fn a_page_ends_where_the_next_begins_whatever_comes_meanwhile() {
    let store = Fixture::new().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(store.accept(store.trigger("wf", None)).await.id);
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let request = PageRequest { limit: 2, after };
        let page = store.trigger_list(&store.sub, &TriggerFilter::default(), &request).await.unwrap();
        seen.extend(page.items.into_iter().map(|row| row.id));
        store.accept(store.trigger("wf", None)).await;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    ids.reverse();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let store = Fixture::new().await;
    let other = SubscriberId::from("other");
    store.subscriber_create(&Subscriber::new(other.clone())).await.unwrap();
    store.accept(store.trigger("wf", None)).await;
    let page = store.trigger_list(&other, &TriggerFilter::default(), &PageRequest::default()).await.unwrap();
    assert_eq!((page.items, page.next), (Vec::new(), None));
}

#[tokio::test]
async fn what_ended_long_ago_is_forgotten_with_all_that_hangs_on_it() {
    let store = Fixture::new().await;
    let old = store.accept(store.trigger("wf", None)).await.id;
    let recent = store.accept(store.trigger("wf", None)).await.id;
    let live = store.accept(store.trigger("wf", None)).await.id;
    store.transcript_append(&old, vec![Line { number: 0, at: START, content: json!({}) }]).await.unwrap();
    for (id, at) in [(&old, 1), (&recent, 2)] {
        store.trigger_ended(id, 0, after(at), Outcome::new(OutcomeKind::Stopped, "")).await.unwrap();
    }
    assert_eq!(store.trigger_prune(after(2), after(2), 100).await.unwrap(), 1);
    assert_eq!(store.trigger_get(&old).await.unwrap(), None);
    assert_eq!(store.transcript_read(&old, 0).await.unwrap(), []);
    for id in [&recent, &live] {
        assert!(store.trigger_get(id).await.unwrap().is_some());
    }
}
