//! What happens when everything goes well.

use relay_protocol::transcript::{Side, Transcript};
use relay_server::model::{AuditFilter, Device, EventFilter, PageRequest};

use crate::stage::{ALICE, Stage, Test, http, phrase};

#[tokio::test]
async fn somebody_says_hello() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("hello", phrase("hello")).await?;
    stage.ask("hello").await?;
    let id = stage.accepted().await;
    assert_eq!(stage.heard(ALICE).await, "What is your name?");
    stage.event(|event| event.what == "listening" && event.data["on"] == true).await;
    stage.device(ALICE, |engine, now, key| engine.speak(now, key, "Bob").map(drop)).await?;
    assert_eq!(stage.heard(ALICE).await, "Hello Bob");
    assert_eq!(stage.outcome(&id).await?, ("completed".into(), "".into()));
    Ok(())
}

#[tokio::test]
async fn somebody_calls_over_http() -> Test {
    let stage = Stage::open().await?;
    stage.register("now", http()).await?;
    let row = stage.invoke("now").await?;
    assert_eq!(row.trigger["args"]["source_uri"], "urn:relay-resource:name:device:Alice");
    assert_eq!(stage.outcome(&row.id).await?.0, "completed");
    assert!(stage.runner.live_instances(&stage.subscriber).await.is_empty());
    assert_eq!(stage.runner.queue_status().instances, 0);
    Ok(())
}

#[tokio::test]
async fn the_conversation_is_kept() -> Test {
    let stage = Stage::open().await?;
    stage.register("now", http()).await?;
    let row = stage.invoke("now").await?;
    stage.ended(&row.id).await?;
    let lines = stage.store.transcript_read(&row.id, 0).await?;
    let text: String = lines.iter().map(|line| format!("{}\n", line.content.as_str().unwrap())).collect();
    let transcript: Transcript = text.parse()?;
    assert_eq!((&*transcript.head.workflow, &*transcript.head.path), ("now", "/now"));
    assert!(transcript.frames(Side::Engine).next().unwrap().1.contains("wf_api_start_event"));
    assert_eq!(transcript.ended(), Some("completed"));
    Ok(())
}

#[tokio::test]
async fn what_a_workflow_writes_and_changes_is_remembered() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("record", http()).await?;
    let row = stage.invoke("record").await?;
    stage.ended(&row.id).await?;
    stage.runner.shutdown(crate::stage::PATIENCE).await; // everything is written then
    let filter = EventFilter { instance: Some(row.id.clone()), ..EventFilter::default() };
    let events = stage.store.analytics_query(&stage.subscriber, &filter, &PageRequest::default()).await?;
    let mut kinds: Vec<_> = events.items.iter().map(|event| event.category.as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["test", "workflow"]);
    let device = stage.store.get::<Device>(&stage.subscriber, ALICE).await?.unwrap();
    assert_eq!(device.name, "Alice the Great");
    let (all, page) = (AuditFilter::default(), PageRequest::default());
    let audit = stage.store.audit_query(&stage.subscriber, &all, &page).await?.items;
    assert_eq!((&*audit[0].action, audit[0].user.as_deref()), ("assigned", Some("Alice Smith")));
    assert_eq!((audit.len(), &*audit[0].actor.name), (1, "a workflow"));
    stage.event(|event| event.what == "changed").await;
    Ok(())
}
