//! What an operator sees of sessions: metrics, and the ids on each log line.

use std::collections::BTreeMap;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use relay_protocol::request::GetVar;
use relay_protocol::response;
use relay_runtime::metrics;

use crate::logs::Logs;
use crate::stage::{Stage, Test};

/// By name and labels, such as `relay_sessions_live workflow=ask`; of histograms the number of values.
fn figures(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let figure = |(key, _, _, value): (metrics_util::CompositeKey, _, _, DebugValue)| {
        let mut name = key.key().name().to_owned();
        for label in key.key().labels() {
            name += &format!(" {}={}", label.key(), label.value());
        }
        let value = match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => *value,
            DebugValue::Histogram(values) => values.len() as f64,
        };
        (name, value)
    };
    snapshotter.snapshot().into_vec().into_iter().map(figure).collect()
}

#[tokio::test]
async fn a_session_is_counted_from_its_start_to_its_end() -> Test {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = ::metrics::set_default_local_recorder(&recorder);

    let mut stage = Stage::open().await?;
    let mut peer = stage.session("/ask").await?;
    let get = peer.expect::<GetVar>().await?;
    let running = figures(&snapshotter);
    assert_eq!(running[&format!("{} workflow=ask", metrics::SESSIONS_LIVE)], 1.0);
    assert_eq!(running[&format!("{} workflow=ask", metrics::SESSIONS_STARTED)], 1.0);
    assert!(running[&format!("{} workflow=ask", metrics::RECEIVED_BYTES)] > 50.0, "the start event");
    assert!(running[&format!("{} workflow=ask", metrics::SENT_BYTES)] > 50.0, "the request");

    peer.answer(&get, response::GetVar::new().value("42")).await?;
    stage.said("42").await;
    peer.finish().await?;
    stage.empty().await;

    let over = figures(&snapshotter);
    assert_eq!(over[&format!("{} workflow=ask reason=stopped", metrics::SESSIONS_ENDED)], 1.0);
    assert_eq!(over[&format!("{} action=get_var outcome=done", metrics::ACTION_DURATION)], 1.0);
    assert_eq!(over[&format!("{} workflow=ask", metrics::SESSIONS_STARTED)], 0.0, "none since");
    Ok(())
}

#[tokio::test]
async fn failures_are_counted_by_where_and_why() -> Test {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = ::metrics::set_default_local_recorder(&recorder);

    let stage = Stage::open().await?;
    for path in ["/fail", "/panic"] {
        let mut peer = stage.session(path).await?;
        let get = peer.expect::<GetVar>().await?;
        peer.answer(&get, response::GetVar::new()).await?;
        peer.finish().await?;
    }
    let mut peer = stage.session("/fail").await?;
    let get = peer.expect::<GetVar>().await?;
    peer.refuse(&get, "not today").await?;
    peer.finish().await?;
    let mut peer = stage.dial("/broken").await?;
    peer.closed().await?;
    stage.session("/ask").await?.hang_up();
    stage.empty().await;

    let figures = figures(&snapshotter);
    let sum = |name: &str, labels: &str| -> f64 {
        let wanted = figures.iter().filter(|(key, _)| key.starts_with(name) && key.contains(labels));
        wanted.map(|(_, value)| value).sum()
    };
    assert_eq!(sum(metrics::HANDLER_ERRORS, "workflow=fail"), 2.0);
    assert_eq!(sum(metrics::HANDLER_PANICS, "workflow=panic"), 1.0);
    assert_eq!(sum(metrics::ACTION_DURATION, "action=get_var outcome=refused"), 1.0);
    assert_eq!(sum(metrics::SESSIONS_ENDED, "workflow=broken reason=panicked"), 1.0);
    assert_eq!(sum(metrics::SESSIONS_ENDED, "workflow=ask reason=disconnected"), 1.0);
    Ok(())
}

#[tokio::test]
async fn a_line_says_session_workflow_and_handler() -> Test {
    let logs = Logs::collect();
    let stage = Stage::open().await?;
    let mut peer = stage.session("/worry").await?;
    let line = logs.line("is it right?").await;
    assert!(line.contains("session{number=1 workflow=\"worry\"}:handler{name="), "{line}");
    peer.finish().await?;
    Ok(())
}
