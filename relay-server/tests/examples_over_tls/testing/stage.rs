//! The server of a script, and the time that passes in it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use relay_engine::{DeviceError, DeviceKey, Engine, Taken};
use relay_protocol::session::Timestamp;
use relay_server::account::Account;
use relay_server::clock::Clock;
use relay_server::dial::{Dialer, DialerConfig, Trust};
use relay_server::events::{Event, Filter, Hub, Item, Kind, Watcher};
use relay_server::model::{EventFilter, EventSource, PageRequest, Subscriber, SubscriberId, UnixMs};
use relay_server::store::{Store, StoreOptions};
use relay_server::trigger::{Parts, Runner, RunnerConfig};
use relay_testkit::{Authority, Certificate};
use tempfile::TempDir;
use tokio::sync::Mutex as AsyncMutex;

use super::expected::{Expected, Verdict};
use super::run::quiet;
use super::senses::Senses;
use super::setup::Setup;

/// One for the whole binary: keys cost time.
pub(crate) static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::new("Relay development authority").unwrap());
pub(crate) static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| AUTHORITY.certificate().unwrap());

/// 4 January 2027, a Monday.
const MONDAY: UnixMs = UnixMs::new(1_799_020_800_000);
/// How long an expectation waits, in virtual time.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// The clocks stop at each time for which the server waits. What workflows wait for is not known, so that they are looked
/// after this often.
const STRIDE: Duration = Duration::from_secs(10);
/// Nobody presses a button faster.
const REACTION: Duration = Duration::from_millis(100);

/// A server whose workflows are served by the SDK, over TLS.
pub(super) struct Stage {
    pub(super) runner: Runner,
    pub(super) subscriber: SubscriberId,
    account: Account,
    store: Store,
    clock: Clock,
    eyes: AsyncMutex<Eyes>,
    failures: Arc<Mutex<Vec<String>>>,
    _directory: TempDir,
}

/// What there was to see, and what comes.
struct Eyes {
    clock: Clock,
    watcher: Watcher,
    seen: Seen,
}

#[derive(Default)]
pub(super) struct Seen {
    /// By the id of the device.
    pub(super) people: HashMap<String, Senses>,
    /// Id and kind.
    pub(super) incidents: VecDeque<(String, String)>,
    /// Why runs have ended.
    pub(super) ended: VecDeque<String>,
    /// Records of the analytics that were asked about.
    records: usize,
    /// Everything, for who wants to know why an expectation failed.
    story: Vec<String>,
}

impl Stage {
    pub(super) async fn open(mut setup: Setup) -> Self {
        let listening = setup.listen().await;
        let uri = format!("wss://localhost:{}", listening.local_addr().port());
        tokio::spawn(listening.serve_with_shutdown(std::future::pending()));

        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::new(directory.path().join("relay.db"))).await.unwrap();
        let subscriber = SubscriberId::from("sub");
        store.subscriber_create(&Subscriber::new("sub")).await.unwrap();
        setup.store(&store, &subscriber, &uri).await.unwrap();

