//! What each story plays on: a runner with its store, and devices.

use std::error::Error;
use std::sync::LazyLock;
use std::time::Duration;

use relay_protocol::manifest::TriggerSpec;
use relay_runtime::server::{Listening, Server};
use relay_server::account::Account;
use relay_server::clock::Clock;
use relay_server::dial::{Dialer, DialerConfig, Trust};
use relay_server::events::{Event, Filter, Hub, Item, Watcher};
use relay_server::model::{
    Accepted, Device, DeviceId, Subscriber, SubscriberId, TriggerId, TriggerRow, TriggerState, UnixMs,
    Workflow,
};
use relay_server::store::{Store, StoreOptions};
use relay_server::trigger::{AcceptError, Invocation, Parts, Runner, RunnerConfig};
use relay_testkit::{Authority, Certificate};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::workflows;

pub(crate) type Test<T = ()> = Result<T, Box<dyn Error>>;

/// One for the whole binary: keys cost time.
pub(crate) static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::new("Relay development authority").unwrap());
pub(crate) static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| AUTHORITY.certificate().unwrap());

/// No story takes that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
pub(crate) const MONDAY: UnixMs = UnixMs::new(1_799_020_800_000);
pub(crate) const ALICE: &str = "990007560000001";
pub(crate) const BOB: &str = "990007560000002";

pub(crate) struct Stage {
    pub(crate) runner: Runner,
    pub(crate) store: Store,
    pub(crate) account: Account,
    pub(crate) subscriber: SubscriberId,
    pub(crate) clock: Clock,
    hub: Hub,
    watcher: Watcher,
    /// Where the workflows are.
    pub(crate) workflows: String,
    pub(crate) directory: TempDir,
}

