//! What durability costs: triggers accepted and brought to their end, and opening with many registrations.
//!
//! `cargo bench -p relay-server --bench store`. Items are triggers; each is on disk before it counts.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use futures_util::future::join_all;
use relay_protocol::manifest::TriggerSpec;
use relay_server::model::{
    Class, Hold, NewTrigger, Outcome, OutcomeKind, Subscriber, SubscriberId, TriggerId, UnixMs, Workflow,
};
use relay_server::store::{Store, StoreOptions};
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const NOW: UnixMs = UnixMs::new(1_800_000_000_000);

fn main() {
    divan::main();
}

struct Bench {
    runtime: Runtime,
    store: Store,
    _directory: TempDir,
}

impl Bench {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let store =
            runtime.block_on(Store::open(StoreOptions::new(directory.path().join("relay.db")))).unwrap();
        runtime.block_on(store.subscriber_create(&Subscriber::new("sub"))).unwrap();
        Self { runtime, store, _directory: directory }
    }
}

fn trigger(hold: Option<Hold>) -> NewTrigger {
    NewTrigger {
        id: TriggerId::generate(NOW),
        subscriber: "sub".into(),
        workflow: "wf_bench_0".into(),
        workflow_name: "bench".into(),
        uri: "wss://example.org/bench".into(),
        device: Some("990007560011111".into()),
        class: Class::Durable,
        trigger: json!({"type": "http", "args": {"args": {"room": "231", "urgent": "yes"}}}),
        accepted_at: NOW,
        not_before: NOW,
        not_after: NOW + Duration::from_secs(86_400),
        fire_at: None,
        idempotency: None,
        hold,
    }
}

/// Accepted, so many at once.
#[divan::bench(args = [1, 64, 1024], sample_count = 30)]
fn accept(bencher: Bencher<'_, '_>, at_once: usize) {
    let bench = Bench::new();
    bencher.counter(ItemsCount::new(at_once)).bench_local(|| {
        let all = (0..at_once).map(|_| bench.store.trigger_accept(trigger(None)));
        bench.runtime.block_on(join_all(all)).into_iter().for_each(|accepted| drop(accepted.unwrap()));
    });
}

/// Accepted, started and ended, each by itself, so many at once: three commits each.
#[divan::bench(args = [1, 64, 1024], sample_count = 20)]
fn whole_life(bencher: Bencher<'_, '_>, at_once: usize) {
    let bench = Bench::new();
    let hold = Hold { node: "n".into(), until: NOW };
    bencher.counter(ItemsCount::new(at_once)).bench_local(|| {
        let life = async || {
            let new = trigger(Some(hold.clone()));
            let id = new.id.clone();
            bench.store.trigger_accept(new).await.unwrap();
            bench.store.trigger_started(&id, 1, NOW).await.unwrap();
            bench.store.trigger_ended(&id, 1, NOW, Outcome::new(OutcomeKind::Completed, "")).await.unwrap();
        };
        bench.runtime.block_on(join_all((0..at_once).map(|_| life())));
    });
}

/// Opened, and all registrations read.
#[divan::bench(args = [0, 100_000], sample_count = 5, sample_size = 1)]
fn open(bencher: Bencher<'_, '_>, registrations: usize) {
    let runtime = Runtime::new().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let sub = SubscriberId::from("sub");
    runtime.block_on(async {
        let store = Store::open(StoreOptions::new(&path)).await.unwrap();
        store.subscriber_create(&Subscriber::new("sub")).await.unwrap();
        let phrase = |number| TriggerSpec::Phrases(vec![format!("say hello {number}")]);
        let workflows: Vec<Workflow> = (0..registrations)
            .map(|n| {
                Workflow::new(format!("wf_{n}"), format!("hello {n}"), "wss://example.org/hello", phrase(n))
            })
            .collect();
        for some in workflows.chunks(1024) {
            join_all(some.iter().map(|it| store.save(&sub, it))).await;
        }
        store.close().await;
    });
    bencher.bench_local(|| {
        runtime.block_on(async {
            let store = Store::open(StoreOptions::new(&path)).await.unwrap();
            let all = store.list::<Workflow>(&sub).await.unwrap();
            assert_eq!(black_box(all).len(), registrations);
            store.close().await;
        });
    });
}

