//! Calls between devices, and the workflows that are registered for them or take them in.

use std::sync::OnceLock;

use relay_protocol::manifest::TriggerSpec;
use relay_runtime::event;
use relay_runtime::prelude::*;
use relay_runtime::types::{ButtonName, Taps};
use relay_server::events::Kind;
use relay_server::model::Workflow;

use crate::stage::{ALICE, BOB, Stage, Test, phrase};

/// Says on whose device it runs what it hears of calls, until it is stopped.
#[derive(Default)]
pub(crate) struct Desk {
    device: OnceLock<Interaction>,
}

#[workflow]
impl Desk {
    #[trigger(phrase = "desk")]
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        let device = cx.start_interaction(start.source(), "desk").await?;
        self.device.get_or_init(|| device).say("Ready").await
    }

    #[on(call_start_request)]
    async fn wish(&self, call: event::CallStartRequest) -> Result<()> {
        self.say(format!("You want {}", call.uri)).await
    }

    #[on(call_received)]
    async fn ring(&self, call: event::CallReceived) -> Result<()> {
        self.say(format!("{} calls", call.device_name)).await
    }

    async fn say(&self, text: String) -> Result<()> {
        match self.device.get() {
            Some(device) => device.say(text).await,
            None => Ok(()),
        }
    }
}

/// Is started by calls, and over at once.
#[workflow]
pub(crate) async fn called(_cx: Context) -> Result<()> {
    Ok(())
}

/// With a workflow that a call starts, and one that takes calls in as these words say.
async fn stage(on: TriggerSpec, absorbs: &[&str]) -> Test<Stage> {
    let stage = Stage::open().await?;
    stage.register("called", on).await?;
    let mut desk = Workflow::new("wf_desk", "desk", format!("{}/desk", stage.workflows), phrase("desk"));
    desk.install_rule = Some("urn:relay-resource:all:device".to_owned());
    desk.options.absorb_triggers = absorbs.iter().map(|word| (*word).to_owned()).collect();
    stage.save(desk).await?;
    Ok(stage)
}

fn outbound() -> TriggerSpec {
    TriggerSpec::CallRequest(".*".to_owned())
}

fn inbound() -> TriggerSpec {
    TriggerSpec::IncomingCall(".*".to_owned())
}

/// Lets the workflow that takes calls in run for Alice.
async fn man_the_desk(stage: &mut Stage) -> Test {
    stage.ask("desk").await?;
    assert_eq!(started(stage).await.as_deref(), Some("wf_desk"));
    assert_eq!(stage.heard(ALICE).await, "Ready");
    Ok(())
}

async fn call(stage: &Stage, from: &'static str, to: &'static str) -> Test {
    stage.device(from, move |engine, now, key| engine.place_call(now, key, to).map(drop)).await
}

/// The workflow that is started next.
async fn started(stage: &mut Stage) -> Option<String> {
    stage.event(|event| event.kind == Kind::Instance && event.what == "launched").await.workflow
}

async fn running(stage: &Stage) -> usize {
    stage.runner.live_instances(&stage.subscriber).await.len()
}

#[tokio::test]
async fn a_wish_to_call_starts_what_is_registered_for_it() -> Test {
    let mut stage = stage(outbound(), &["on_incoming_call"]).await?;
    man_the_desk(&mut stage).await?;
    call(&stage, ALICE, "Bob").await?;
    assert_eq!(started(&mut stage).await.as_deref(), Some("wf_called"));
    Ok(())
}

#[tokio::test]
async fn a_run_takes_in_the_wish_to_call_as_long_as_it_lasts() -> Test {
    let mut stage = stage(outbound(), &["on_call_request"]).await?;
    man_the_desk(&mut stage).await?;
    call(&stage, ALICE, "Bob").await?;
    assert_eq!(stage.heard(ALICE).await, "You want urn:relay-resource:name:device:Bob");
    assert_eq!(running(&stage).await, 1, "nothing else was started");

    let desk = stage.runner.live_instances(&stage.subscriber).await.remove(0).id;
    stage.runner.stop_instance(&stage.subscriber, &desk, "closed").await?;
    stage.ended(&desk).await?;
    call(&stage, ALICE, "Bob").await?;
    assert_eq!(started(&mut stage).await.as_deref(), Some("wf_called"));
    Ok(())
}

#[tokio::test]
async fn a_call_that_comes_in_starts_what_is_registered_for_it() -> Test {
    let mut stage = stage(inbound(), &["on_call_request"]).await?;
    man_the_desk(&mut stage).await?;
    call(&stage, BOB, "Alice").await?;
    assert_eq!(started(&mut stage).await.as_deref(), Some("wf_called"));
    assert_eq!(stage.heard(ALICE).await, "Bob calls", "who has the device hears of it all the same");
    Ok(())
}

#[tokio::test]
async fn a_run_takes_in_the_call_that_comes_in() -> Test {
    let mut stage = stage(inbound(), &["on_incoming_call"]).await?;
    man_the_desk(&mut stage).await?;
    call(&stage, BOB, "Alice").await?;
    assert_eq!(stage.heard(ALICE).await, "Bob calls");
    assert_eq!(running(&stage).await, 1, "nothing else was started");
    stage
        .device(ALICE, |engine, now, key| engine.tap(now, key, ButtonName::Action, Taps::Single).map(drop))
        .await?;
    stage.event(|event| event.what == "call" && event.data["status"] == "connected").await;
    Ok(())
}