impl Stage {
    pub(crate) async fn open() -> Test<Self> {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut RunnerConfig)) -> Test<Self> {
        Self::at(tempfile::tempdir()?, change).await
    }

    /// On a clock that is moved by hand; it begins on 4 January 2027, a Monday.
    pub(crate) async fn on_a_virtual_clock() -> Test<Self> {
        Self::start(tempfile::tempdir()?, Clock::virtual_at(MONDAY), |_| {}).await
    }

    /// With the database that is there already.
    pub(crate) async fn at(directory: TempDir, change: impl FnOnce(&mut RunnerConfig)) -> Test<Self> {
        Self::start(directory, Clock::real(), change).await
    }

    pub(crate) async fn start(
        directory: TempDir,
        clock: Clock,
        change: impl FnOnce(&mut RunnerConfig),
    ) -> Test<Self> {
        let store = Store::open(StoreOptions::new(directory.path().join("relay.db"))).await?;
        let subscriber = SubscriberId::from("sub");
        if store.subscriber_get(&subscriber).await?.is_none() {
            store.subscriber_create(&Subscriber::new("sub")).await?;
            store.save(&subscriber, &Device::new(ALICE, "Alice")).await?;
            store.save(&subscriber, &Device::new(BOB, "Bob")).await?;
        }
        let hub = Hub::new(1, 100_000, 64 << 20);
        let watcher = hub.watch(None, Filter::default());
        let dialer = Dialer::new(DialerConfig::new(Trust::only(&AUTHORITY.pem())?));
        let parts = Parts { store: store.clone(), clock: clock.clone(), hub: hub.clone(), dialer };
        let mut config = RunnerConfig::default();
        change(&mut config);
        let runner = Runner::start(parts, config).await?;
        let account = runner.account(&subscriber).ok_or("no account")?;
        let listening: Listening = workflows::all(Server::builder())
            .tls_pem(CERTIFICATE.certificate.clone(), CERTIFICATE.key.clone())
            .bind(([127, 0, 0, 1], 0))
            .listen()
            .await?;
        let workflows = format!("wss://localhost:{}", listening.local_addr().port());
        tokio::spawn(listening.serve_with_shutdown(std::future::pending()));
        Ok(Self { runner, store, account, subscriber, clock, hub, watcher, workflows, directory })
    }

    /// Registers a workflow at a path of the stage's workflow server.
    pub(crate) async fn register(&self, name: &str, on: TriggerSpec) -> Test {
        let uri = format!("{}/{name}", self.workflows);
        self.register_at(name, &uri, on).await
    }

    pub(crate) async fn register_at(&self, name: &str, uri: &str, on: TriggerSpec) -> Test {
        let mut workflow = Workflow::new(format!("wf_{name}").as_str(), name, uri, on);
        workflow.install_rule = Some("urn:relay-resource:all:device".to_owned());
        self.save(workflow).await
    }

    pub(crate) async fn save(&self, workflow: Workflow) -> Test {
        self.store.save(&self.subscriber, &workflow).await?;
        self.account.run(move |platform| platform.save_workflow(&workflow)).await??;
        Ok(())
    }

    /// Somebody says something to the Assistant of Alice's device.
    pub(crate) async fn ask(&self, text: &'static str) -> Test {
        self.device(ALICE, move |engine, now, key| engine.ask_assistant(now, key, text).map(drop)).await
    }

    /// Somebody does something with a device.
    pub(crate) async fn device<E: Error + Send + 'static>(
        &self,
        id: &'static str,
        act: impl FnOnce(
            &mut relay_engine::Engine,
            relay_protocol::session::Timestamp,
            relay_engine::DeviceKey,
        ) -> Result<(), E>
        + Send
        + 'static,
    ) -> Test {
        let done = self.account.run(move |platform| {
            let key = platform.ids.devices.key(&DeviceId::from(id)).unwrap();
            act(platform.engine, platform.now, key)
        });
        Ok(done.await??)
    }

    /// Somebody calls a workflow over HTTP, for Alice.
    pub(crate) async fn invoke(&self, workflow: &str) -> Result<TriggerRow, AcceptError> {
        self.invoke_for(workflow, Some(ALICE)).await
    }

    pub(crate) async fn invoke_for(
        &self,
        workflow: &str,
        device: Option<&str>,
    ) -> Result<TriggerRow, AcceptError> {
        let accepted = self.runner.invoke(self.invocation(workflow, device)).await?;
        Ok(match accepted {
            Accepted::New(row) | Accepted::Known(row) => row,
        })
    }

    pub(crate) fn invocation(&self, workflow: &str, device: Option<&str>) -> Invocation {
        Invocation {
            subscriber: self.subscriber.clone(),
            workflow: format!("wf_{workflow}").as_str().into(),
            device: device.map(DeviceId::from),
            args: serde_json::Map::default(),
            idempotency: None,
            not_before: None,
            not_after: None,
        }
    }

    /// The next event that fits.
    pub(crate) async fn event(&mut self, fits: impl Fn(&Event) -> bool) -> Event {
        let mut seen = Vec::new();
        let found = timeout(PATIENCE, async {
            loop {
                match self.watcher.next().await {
                    Item::Event(published) if fits(&published.event) => return published.event.clone(),
                    Item::Event(published) => seen.push(published.event.clone()),
                    Item::Gap(_) => {}
                }
            }
        });
        match found.await {
            Ok(event) => event,
            Err(_) => panic!("no such event, but {seen:#?}"),
        }
    }

    /// What a device says next.
    pub(crate) async fn heard(&mut self, device: &str) -> String {
        let event = self
            .event(|event| event.what == "sound_started" && event.device.as_deref() == Some(device))
            .await;
        event.data["text"].as_str().unwrap_or_default().to_owned()
    }

    /// A trigger, once it has ended.
    pub(crate) async fn ended(&self, id: &TriggerId) -> Test<TriggerRow> {
        let mut watcher = self.hub.watch(None, Filter::default());
        let ended = timeout(PATIENCE, async {
            loop {
                // The store is written a little behind the events.
                let row = self.store.trigger_get(id).await?.ok_or("no such trigger")?;
                if row.state == TriggerState::Ended {
                    return Ok::<_, Box<dyn Error>>(row);
                }
                let _ = timeout(Duration::from_millis(20), watcher.next()).await;
            }
        });
        ended.await?
    }

    /// The trigger that was accepted next.
    pub(crate) async fn accepted(&mut self) -> TriggerId {
        let event = self.event(|event| event.what == "accepted").await;
        event.instance.unwrap().into()
    }

    /// What a trigger came to, in one word, and why.
    pub(crate) async fn outcome(&self, id: &TriggerId) -> Test<(String, String)> {
        let outcome = self.ended(id).await?.outcome.ok_or("no outcome")?;
        Ok((outcome.kind.as_str().to_owned(), outcome.reason))
    }
}

pub(crate) fn phrase(phrase: &str) -> TriggerSpec {
    TriggerSpec::Phrases(vec![phrase.to_owned()])
}

pub(crate) fn http() -> TriggerSpec {
    TriggerSpec::Http("POST".to_owned())
}