/// A store whose history holds a hundred thousand triggers, and whose queue ten that are not due.
fn with_history() -> &'static Bench {
    static BENCH: std::sync::OnceLock<Bench> = std::sync::OnceLock::new();
    BENCH.get_or_init(|| {
        let bench = Bench::new();
        let life = async |_| {
            let new = trigger(Some(Hold { node: "n".into(), until: NOW }));
            let id = new.id.clone();
            bench.store.trigger_accept(new).await.unwrap();
            bench.store.trigger_started(&id, 1, NOW).await.unwrap();
            bench.store.trigger_ended(&id, 1, NOW, Outcome::new(OutcomeKind::Completed, "")).await.unwrap();
        };
        for _ in 0..100 {
            bench.runtime.block_on(join_all((0..1000).map(life)));
        }
        for _ in 0..10 {
            let later = NewTrigger { not_before: NOW + Duration::from_secs(60), ..trigger(None) };
            bench.runtime.block_on(bench.store.trigger_accept(later)).unwrap();
        }
        bench
    })
}

/// What is asked all the time must not cost more because much has happened.
#[divan::bench_group(sample_count = 30, sample_size = 1)]
mod with_history {
    use divan::Bencher;
    use relay_server::model::{Claim, EventFilter, PageRequest, TriggerFilter, TriggerState};

    use super::{NOW, with_history};

    #[divan::bench]
    fn claim_nothing(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        let claim = || Claim { node: "n".into(), now: NOW, until: NOW, limit: 100, full: Vec::new() };
        bencher.bench_local(|| bench.runtime.block_on(bench.store.trigger_claim(claim())).unwrap());
    }

    #[divan::bench]
    fn next_due(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        bencher.bench_local(|| bench.runtime.block_on(bench.store.trigger_next_due(NOW)).unwrap());
    }

    #[divan::bench]
    fn expire_nothing(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        bencher.bench_local(|| bench.runtime.block_on(bench.store.trigger_expire(NOW, 100)).unwrap());
    }

    #[divan::bench]
    fn recover_nothing(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        bencher
            .bench_local(|| bench.runtime.block_on(bench.store.trigger_recover(&"n".into(), NOW)).unwrap());
    }

    #[divan::bench]
    fn prune_nothing(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        bencher.bench_local(|| bench.runtime.block_on(bench.store.trigger_prune(NOW, NOW, 100)).unwrap());
    }

    #[divan::bench]
    fn count(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        bencher.bench_local(|| bench.runtime.block_on(bench.store.trigger_counts()).unwrap());
    }

    #[divan::bench(args = ["live", "history"])]
    fn page_of(bencher: Bencher<'_, '_>, what: &str) {
        let bench = with_history();
        let states = match what {
            "live" => vec![TriggerState::Dialing, TriggerState::Started],
            _ => vec![TriggerState::Ended],
        };
        let (sub, page) = ("sub".into(), PageRequest::default());
        let filter = TriggerFilter { states, ..TriggerFilter::default() };
        bencher
            .bench_local(|| bench.runtime.block_on(bench.store.trigger_list(&sub, &filter, &page)).unwrap());
    }

    #[divan::bench]
    fn records_of_an_instance(bencher: Bencher<'_, '_>) {
        let bench = with_history();
        let (sub, page) = ("sub".into(), PageRequest::default());
        let filter = EventFilter { instance: Some("wfi_0".into()), ..EventFilter::default() };
        bencher.bench_local(|| {
            bench.runtime.block_on(bench.store.analytics_query(&sub, &filter, &page)).unwrap()
        });
    }
}
