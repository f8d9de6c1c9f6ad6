//! The one outcome.

use relay_server::model::{Attempt, NewTrigger, Next, Outcome, OutcomeKind, Stage, TriggerState, UnixMs};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START, after};

fn attempt(began_at: UnixMs, failed_at: UnixMs) -> Attempt {
    Attempt {
        began_at,
        failed_at,
        stage: Stage::Tls,
        code: "certificate_expired".into(),
        message: "the certificate of example.org expired on 1 January; renew it".into(),
        http_status: None,
    }
}

#[tokio::test]
async fn failed_attempts_are_kept_until_it_is_started() {
    let store = Fixture::new().await;
    let id = store.accept(store.trigger("wf", None)).await.id;
    for (epoch, at) in [(1, 0), (2, 5)] {
        assert_eq!(store.claim("n", after(at)).await[0].epoch, epoch);
        let next = Next::RetryAt(after(at + 5));
        store.trigger_attempt_failed(&id, epoch, attempt(after(at), after(at + 1)), next).await.unwrap();
        let row = store.row(&id).await;
        assert_eq!(
            (row.state, row.attempts, row.not_before),
            (TriggerState::Queued, epoch as u32, after(at + 5))
        );
    }
    store.claim("n", after(10)).await;
    store.trigger_started(&id, 3, after(10)).await.unwrap();
    store.trigger_ended(&id, 3, after(70), Outcome::new(OutcomeKind::Completed, "")).await.unwrap();
    let expected = [attempt(START, after(1)), attempt(after(5), after(6))];
    assert_eq!(store.trigger_attempts(&id).await.unwrap(), expected);
    let row = store.row(&id).await;
    assert_eq!(
        (row.state, row.started_at, row.ended_at),
        (TriggerState::Ended, Some(after(10)), Some(after(70)))
    );
}

#[tokio::test]
async fn the_last_attempt_may_be_the_end() {
    let store = Fixture::new().await;
    let id = store.accept(store.trigger("wf", None)).await.id;
    store.claim("n", START).await;
    let outcome = Outcome::new(OutcomeKind::NotStarted, "certificate_expired");
    let next = Next::Failed(outcome.clone());
    store.trigger_attempt_failed(&id, 1, attempt(START, after(1)), next.clone()).await.unwrap();
    let row = store.row(&id).await;
    assert_eq!((row.state, row.outcome, row.started_at), (TriggerState::Ended, Some(outcome), None));
    let again = store.trigger_attempt_failed(&id, 1, attempt(START, after(1)), next).await;
    assert!(matches!(again, Err(StoreError::Fenced(_))));
    assert_eq!(store.trigger_attempts(&id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_end_is_the_end() {
    let store = Fixture::new().await;
    let id = store.accept(store.trigger("wf", None)).await.id;
    store.claim("n", START).await;
    store.trigger_started(&id, 1, START).await.unwrap();
    let ends =
        (0..10).map(|n| store.trigger_ended(&id, 1, START, Outcome::new(OutcomeKind::Broken, n.to_string())));
    let ended = futures_util::future::join_all(ends).await;
    assert_eq!(ended.iter().filter(|it| it.is_ok()).count(), 1);
    assert_eq!(store.row(&id).await.outcome, Some(Outcome::new(OutcomeKind::Broken, "0")));
    let unknown = store.trigger_ended(&"wfi_0".into(), 1, START, Outcome::new(OutcomeKind::Broken, "")).await;
    assert!(matches!(unknown, Err(StoreError::NotFound { what: "trigger", .. })));
}

#[tokio::test]
async fn what_is_too_old_expires_unless_somebody_is_at_it() {
    let store = Fixture::new().await;
    let short = |workflow| NewTrigger { not_after: after(60), ..store.trigger(workflow, None) };
    let queued = store.accept(short("a")).await;
    let dialing = store.accept(short("b")).await;
    store
        .trigger_claim(relay_server::model::Claim {
            full: vec!["a".into()],
            ..crate::fixture::claim("n", START)
        })
        .await
        .unwrap();
    assert_eq!(store.trigger_expire(after(59), 10).await.unwrap(), []);
    let expired = store.trigger_expire(after(60), 10).await.unwrap();
    assert_eq!(expired.iter().map(|row| &row.id).collect::<Vec<_>>(), [&queued.id]);
    assert_eq!(store.row(&queued.id).await, expired[0]);
    assert_eq!(expired[0].outcome.as_ref().unwrap().kind, OutcomeKind::Expired);
    assert_eq!(store.row(&dialing.id).await.state, TriggerState::Dialing);
}

#[tokio::test]
async fn after_a_crash_everything_goes_on_or_has_ended() {
    let store = Fixture::new().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(store.accept(store.trigger("wf", None)).await.id);
    }
    store
        .trigger_claim(relay_server::model::Claim { limit: 3, ..crate::fixture::claim("n", START) })
        .await
        .unwrap();
    store.trigger_started(&ids[0], 1, START).await.unwrap();
    store.trigger_started(&ids[1], 1, START).await.unwrap();
    store.trigger_ended(&ids[1], 1, START, Outcome::new(OutcomeKind::Completed, "")).await.unwrap();
    let store = store.reopen().await;
    assert_eq!(store.trigger_recover(&"another".into(), after(1)).await.unwrap(), Default::default());
    let found = store.trigger_recover(&"n".into(), after(1)).await.unwrap();
    let lost = |id| {
        let kind = OutcomeKind::ServerLost;
        let row = found.lost.iter().find(|row| row.id == id).unwrap();
        assert_eq!((row.ended_at, row.outcome.as_ref().unwrap().kind), (Some(after(1)), kind));
    };
    lost(ids[0].clone());
    assert_eq!(found.lost.len(), 1);
    assert_eq!(found.requeued.iter().map(|row| &row.id).collect::<Vec<_>>(), [&ids[2]]);
    // Who had it before the crash is fenced once it is claimed again.
    let claimed: Vec<_> =
        store.claim("n", after(1)).await.into_iter().map(|row| (row.id, row.epoch)).collect();
    assert_eq!(claimed, [(ids[2].clone(), 2), (ids[3].clone(), 1)]);
    assert!(matches!(store.trigger_started(&ids[2], 1, after(2)).await, Err(StoreError::Fenced(_))));
    assert_eq!(store.row(&ids[1]).await.outcome.unwrap().kind, OutcomeKind::Completed);
}
