//! Where timers are.

use relay_protocol::manifest::{TimerSpec, TriggerSpec};
use relay_server::model::{
    Due, Firing, NewTrigger, OutcomeKind, PageRequest, Schedule, TriggerFilter, Workflow,
};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START, after};

async fn timer(store: &Fixture, id: &str, next: Option<u64>) {
    let workflow = Workflow::new(id, id, "wss://example.org/", TriggerSpec::Timer(TimerSpec::default()));
    store.save(&store.sub, &workflow).await.unwrap();
    let schedule = Schedule { next: next.map(after), past: 0 };
    store.schedule_set(&store.sub, &id.into(), Some(schedule)).await.unwrap();
}

fn due(store: &Fixture, id: &str, at: u64) -> Due {
    Due { subscriber: store.sub.clone(), workflow: id.into(), at: after(at), past: 0 }
}

fn occurrence(store: &Fixture, id: &str, at: u64) -> NewTrigger {
    NewTrigger { fire_at: Some(after(at)), ..store.trigger(id, None) }
}

#[tokio::test]
async fn timers_are_due_in_order() {
    let store = Fixture::new().await;
    for (id, next) in [("late", Some(30)), ("early", Some(10)), ("never", None), ("far", Some(99))] {
        timer(&store, id, next).await;
    }
    assert_eq!(store.schedule_next().await.unwrap(), Some(after(10)));
    let found = store.schedule_due(after(30), 10).await.unwrap();
    assert_eq!(found, [due(&store, "early", 10), due(&store, "late", 30)]);
    assert_eq!(store.schedule_due(after(30), 1).await.unwrap(), found[..1]);
    store.schedule_set(&store.sub, &"early".into(), None).await.unwrap();
    assert_eq!(store.schedule_next().await.unwrap(), Some(after(30)));
}

#[tokio::test]
async fn a_timer_belongs_to_a_workflow() {
    let store = Fixture::new().await;
    let schedule = Some(Schedule { next: None, past: 0 });
    let refused = store.schedule_set(&store.sub, &"wf".into(), schedule).await.unwrap_err();
    assert_eq!(refused.to_string(), r#"there is no workflow "wf""#);
}

#[tokio::test]
async fn what_is_due_fires_and_moves_in_one_step() {
    let store = Fixture::new().await;
    timer(&store, "wf", Some(10)).await;
    let miss = Firing::Miss { trigger: occurrence(&store, "wf", 20), reason: "2 times had passed".into() };
    let fire = Firing::Fire(occurrence(&store, "wf", 30));
    let then = Schedule { next: Some(after(40)), past: 3 };
    let fired = store.schedule_fire(due(&store, "wf", 10), vec![miss, fire], then).await.unwrap();
    assert_eq!(fired.iter().map(|row| row.fire_at).collect::<Vec<_>>(), [Some(after(30))]);
    assert_eq!(store.schedule_get(&store.sub, &"wf".into()).await.unwrap(), Some(then));
    let all = TriggerFilter::default();
    let page = store.trigger_list(&store.sub, &all, &PageRequest::default()).await.unwrap();
    let [queued, missed] = &page.items[..] else { panic!("{page:?}") };
    assert_eq!(queued, &fired[0]);
    let outcome = missed.outcome.as_ref().unwrap();
    assert_eq!((outcome.kind, outcome.reason.as_str()), (OutcomeKind::Missed, "2 times had passed"));
}

#[tokio::test]
async fn an_occurrence_fires_once_however_many_see_it() {
    let store = Fixture::new().await;
    timer(&store, "wf", Some(10)).await;
    let then = Schedule { next: Some(after(20)), past: 1 };
    let fire = |_| {
        store.schedule_fire(due(&store, "wf", 10), vec![Firing::Fire(occurrence(&store, "wf", 10))], then)
    };
    let fired = futures_util::future::join_all((0..10).map(fire)).await;
    assert_eq!(fired.iter().filter(|it| it.is_ok()).count(), 1);
    assert!(fired.iter().skip(1).all(|it| matches!(it, Err(StoreError::NotFound { what: "due timer", .. }))));
    // Even if somebody sets the clock back, and the timer with it; which goes on all the same.
    store
        .schedule_set(&store.sub, &"wf".into(), Some(Schedule { next: Some(after(10)), past: 0 }))
        .await
        .unwrap();
    assert_eq!(fire(0).await.unwrap(), []);
    assert_eq!(store.schedule_get(&store.sub, &"wf".into()).await.unwrap(), Some(then));
    assert_eq!(store.claim("n", START).await.len(), 1);
}
