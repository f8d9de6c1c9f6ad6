//! Prometheus as the recorder.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::ACTION_DURATION;

/// Upper bounds in seconds, from an answer within the house to a long announcement.
const BUCKETS: [f64; 12] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

/// Makes a Prometheus recorder that of the whole process. The handle goes to
/// [`ServerBuilder::prometheus`](crate::server::ServerBuilder::prometheus).
///
/// To add labels or change the buckets, build a recorder of your own with
/// [`metrics_exporter_prometheus::PrometheusBuilder`]; its handle does as well.
///
/// # Errors
///
/// If the process has a recorder already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(ACTION_DURATION.to_owned()), &BUCKETS)?
        .install_recorder()
}