        let (hub, clock) = (Hub::new(1, 100_000, 64 << 20), Clock::virtual_at(MONDAY));
        let mut seen = Seen::default();
        for device in &setup.devices {
            seen.people.insert(device.id.to_string(), Senses::new(&device.home_channel));
        }
        let eyes =
            AsyncMutex::new(Eyes { clock: clock.clone(), watcher: hub.watch(None, Filter::default()), seen });
        let dialer = Dialer::new(DialerConfig::new(Trust::only(&AUTHORITY.pem()).unwrap()));
        let parts = Parts { store: store.clone(), clock: clock.clone(), hub, dialer };
        let runner = Runner::start(parts, RunnerConfig::default()).await.unwrap();
        let account = runner.account(&subscriber).unwrap();
        let Setup { sounds, failures, .. } = setup;
        account
            .run(move |platform| sounds.iter().for_each(|(name, length)| platform.save_sound(name, *length)))
            .await
            .unwrap();
        Self { runner, subscriber, account, store, clock, eyes, failures, _directory: directory }
    }

    /// Waits until `check` says that it has come, and lets time pass meanwhile.
    pub(super) async fn until<T>(
        &self,
        expected: &Expected,
        mut check: impl FnMut(&mut Seen) -> Verdict<T>,
    ) -> T {
        let given_up = self.clock.wall() + PATIENCE;
        let mut eyes = self.eyes.lock().await;
        loop {
            match check(&mut eyes.seen) {
                Verdict::Met(met) => return met,
                Verdict::Failed(why) => expected.fail(&why, &eyes.seen.story()),
                Verdict::NotYet if self.clock.wall() >= given_up => {
                    expected.fail("an hour later that has not come", &eyes.seen.story())
                }
                Verdict::NotYet => {}
            }
            if let Some(failure) = self.failure() {
                expected.fail(&format!("a handler failed: {failure}"), &eyes.seen.story());
            }
            if !eyes.look().await {
                self.step(STRIDE).await;
            }
        }
    }

    /// Lets this time pass, in which `check` must find nothing to object to.
    pub(super) async fn pass(
        &self,
        expected: &Expected,
        time: Duration,
        mut check: impl FnMut(&mut Seen) -> Option<String>,
    ) {
        let over = self.clock.wall() + time;
        let mut eyes = self.eyes.lock().await;
        loop {
            while eyes.look().await {}
            if let Some(why) = check(&mut eyes.seen) {
                expected.fail(&why, &eyes.seen.story());
            }
            if self.clock.wall() >= over {
                return;
            }
            self.step(over - self.clock.wall()).await;
        }
    }

    /// Does something with a device, no faster than a person can.
    pub(super) async fn act(
        &self,
        device: &str,
        act: impl FnOnce(&mut Engine, Timestamp, DeviceKey) -> Result<Taken, DeviceError> + Send + 'static,
    ) {
        self.pass(&Expected::new("time to pass"), REACTION, |_| None).await;
        let id = device.into();
        let acted = self.account.run(move |platform| {
            let key = platform.ids.devices.key(&id).unwrap();
            act(platform.engine, platform.now, key)
        });
        let _ = acted.await.unwrap(); // devices out of reach are part of life
    }

    /// Somebody at the console closes an incident.
    pub(super) async fn close_incident(&self, id: &str, reason: &str, resolve: bool) {
        let (id, reason) = (id.to_owned(), reason.to_owned());
        let close = move |platform: &mut relay_server::account::Platform<'_>| match resolve {
            true => platform.engine.resolve_incident(platform.now, &id, &*reason),
            false => platform.engine.cancel_incident(platform.now, &id, &*reason),
        };
        self.account.run(close).await.unwrap().unwrap();
    }

    /// The next record that a workflow leaves for later.
    pub(super) async fn record(&self, expected: &Expected) -> String {
        let filter = EventFilter { source: Some(EventSource::User), ..EventFilter::default() };
        let given_up = self.clock.wall() + PATIENCE;
        loop {
            let page = PageRequest::default();
            let all = self.store.analytics_query(&self.subscriber, &filter, &page).await.unwrap().items;
            let mut eyes = self.eyes.lock().await;
            if let Some(record) = all.iter().rev().nth(eyes.seen.records) {
                eyes.seen.records += 1;
                return record.content.clone();
            }
            if self.clock.wall() >= given_up {
                expected.fail("an hour later there is none", &eyes.seen.story());
            }
            if !eyes.look().await {
                self.step(STRIDE).await;
            }
        }
    }

    /// What a handler has failed with that was not asked about.
    pub(super) fn failure(&self) -> Option<String> {
        let mut failures = self.failures.lock().unwrap();
        (!failures.is_empty()).then(|| failures.remove(0))
    }

    /// The next failure of a handler.
    pub(super) async fn failed(&self, expected: &Expected) -> String {
        let given_up = self.clock.wall() + PATIENCE;
        let mut eyes = self.eyes.lock().await;
        loop {
            if let Some(failure) = self.failure() {
                return failure;
            }
            if self.clock.wall() >= given_up {
                expected.fail("an hour later none has", &eyes.seen.story());
            }
            if !eyes.look().await {
                self.step(STRIDE).await;
            }
        }
    }

    /// Moves both clocks on: the server's, and tokio's for the workflows. Not past anything that the server waits for.
    async fn step(&self, most: Duration) {
        let next =
            self.clock.waiting().unwrap().first().map_or(STRIDE, |next| next.until - self.clock.wall());
        let step = next.min(most).min(STRIDE);
        self.clock.advance(step).await.unwrap();
        tokio::time::advance(step).await;
    }
}

impl Eyes {
    /// Whether there was something to see, before nothing was under way any more.
    async fn look(&mut self) -> bool {
        tokio::select! {
            biased;
            item = self.watcher.next() => {
                if let Item::Event(published) = item {
                    self.seen.take(&published.event);
                }
                true
            }
            () = quiet(&self.clock) => false,
        }
    }
}

impl Seen {
    fn take(&mut self, event: &Event) {
        let text = |key: &str| event.data[key].as_str().unwrap_or_default().to_owned();
        match (event.kind, event.what) {
            (Kind::Device, _) => {
                let senses = event.device.as_ref().and_then(|device| self.people.get_mut(device));
                senses.into_iter().for_each(|senses| senses.perceive(event));
            }
            (Kind::Instance, "incident_opened") => self.incidents.push_back((text("id"), text("type"))),
            (Kind::Instance, "ended") => self.ended.push_back(text("reason")),
            _ => {}
        }
        let who = event.device.as_deref().or(event.workflow.as_deref()).unwrap_or_default();
        self.story.push(format!("{} {who} {} {}", event.at - MONDAY.get(), event.what, event.data));
    }

    fn story(&self) -> String {
        self.story.join("\n")
    }
}
