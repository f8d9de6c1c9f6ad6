//! What scripts call the platform.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use relay_engine::DeviceInfo;
use relay_server::trigger::Invocation;
use sdk::workflow::IntoWorkflow;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::StopReason;
use super::device::Device;
use super::expected::{Expectation, Expected, Verdict};
use super::setup::{Setup, registered};
use super::stage::Stage;

/// The server with everything around it. It starts with the first thing that happens.
#[derive(Clone)]
pub(crate) struct Sim {
    setup: Arc<Mutex<Option<Setup>>>,
    stage: Arc<OnceCell<Stage>>,
}

impl Sim {
    #[must_use]
    pub(crate) fn new() -> Self {
        Self { setup: Arc::new(Mutex::new(Some(Setup::new()))), stage: Arc::default() }
    }

    pub(super) async fn stage(&self) -> &Stage {
        self.stage
            .get_or_init(|| {
                let setup = self.setup.lock().unwrap().take().unwrap();
                Stage::open(setup)
            })
            .await
    }

    fn prepare<T>(&self, prepare: impl FnOnce(&mut Setup) -> T) -> T {
        prepare(self.setup.lock().unwrap().as_mut().expect("the server is running already"))
    }

    #[must_use]
    pub(crate) fn workflow<M>(self, workflow: impl IntoWorkflow<M>) -> Self {
        self.prepare(|setup| setup.workflow(workflow));
        self
    }

    #[must_use]
    pub(crate) fn args<N: Into<String>, V: Into<String>>(
        self,
        args: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.prepare(|setup| setup.args(args.into_iter().map(|(name, value)| (name.into(), value.into()))));
        self
    }

    #[must_use]
    pub(crate) fn state<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.prepare(|setup| setup.serve(|server| server.state(value)));
        self
    }

    pub(crate) fn device(&self, name: &str) -> Device {
        self.device_with(name, |_| {})
    }

    pub(crate) fn device_with(&self, name: &str, change: impl FnOnce(&mut DeviceInfo)) -> Device {
        let id = self.prepare(|setup| setup.device(name, change));
        Device::new(self.clone(), id, name)
    }

    pub(crate) fn group<'a>(&self, name: &str, members: impl IntoIterator<Item = &'a Device>) {
        let members = members.into_iter().map(|member| member.id().to_owned()).collect();
        self.prepare(|setup| setup.group(name, members));
    }

    pub(crate) fn tag<K: Into<String>, V: Into<String>>(
        &self,
        uid: &str,
        content: impl IntoIterator<Item = (K, V)>,
    ) {
        self.prepare(|setup| {
            setup.tag(uid, content.into_iter().map(|(key, value)| (key.into(), value.into())))
        });
    }

    pub(crate) fn sound(&self, name: &str, length: Duration) {
        self.prepare(|setup| setup.sounds.push((name.to_owned(), length)));
    }

    pub(crate) async fn advance(&self, time: Duration) {
        self.stage().await.pass(&Expected::new("time to pass"), time, |_| None).await;
    }

    pub(crate) async fn invoke(&self, workflow: &str, args: impl Serialize) {
        self.invoke_for(workflow, None, args).await;
    }

    pub(super) async fn invoke_for(&self, workflow: &str, device: Option<&str>, args: impl Serialize) {
        let stage = self.stage().await;
        let args = match serde_json::to_value(args).unwrap() {
            Value::Object(args) => args,
            _ => serde_json::Map::new(),
        };
        let invocation = Invocation {
            subscriber: stage.subscriber.clone(),
            workflow: registered(workflow, 0).as_str().into(),
            device: device.map(Into::into),
            args,
            idempotency: None,
            not_before: None,
            not_after: None,
        };
        stage.runner.invoke(invocation).await.unwrap();
    }

    #[track_caller]
    pub(crate) fn expect_stop(&self, reason: StopReason) -> Expectation<'_> {
        let expected = Expected::new(format!("a workflow to end: {reason}"));
        Box::pin(async move {
            let stage = self.stage().await;
            stage
                .until(&expected, |seen| match seen.ended.pop_front() {
                    Some(found) if found == reason.as_str() => Verdict::Met(()),
                    Some(found) => Verdict::Failed(format!("it ended: {found}")),
                    None => Verdict::NotYet,
                })
                .await;
            assert_eq!(stage.failure(), None, "a handler failed");
        })
    }

    #[track_caller]
    pub(crate) fn expect_failure(&self, part: impl Into<String>) -> Expectation<'_> {
        let part = part.into();
        let expected = Expected::new(format!("a handler to fail with {part:?}"));
        Box::pin(async move {
            let failure = self.stage().await.failed(&expected).await;
            assert!(
                failure.contains(&part),
                "expected a handler to fail with {part:?}, but with {failure:?}"
            );
        })
    }

    #[track_caller]
    pub(crate) fn expect_record(&self, part: impl Into<String>) -> Expectation<'_, String> {
        let part = part.into();
        let expected = Expected::new(format!("a record with {part:?} in it"));
        Box::pin(async move {
            let record = self.stage().await.record(&expected).await;
            assert!(record.contains(&part), "expected a record with {part:?} in it, but there is {record:?}");
            record
        })
    }

    #[track_caller]
    pub(crate) fn expect_incident(&self, kind: impl Into<String>) -> Expectation<'_, String> {
        let kind = kind.into();
        let expected = Expected::new(format!("an incident {kind:?}"));
        Box::pin(async move {
            let stage = self.stage().await;
            let check = |seen: &mut super::stage::Seen| match seen.incidents.pop_front() {
                Some((id, found)) if found == kind => Verdict::Met(id),
                Some((_, found)) => Verdict::Failed(format!("there is an incident {found:?}")),
                None => Verdict::NotYet,
            };
            stage.until(&expected, check).await
        })
    }

    pub(crate) async fn resolve_incident(&self, id: &str, reason: &str) {
        self.stage().await.close_incident(id, reason, true).await;
    }

    pub(crate) async fn cancel_incident(&self, id: &str, reason: &str) {
        self.stage().await.close_incident(id, reason, false).await;
    }
}
