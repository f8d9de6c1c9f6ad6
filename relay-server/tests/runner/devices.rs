//! What devices start, besides by speaking; and what is built in.

use std::time::Duration;

use relay_protocol::manifest::TriggerSpec;
use relay_protocol::transcript::Transcript;
use relay_protocol::types::{ButtonName, Taps};
use relay_server::clock::Clock;
use relay_server::events::Kind;
use relay_server::model::{Audio, EventFilter, PageRequest, Rest, TriggerState, Workflow};
use tokio::net::TcpListener;

use crate::stage::{ALICE, BOB, MONDAY, Stage, Test, http, phrase};

#[tokio::test]
async fn a_broadcast_needs_no_workflow_server() -> Test {
    let mut stage = Stage::open().await?;
    let mut broadcast = Workflow::new("wf_broadcast", "broadcast", "relay-local://broadcast", http());
    let args = &mut broadcast.config.trigger.start.workflow.args;
    args.insert("targets".into(), format!("{ALICE} {BOB} nobody").into());
    args.insert("text".into(), "lunch is ready".into());
    stage.save(broadcast).await?;
    let row = stage.invoke_for("broadcast", None).await?;
    assert_eq!(stage.heard(ALICE).await, "lunch is ready");
    assert_eq!(stage.heard(BOB).await, "lunch is ready");
    let (kind, reason) = stage.outcome(&row.id).await?;
    assert_eq!(kind, "completed");
    assert_eq!(reason, "spoken on 2 devices, but not on nobody (there is no such device)");
    Ok(())
}

#[tokio::test]
async fn a_broadcast_to_be_confirmed_goes_on_until_it_is() -> Test {
    let mut stage = Stage::open().await?;
    let mut broadcast = Workflow::new("wf_broadcast", "broadcast", "relay-local://broadcast", http());
    let args = &mut broadcast.config.trigger.start.workflow.args;
    args.insert("targets".into(), format!("{ALICE} nobody").into());
    args.insert("text".into(), "leave the house".into());
    args.insert("confirmation_required".into(), true.into());
    stage.save(broadcast).await?;
    let row = stage.invoke_for("broadcast", None).await?;
    while stage.heard(ALICE).await != "leave the house" {}
    stage
        .device(ALICE, |engine, now, key| engine.tap(now, key, ButtonName::Action, Taps::Single).map(drop))
        .await?;
    stage
        .event(|event| event.what == "notification" && event.data.to_string().contains("acknowledged"))
        .await;
    let (kind, reason) = stage.outcome(&row.id).await?;
    assert_eq!(kind, "completed");
    assert_eq!(reason, "spoken on 1 devices, but not on nobody (there is no such device)");
    stage.runner.shutdown(crate::stage::PATIENCE).await; // everything is written then
    let filter = EventFilter { instance: Some(row.id.clone()), ..EventFilter::default() };
    let events = stage.store.analytics_query(&stage.subscriber, &filter, &PageRequest::default()).await?;
    let confirmed = events.items.iter().find(|event| event.content.contains("acknowledged")).unwrap();
    assert_eq!(confirmed.user.as_deref(), Some(ALICE));
    assert_eq!(confirmed.workflow.as_ref().map(AsRef::as_ref), Some("wf_broadcast"));
    Ok(())
}

#[tokio::test]
async fn what_is_not_built_in_is_refused_when_it_is_to_be_started() -> Test {
    let stage = Stage::open().await?;
    stage.register_at("capsule", "relay-local://capsule", http()).await?;
    let row = stage.invoke_for("capsule", None).await?;
    let (kind, reason) = stage.outcome(&row.id).await?;
    assert_eq!(kind, "not_started");
    assert!(reason.starts_with("this server has no built-in workflow `capsule`"), "{reason}");
    assert_eq!(stage.store.trigger_attempts(&row.id).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_battery_that_sinks_starts_a_workflow_some_time() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    let nobody = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    stage.register_at("low", &format!("wss://{nobody}"), TriggerSpec::BatteryDischarge(20)).await?;
    stage.device(ALICE, |engine, now, key| engine.set_battery(now, key, 15, false)).await?;
    let id = stage.accepted().await;
    stage.event(|event| event.what == "attempt_failed").await;
    // Nobody waits for it: the engine has nothing of it while it is in the queue.
    assert_eq!(stage.account.run(|platform| platform.engine.instances().len()).await?, 0);

    let uri = format!("{}/now", stage.workflows);
    stage.register_at("low", &uri, TriggerSpec::BatteryDischarge(20)).await?;
    stage.clock.advance(Duration::from_secs(6)).await?;
    let row = stage.ended(&id).await?;
    assert_eq!((row.state, row.attempts), (TriggerState::Ended, 1));
    assert_eq!(row.outcome.unwrap().kind.as_str(), "completed");
    Ok(())
}

#[tokio::test]
async fn no_virtual_time_passes_until_what_a_device_starts_was_dialled() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register("hello", phrase("hello")).await?;
    stage.ask("hello").await?;
    stage.clock.advance(Duration::from_secs(3600)).await?;
    let started = stage.event(|event| event.kind == Kind::Trigger && event.what == "started").await;
    assert_eq!(started.at, MONDAY.get());
    Ok(())
}

