//! Metrics for Prometheus.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::store::Store;
use crate::trigger::Runner;

/// Seconds, for what takes from a millisecond to half a minute.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0, 30.0];

/// The metrics of the process: the crates that count know no other.
static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// What is counted, and how it is shown.
#[derive(Clone)]
pub struct Metrics {
    /// None if the program records metrics in its own way.
    handle: Option<PrometheusHandle>,
}

impl Metrics {
    /// Records metrics, unless the program does already.
    pub fn install() -> Self {
        let handle = HANDLE.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let builder =
                builder.set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS).ok()?;
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            metrics::set_global_recorder(recorder).ok().map(|()| handle)
        });
        Self { handle: handle.clone() }
    }

    /// A request was answered.
    pub(crate) fn request(&self, method: &Method, path: Option<String>, status: StatusCode, took: Duration) {
        // Labels are kept for ever: what a stranger made up must not become one.
        let path = path.unwrap_or_else(|| "unknown".into());
        let method = if is_usual(method) { method.as_str() } else { "other" };
        let labels = [("method", method.to_owned()), ("path", path), ("status", status.as_str().to_owned())];
        counter!("relay_server_http_requests_total", &labels).increment(1);
        histogram!("relay_server_http_request_seconds", &labels[..2]).record(took);
    }

    /// Everything, in the text format of Prometheus.
    pub(crate) async fn render(&self, runner: &Runner, store: &Store) -> String {
        let Some(handle) = &self.handle else {
            return "# the program records metrics in its own way\n".into();
        };
        let status = runner.queue_status();
        gauge!("relay_server_triggers_queued").set(status.queued as f64);
        gauge!("relay_server_triggers_starting").set(status.starting as f64);
        gauge!("relay_server_instances").set(status.instances as f64);
        gauge!("relay_server_breakers_open").set(status.open_breakers.len() as f64);
        if let Ok(store) = store.metrics().await {
            gauge!("relay_server_store_bytes").set(store.bytes as f64);
            gauge!("relay_server_store_waiting").set(store.waiting as f64);
            counter!("relay_server_store_writes_total").absolute(store.writes);
            counter!("relay_server_store_commits_total").absolute(store.commits);
        }
        handle.run_upkeep();
        handle.render()
    }
}

/// Whether some endpoint may have it.
fn is_usual(method: &Method) -> bool {
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS].contains(method)
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("recorded", &self.handle.is_some()).finish()
    }
}
