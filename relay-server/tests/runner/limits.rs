//! How much may go on at once.

use relay_server::model::{Accepted, Idempotency};
use relay_server::trigger::AcceptError;

use crate::stage::{Stage, Test, http};

fn started(event: &relay_server::events::Event) -> bool {
    event.what == "started" && event.kind.as_str() == "instance"
}

#[tokio::test]
async fn what_is_too_much_waits_for_its_turn() -> Test {
    let mut stage = Stage::with(|config| config.limits.instances_per_workflow = 2).await?;
    stage.register("wait", http()).await?;
    stage.register("now", http()).await?;
    let mut rows = Vec::new();
    for _ in 0..3 {
        rows.push(stage.invoke_for("wait", None).await?);
    }
    stage.event(started).await;
    stage.event(started).await;
    let status = stage.runner.queue_status();
    assert_eq!((status.instances, status.queued), (2, 1));
    // Other workflows do not wait for it.
    let other = stage.invoke_for("now", None).await?;
    assert_eq!(stage.outcome(&other.id).await?.0, "completed");

    assert!(stage.runner.stop_instance(&stage.subscriber, &rows[0].id, "enough").await?);
    stage.event(|event| started(event) && event.instance.as_deref() == Some(rows[2].id.as_str())).await;
    assert_eq!(stage.runner.queue_status().queued, 0);
    Ok(())
}

#[tokio::test]
async fn the_queue_is_bounded() -> Test {
    let mut stage = Stage::with(|config| {
        config.limits.instances = 1;
        config.limits.queue = 2;
    })
    .await?;
    stage.register("wait", http()).await?;
    stage.invoke("wait").await?;
    stage.event(started).await;
    stage.invoke("wait").await?;
    stage.invoke("wait").await?;
    let refused = stage.invoke("wait").await.unwrap_err();
    assert!(matches!(refused, AcceptError::QueueFull { limit: 2 }), "{refused}");
    Ok(())
}

#[tokio::test]
async fn triggers_of_one_device_for_one_workflow_start_in_order() -> Test {
    let mut stage = Stage::open().await?;
    stage.register("now", http()).await?;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(stage.invoke("now").await?.id.to_string());
    }
    for id in ids {
        let event = stage.event(started).await;
        assert_eq!(event.instance, Some(id));
    }
    Ok(())
}

#[tokio::test]
async fn the_same_request_is_the_same_trigger() -> Test {
    let stage = Stage::open().await?;
    stage.register("now", http()).await?;
    let mut invocation = stage.invocation("now", None);
    let until = relay_server::model::UnixMs::MAX;
    invocation.idempotency = Some(Idempotency { key: "k".into(), fingerprint: vec![1], until });
    let first = stage.runner.invoke(invocation.clone()).await?;
    let second = stage.runner.invoke(invocation).await?;
    assert!(matches!(second, Accepted::Known(_)));
    assert_eq!(first.row().id, second.row().id);
    Ok(())
}
