//! What happens when a workflow cannot be reached.

use std::time::Duration;

use relay_server::model::{TriggerFilter, TriggerState};
use tokio::net::TcpListener;

use crate::stage::{ALICE, MONDAY, Stage, Test, http, phrase};

/// An address where nobody listens.
async fn nobody() -> Test<String> {
    let free = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    Ok(format!("wss://{free}/nothing"))
}

#[tokio::test]
async fn who_waits_at_a_device_is_told_within_seconds() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register_at("lost", &nobody().await?, phrase("lost")).await?;
    stage.ask("lost").await?;
    let id = stage.accepted().await;
    stage.event(|event| event.what == "attempt_failed").await;
    stage.clock.advance(Duration::from_secs(5)).await?;
    assert_eq!(stage.heard(ALICE).await, "lost cannot be reached.");
    let (kind, reason) = stage.outcome(&id).await?;
    assert_eq!(kind, "not_started");
    assert!(reason.starts_with("cannot connect to 127.0.0.1 at 127.0.0.1:"), "{reason}");
    let attempts = stage.store.trigger_attempts(&id).await?;
    let begun: Vec<_> = attempts.iter().map(|attempt| (attempt.began_at - MONDAY).as_millis()).collect();
    assert_eq!(begun, [0, 500, 1000, 2000, 4000]);
    Ok(())
}

#[tokio::test]
async fn what_nobody_waits_for_is_tried_until_it_is_too_old() -> Test {
    let mut stage = Stage::on_a_virtual_clock().await?;
    stage.register_at("lost", &nobody().await?, http()).await?;
    let mut invocation = stage.invocation("lost", None);
    invocation.not_after = Some(MONDAY + Duration::from_secs(600));
    let id = stage.runner.invoke(invocation).await?.row().id.clone();
    stage.event(|event| event.what == "attempt_failed").await;
    stage.clock.advance(Duration::from_secs(1200)).await?;
    let row = stage.ended(&id).await?;
    assert_eq!(row.outcome.unwrap().kind.as_str(), "not_started");
    assert!((4..10).contains(&row.attempts), "{}", row.attempts);
    assert!(row.ended_at.unwrap() <= MONDAY + Duration::from_secs(600));
    Ok(())
}

#[tokio::test]
async fn what_nobody_waits_for_is_tried_again_later() -> Test {
    let mut stage = Stage::open().await?;
    stage.register_at("lost", &nobody().await?, http()).await?;
    let row = stage.invoke("lost").await?;
    let failed = stage.event(|event| event.what == "attempt_failed").await;
    assert_eq!(failed.data["code"], "tcp");
    let again = failed.data["again_at"].as_i64().unwrap() - failed.at;
    assert!((4900..5100).contains(&again), "{again}");
    let row = stage.store.trigger_get(&row.id).await?.unwrap();
    assert_eq!((row.state, row.attempts), (TriggerState::Queued, 1));
    assert_eq!(stage.runner.queue_status().queued, 1);
    Ok(())
}

#[tokio::test]
async fn after_five_failures_the_host_is_left_alone() -> Test {
    let mut stage = Stage::open().await?;
    let nobody = nobody().await?;
    for n in 0..5 {
        stage.register_at(&format!("lost{n}"), &nobody, http()).await?;
        stage.invoke(&format!("lost{n}")).await?;
        stage.event(|event| event.what == "attempt_failed").await;
    }
    assert_eq!(stage.runner.queue_status().open_breakers.len(), 1);
    stage.register_at("lost", &nobody, phrase("lost")).await?;
    let before = std::time::Instant::now();
    stage.ask("lost").await?;
    let id = stage.accepted().await;
    assert_eq!(stage.heard(ALICE).await, "lost cannot be reached.");
    assert!(before.elapsed().as_millis() < 500, "{:?}", before.elapsed());
    stage.ended(&id).await?;
    let attempts = stage.store.trigger_attempts(&id).await?;
    assert_eq!(attempts.iter().map(|attempt| &*attempt.code).collect::<Vec<_>>(), ["breaker_open"]);
    Ok(())
}

#[tokio::test]
async fn a_workflow_that_is_not_found_three_times_counts_as_gone() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("missing", phrase("missing")).await?;
    stage.ask("missing").await?;
    let id = stage.accepted().await;
    stage.event(|event| event.what == "gone").await;
    assert_eq!(stage.outcome(&id).await?.0, "not_started");
    assert_eq!(stage.store.trigger_attempts(&id).await?.len(), 3, "there is no use in more");
    let known = stage.store.list::<relay_server::model::Workflow>(&stage.subscriber).await?;
    assert!(known[0].gone_since.is_some());

    // Registered at a path that is there, it is tried again as any other.
    stage.register_at("missing", &format!("{}/now", stage.workflows), http()).await?;
    let row = stage.invoke("missing").await?;
    assert_eq!(stage.outcome(&row.id).await?.0, "completed");
    Ok(())
}

#[tokio::test]
async fn what_has_failed_can_be_tried_again() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("missing", phrase("missing")).await?;
    stage.ask("missing").await?;
    let id = stage.accepted().await;
    stage.ended(&id).await?;
    let all = TriggerFilter::default();
    let would = stage.runner.retry(&stage.subscriber, &all, true).await?;
    assert_eq!(would.iter().map(|row| &row.id).collect::<Vec<_>>(), [&id]);

    stage.register_at("missing", &format!("{}/hello", stage.workflows), phrase("missing")).await?;
    let again = stage.runner.retry(&stage.subscriber, &all, false).await?;
    assert_eq!(again[0].retry_of, Some(id));
    assert_eq!(stage.outcome(&again[0].id).await?.0, "completed");
    assert!(stage.runner.retry(&stage.subscriber, &all, true).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_workflow_that_is_not_registered_any_more_is_not_started() -> Test {
    let mut stage = Stage::open().await?;
    stage.register_at("lost", &nobody().await?, http()).await?;
    let row = stage.invoke("lost").await?;
    stage.event(|event| event.what == "attempt_failed").await;
    stage.account.run(|platform| platform.remove_workflow(&"wf_lost".into())).await?;
    assert!(stage.runner.stop_instance(&stage.subscriber, &row.id, "not needed").await?);
    assert_eq!(stage.outcome(&row.id).await?, ("stopped".into(), "not needed".into()));
    assert!(!stage.runner.stop_instance(&stage.subscriber, &row.id, "again").await?);
    Ok(())
}
