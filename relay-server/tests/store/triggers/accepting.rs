//! Into the queue.

use relay_server::model::{Accepted, Hold, Idempotency, NewTrigger, TriggerId, TriggerState};
use relay_server::store::StoreError;
use serde_json::json;

use crate::fixture::{Fixture, START, after};

fn keyed(store: &Fixture, fingerprint: u8) -> NewTrigger {
    let idempotency = Idempotency { key: "k1".into(), fingerprint: vec![fingerprint], until: after(60) };
    NewTrigger { idempotency: Some(idempotency), ..store.trigger("wf", None) }
}

#[tokio::test]
async fn what_was_accepted_is_there_after_a_restart() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", Some("990007560011111"))).await;
    assert_eq!((row.state, row.epoch, row.attempts), (TriggerState::Queued, 0, 0));
    let store = store.reopen().await;
    assert_eq!(store.row(&row.id).await, row);
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_trigger() {
    let store = Fixture::new().await;
    let row = store.accept(keyed(&store, 1)).await;
    let again = store.trigger_accept(keyed(&store, 1)).await.unwrap();
    assert_eq!(again, Accepted::Known(row.clone()));
    // Also later, as it is then.
    store.claim("n", START).await;
    let again = store.trigger_accept(keyed(&store, 1)).await.unwrap();
    assert_eq!(again, Accepted::Known(store.row(&row.id).await));
    assert_eq!(again.row().state, TriggerState::Dialing);
}

#[tokio::test]
async fn many_at_once_with_one_key_are_one_trigger() {
    let store = Fixture::new().await;
    let all = (0..50).map(|_| store.trigger_accept(keyed(&store, 1)));
    let accepted = futures_util::future::join_all(all).await;
    let new = accepted.iter().filter(|it| matches!(it, Ok(Accepted::New(_)))).count();
    assert_eq!(new, 1);
    let ids: std::collections::BTreeSet<&TriggerId> =
        accepted.iter().map(|it| &it.as_ref().unwrap().row().id).collect();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn a_key_stands_for_one_request_until_it_is_forgotten() {
    let store = Fixture::new().await;
    let row = store.accept(keyed(&store, 1)).await;
    let refused = store.trigger_accept(keyed(&store, 2)).await.unwrap_err();
    assert!(matches!(refused, StoreError::KeyReused), "{refused}");
    let later = NewTrigger { accepted_at: after(60), ..keyed(&store, 2) };
    assert_ne!(store.accept(later).await.id, row.id);
}

#[tokio::test]
async fn an_id_is_used_once() {
    let store = Fixture::new().await;
    let new = store.trigger("wf", None);
    store.accept(new.clone()).await;
    let refused = store.trigger_accept(new).await.unwrap_err();
    assert!(matches!(refused, StoreError::Exists { what: "trigger", .. }), "{refused}");
}

#[tokio::test]
async fn there_is_nothing_to_trigger_in_an_account_that_does_not_exist() {
    let store = Fixture::new().await;
    let new = NewTrigger { subscriber: "nobody".into(), ..store.trigger("wf", None) };
    let refused = store.trigger_accept(new).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotFound { what: "subscriber", .. }), "{refused}");
}

#[tokio::test]
async fn what_its_acceptor_starts_itself_need_not_be_claimed() {
    let store = Fixture::new().await;
    let hold = Some(Hold { node: "n".into(), until: after(10) });
    let row = store.accept(NewTrigger { hold, ..store.trigger("wf", None) }).await;
    assert_eq!((row.state, row.epoch), (TriggerState::Dialing, 1));
    assert_eq!(store.row(&row.id).await, row);
    assert_eq!(store.claim("n", after(9)).await, []);
    store.trigger_started(&row.id, 1, after(1)).await.unwrap();
}

#[tokio::test]
async fn the_trigger_object_comes_back_as_it_went() {
    let store = Fixture::new().await;
    let trigger =
        json!({"type": "phrase", "args": {"phrase": "größe \u{0}\n", "n": 1.5, "deep": [[[null]]]}});
    let row = store.accept(NewTrigger { trigger: trigger.clone(), ..store.trigger("wf", None) }).await;
    assert_eq!(store.row(&row.id).await.trigger, trigger);
}
