//! How instances end that do not end by themselves.

use relay_server::model::TriggerState;

use crate::stage::{PATIENCE, Stage, Test, http};

#[tokio::test]
async fn somebody_stops_an_instance() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("wait", http()).await?;
    let row = stage.invoke("wait").await?;
    stage.event(|event| event.what == "started" && event.kind.as_str() == "instance").await;
    let live = stage.runner.live_instances(&stage.subscriber).await;
    assert_eq!(live.iter().map(|live| &live.id).collect::<Vec<_>>(), [&row.id]);
    assert!(stage.runner.stop_instance(&stage.subscriber, &row.id, "enough").await?);
    assert_eq!(stage.outcome(&row.id).await?, ("stopped".into(), "enough".into()));
    stage
        .event(|event| {
            event.what == "sent" && event.data["text"].as_str().unwrap().contains(r#""reason":"enough""#)
        })
        .await;
    Ok(())
}

#[tokio::test]
async fn a_server_that_shuts_down_tells_its_workflows() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("wait", http()).await?;
    let row = stage.invoke("wait").await?;
    stage.event(|event| event.what == "started" && event.kind.as_str() == "instance").await;
    stage.runner.shutdown(PATIENCE).await;
    let row = stage.store.trigger_get(&row.id).await?.unwrap();
    assert_eq!(row.outcome.unwrap().to_string(), "stopped: server_shutdown");
    assert!(stage.invoke("wait").await.is_err());
    Ok(())
}

#[tokio::test]
async fn after_a_restart_what_ran_is_lost_and_what_waited_goes_on() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("wait", http()).await?;
    stage.register("now", http()).await?;
    let ran = stage.invoke("wait").await?;
    stage.event(|event| event.what == "started" && event.kind.as_str() == "instance").await;
    let mut later = stage.invocation("now", None);
    later.not_before = Some(ran.accepted_at + std::time::Duration::from_millis(1500));
    let waited = stage.runner.invoke(later).await?.row().id.clone();

    // As if killed: nothing is told to anybody.
    let Stage { directory, store, workflows, .. } = stage;
    store.close().await;
    let stage = Stage::at(directory, |_| {}).await?;
    assert_eq!(stage.outcome(&ran.id).await?.0, "server_lost");
    // The workflows of the second stage are at another port.
    assert_ne!(stage.workflows, workflows);
    stage.register("now", http()).await?;
    let row = stage.ended(&waited).await?;
    assert_eq!(row.outcome.unwrap().kind.as_str(), "completed");
    assert_eq!(row.state, TriggerState::Ended);
    Ok(())
}
