//! Out of the queue.

use relay_server::model::{Claim, Class, NewTrigger, TriggerState};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START, after, claim};

const BOB: Option<&str> = Some("990007560011111");
const ANN: Option<&str> = Some("990007560022222");

#[tokio::test]
async fn only_what_is_due_is_claimed_and_only_once() {
    let store = Fixture::new().await;
    let due = store.accept(store.trigger("wf", None)).await;
    store.accept(NewTrigger { not_before: after(5), ..store.trigger("wf", None) }).await;
    assert_eq!(store.trigger_next_due(START).await.unwrap(), Some(after(5)));
    let [claimed] = &store.claim("n", START).await[..] else { panic!() };
    assert_eq!((&claimed.id, claimed.state, claimed.epoch), (&due.id, TriggerState::Dialing, 1));
    assert_eq!((claimed.node.as_ref().unwrap().as_str(), claimed.lease_until), ("n", Some(after(10))));
    assert_eq!(store.claim("m", after(4)).await, []);
    assert_eq!(store.claim("m", after(5)).await.len(), 1);
}

#[tokio::test]
async fn who_waits_in_person_comes_first_then_who_waits_longest() {
    let store = Fixture::new().await;
    let durable = |seconds| NewTrigger { not_before: after(seconds), ..store.trigger("wf", None) };
    let second = store.accept(durable(2)).await;
    let first = store.accept(durable(1)).await;
    let interactive =
        NewTrigger { class: Class::Interactive, not_before: after(3), ..store.trigger("wf", None) };
    let interactive = store.accept(interactive).await;
    let ids: Vec<_> = store.claim("n", after(5)).await.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [interactive.id, first.id, second.id]);
}

#[tokio::test]
async fn no_more_than_wanted() {
    let store = Fixture::new().await;
    for _ in 0..5 {
        store.accept(store.trigger("wf", None)).await;
    }
    let two = Claim { limit: 2, ..claim("n", START) };
    assert_eq!(store.trigger_claim(two).await.unwrap().len(), 2);
    assert_eq!(store.claim("n", START).await.len(), 3);
}

#[tokio::test]
async fn a_workflow_that_is_full_is_left_alone() {
    let store = Fixture::new().await;
    store.accept(store.trigger("full", None)).await;
    let other = store.accept(store.trigger("other", None)).await;
    let rows = store.trigger_claim(Claim { full: vec!["full".into()], ..claim("n", START) }).await.unwrap();
    assert_eq!(rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), [other.id]);
    // It is due, and not news.
    assert_eq!(store.trigger_next_due(START).await.unwrap(), Some(after(10)));
}

#[tokio::test]
async fn starts_of_a_device_and_a_workflow_stay_in_order() {
    let store = Fixture::new().await;
    let first = store.accept(store.trigger("wf", BOB)).await;
    let second = store.accept(store.trigger("wf", BOB)).await;
    let elsewhere =
        [store.accept(store.trigger("wf", ANN)).await, store.accept(store.trigger("other", BOB)).await];
    let ids: Vec<_> = store.claim("n", START).await.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, [first.id.clone(), elsewhere[0].id.clone(), elsewhere[1].id.clone()]);
    // Not before the first was started, even if that takes several attempts.
    store.trigger_release(&first.id, 1, after(5)).await.unwrap();
    assert_eq!(store.claim("n", after(4)).await, []);
    assert_eq!(store.claim("n", after(5)).await[0].id, first.id);
    store.trigger_started(&first.id, 2, after(6)).await.unwrap();
    assert_eq!(store.claim("n", after(6)).await[0].id, second.id);
}

#[tokio::test]
async fn what_is_for_later_holds_nobody_up() {
    let store = Fixture::new().await;
    let later = store.accept(NewTrigger { not_before: after(60), ..store.trigger("wf", BOB) }).await;
    let now = store.accept(store.trigger("wf", BOB)).await;
    let [claimed] = &store.claim("n", START).await[..] else { panic!() };
    assert_eq!(claimed.id, now.id);
    store.trigger_started(&now.id, 1, START).await.unwrap();
    assert_eq!(store.claim("n", after(60)).await[0].id, later.id);
}

#[tokio::test]
async fn who_waits_in_person_does_not_wait_for_what_is_durable() {
    let store = Fixture::new().await;
    let durable = store.accept(store.trigger("wf", BOB)).await;
    store.claim("n", START).await;
    store.trigger_release(&durable.id, 1, after(3600)).await.unwrap();
    let tap = store.accept(NewTrigger { class: Class::Interactive, ..store.trigger("wf", BOB) }).await;
    assert_eq!(store.claim("n", START).await[0].id, tap.id);
}

#[tokio::test]
async fn a_claim_that_ran_out_is_given_to_another_and_the_first_is_fenced() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", None)).await;
    store.claim("slow", START).await;
    assert_eq!(store.claim("quick", after(9)).await, []);
    store.trigger_extend(&row.id, 1, after(12)).await.unwrap();
    assert_eq!(store.claim("quick", after(11)).await, []);
    assert_eq!(store.trigger_next_due(START).await.unwrap(), Some(after(12)));
    let [again] = &store.claim("quick", after(12)).await[..] else { panic!() };
    assert_eq!(again.epoch, 2);
    for refused in [
        store.trigger_started(&row.id, 1, after(12)).await,
        store.trigger_extend(&row.id, 1, after(12)).await,
        store.trigger_release(&row.id, 1, after(12)).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Fenced(id)) if id == row.id));
    }
    store.trigger_started(&row.id, 2, after(13)).await.unwrap();
}

#[tokio::test]
async fn a_started_trigger_is_never_given_out_again() {
    let store = Fixture::new().await;
    let row = store.accept(store.trigger("wf", None)).await;
    store.claim("n", START).await;
    store.trigger_started(&row.id, 1, START).await.unwrap();
    assert_eq!(store.claim("n", after(1_000_000)).await, []);
    assert!(matches!(store.trigger_started(&row.id, 1, START).await, Err(StoreError::Fenced(_))));
    assert!(matches!(store.trigger_release(&row.id, 1, START).await, Err(StoreError::Fenced(_))));
    assert_eq!(store.trigger_next_due(START).await.unwrap(), None);
}

#[tokio::test]
async fn many_claimants_share_the_queue_without_overlap() {
    let store = Fixture::new().await;
    let accept = (0..300).map(|_| store.accept(store.trigger("wf", None)));
    futures_util::future::join_all(accept).await;
    let claims = (0..20).map(|node| {
        let claim = Claim { limit: 17, ..claim(&format!("n{node}"), START) };
        store.trigger_claim(claim)
    });
    let rows: Vec<_> =
        futures_util::future::join_all(claims).await.into_iter().flat_map(Result::unwrap).collect();
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
    assert_eq!((rows.len(), ids.len()), (300, 300));
}
