//! Once more, because somebody wants it.

use relay_server::model::{NewTrigger, Outcome, OutcomeKind, Retry, TriggerFilter, TriggerId, TriggerState};

use crate::fixture::{Fixture, START, after};

async fn ended(store: &Fixture, workflow: &str, kind: OutcomeKind) -> TriggerId {
    let id = store.accept(store.trigger(workflow, None)).await.id;
    if kind == OutcomeKind::Broken {
        store.claim("n", START).await;
        store.trigger_started(&id, 1, START).await.unwrap();
        store.trigger_ended(&id, 1, START, Outcome::new(kind, "")).await.unwrap();
    } else {
        store.trigger_ended(&id, 0, START, Outcome::new(kind, "")).await.unwrap();
    }
    id
}

fn retry(dry_run: bool) -> Retry {
    Retry { now: after(3600), not_after: after(7200), dry_run }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_does_nothing() {
    let store = Fixture::new().await;
    let a = ended(&store, "a", OutcomeKind::NotStarted).await;
    ended(&store, "b", OutcomeKind::NotStarted).await;
    let filter = TriggerFilter { workflow: Some("a".into()), ..TriggerFilter::default() };
    for _ in 0..2 {
        let would = store.trigger_retry(&store.sub, &filter, retry(true)).await.unwrap();
        assert_eq!(would.into_iter().map(|row| row.id).collect::<Vec<_>>(), std::slice::from_ref(&a));
    }
    assert_eq!(store.claim("n", after(3600)).await, []);
}

#[tokio::test]
async fn what_never_began_is_tried_again_once_as_a_new_trigger() {
    let store = Fixture::new().await;
    let failed = [
        ended(&store, "a", OutcomeKind::NotStarted).await,
        ended(&store, "a", OutcomeKind::Expired).await,
        ended(&store, "a", OutcomeKind::Missed).await,
    ];
    ended(&store, "a", OutcomeKind::Broken).await; // it had been started
    ended(&store, "a", OutcomeKind::Stopped).await; // somebody wanted that
    let all = TriggerFilter::default();
    let again = store.trigger_retry(&store.sub, &all, retry(false)).await.unwrap();
    let of: Vec<_> = again.iter().map(|row| row.retry_of.clone().unwrap()).collect();
    assert_eq!(of, failed);
    assert_eq!(store.trigger_retry(&store.sub, &all, retry(false)).await.unwrap(), []);
    let row = store.row(&again[0].id).await;
    assert_eq!((row.state, row.not_after, row.accepted_at), (TriggerState::Queued, after(7200), after(3600)));
    assert_eq!(store.row(&failed[0]).await.outcome.unwrap().kind, OutcomeKind::NotStarted);
    assert_eq!(store.claim("n", after(3600)).await.len(), 3);
    // If it fails again, that one may be tried again.
    store.trigger_ended(&row.id, 1, after(3600), Outcome::new(OutcomeKind::NotStarted, "")).await.unwrap();
    let third = store.trigger_retry(&store.sub, &all, retry(false)).await.unwrap();
    assert_eq!(third[0].retry_of, Some(row.id));
}

#[tokio::test]
async fn an_occurrence_of_a_timer_can_be_tried_again() {
    let store = Fixture::new().await;
    let new = NewTrigger { fire_at: Some(START), ..store.trigger("wf", None) };
    let id = store.accept(new).await.id;
    store.trigger_ended(&id, 0, START, Outcome::new(OutcomeKind::NotStarted, "")).await.unwrap();
    let again = store.trigger_retry(&store.sub, &TriggerFilter::default(), retry(false)).await.unwrap();
    assert_eq!((again[0].fire_at, again[0].retry_of.as_ref()), (None, Some(&id)));
}