#[tokio::test]
async fn a_sound_that_was_uploaded_is_as_long_after_a_restart() -> Test {
    let Stage { directory, store, subscriber, .. } = Stage::open().await?;
    let hymn = Audio {
        id: "a1".into(),
        name: "hymn".to_owned(),
        format: "wave".to_owned(),
        length_ms: Some(90_000),
        rest: Rest::new(),
    };
    store.save(&subscriber, &hymn).await?;
    store.close().await;
    let mut stage = Stage::start(directory, Clock::virtual_at(MONDAY), |_| {}).await?;
    stage.register("play", phrase("play")).await?;
    stage.ask("play").await?;
    let clock = stage.clock.clone();
    tokio::spawn(async move { while clock.advance(Duration::from_millis(1)).await.is_ok() {} });
    let began = stage.event(|event| event.what == "sound_started").await;
    let over = stage.event(|event| event.what == "sound_stopped").await;
    assert_eq!(over.at - began.at, 90_000);
    Ok(())
}

#[tokio::test]
async fn somebody_changes_their_mind_while_the_workflow_is_dialled() -> Test {
    let mut stage = Stage::with(|config| config.uris.insecure_loopback = true).await?;
    let silent = TcpListener::bind("127.0.0.1:0").await?; // the kernel takes the connection, nobody answers
    stage.register_at("slow", &format!("ws://{}", silent.local_addr()?), phrase("slow")).await?;
    stage.ask("slow").await?;
    let id = stage.accepted().await;
    let live = stage.runner.live_instances(&stage.subscriber).await;
    assert_eq!(serde_json::to_value(&live)?[0]["phase"], "dialing");
    assert!(stage.runner.stop_instance(&stage.subscriber, &id, "never mind").await?);
    assert_eq!(stage.outcome(&id).await?, ("stopped".into(), "never mind".into()));
    Ok(())
}

#[tokio::test]
async fn who_cannot_be_served_because_too_much_waits_is_told() -> Test {
    let mut stage = Stage::with(|config| config.limits.queue = 0).await?;
    stage.register("hello", phrase("hello")).await?;
    stage.ask("hello").await?;
    assert_eq!(stage.heard(ALICE).await, "hello cannot be reached.");
    assert!(stage.runner.live_instances(&stage.subscriber).await.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_workflow_that_is_not_transient_ends_when_the_person_leaves() -> Test {
    let mut stage = Stage::open().await?;
    let uri = format!("{}/hello", stage.workflows);
    let mut hello = Workflow::new("wf_hello", "hello", uri, phrase("hello"));
    hello.install_rule = Some("urn:relay-resource:all:device".to_owned());
    hello.options.transient = false;
    stage.save(hello).await?;
    stage.ask("hello").await?;
    let id = stage.accepted().await;
    assert_eq!(stage.heard(ALICE).await, "What is your name?");
    stage
        .device(ALICE, |engine, now, key| {
            engine.turn_to(now, key, relay_engine::Channel::Assistant).map(drop)
        })
        .await?;
    assert_eq!(stage.outcome(&id).await?.0, "stopped");
    Ok(())
}

#[tokio::test]
async fn what_was_said_is_kept_without_the_words_if_so_wished() -> Test {
    let mut stage = Stage::with(|config| config.transcripts.redact = true).await?;
    stage.register("hello", phrase("hello")).await?;
    stage.ask("hello").await?;
    let id = stage.accepted().await;
    stage.event(|event| event.what == "listening" && event.data["on"] == true).await;
    stage.device(ALICE, |engine, now, key| engine.speak(now, key, "Bob").map(drop)).await?;
    stage.ended(&id).await?;
    let lines = stage.store.transcript_read(&id, 0).await?;
    let text: String = lines.iter().map(|line| format!("{}\n", line.content.as_str().unwrap())).collect();
    let transcript: Transcript = text.parse()?;
    assert!(transcript.head.redacted);
    for personal in ["Bob", "Alice", "What is your name"] {
        assert!(!text.contains(personal), "{text}");
    }
    Ok(())
}
