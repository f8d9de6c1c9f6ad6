//! The figures of one measurement.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What is measured. The first that a sample has is the one to steer by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Resident KiB for each session.
    Resident,
    /// The same after the sessions have handled an event.
    ResidentUsed,
    /// What the connection that carries a session has of it.
    Carrier,
    /// KiB that the process has gained.
    Grown,
    /// Bytes that it has gained for each session of the second half.
    Growth,
    /// Resident MB of the whole process, at the end.
    ResidentAll,
    /// CPU time of the server process for each session, request or event, in µs.
    Cpu,
    /// Sessions or requests a second.
    Rate,
    /// Latency in ms.
    P50,
    P99,
    P999,
    /// Time in ms until all sessions have answered an event.
    Answered,
    /// Sessions that did not.
    Unanswered,
    /// Percent of the TLS handshakes that resumed a session.
    Resumed,
    Errors,
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resident => "resident KiB",
            Self::ResidentUsed => "resident KiB, used",
            Self::Carrier => "carrier's KiB of it",
            Self::Grown => "gained KiB",
            Self::Growth => "gained bytes",
            Self::ResidentAll => "resident MB",
            Self::Cpu => "CPU µs",
            Self::Rate => "a second",
            Self::P50 => "p50 ms",
            Self::P99 => "p99 ms",
            Self::P999 => "p99.9 ms",
            Self::Answered => "all answered ms",
            Self::Unanswered => "not answered",
            Self::Resumed => "resumed %",
            Self::Errors => "errors",
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sample {
    #[serde(flatten)]
    values: BTreeMap<Metric, f64>,
    /// Resident MB, looked at again and again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    course: Vec<f64>,
}

impl Sample {
    pub fn get(&self, metric: Metric) -> Option<f64> {
        self.values.get(&metric).copied()
    }

    pub fn metrics(&self) -> impl Iterator<Item = Metric> {
        self.values.keys().copied()
    }

    pub fn course(&self) -> &[f64] {
        &self.course
    }

    pub fn with_course(self, course: Vec<f64>) -> Self {
        Self { course, ..self }
    }
}

impl Extend<(Metric, f64)> for Sample {
    fn extend<I: IntoIterator<Item = (Metric, f64)>>(&mut self, values: I) {
        self.values.extend(values);
    }
}

impl<const N: usize> From<[(Metric, f64); N]> for Sample {
    fn from(values: [(Metric, f64); N]) -> Self {
        // What no session was there for is no number, and JSON knows none that is not one.
        let values = values.into_iter().filter(|(_, value)| value.is_finite());
        Self { values: values.collect(), course: Vec::new() }
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values.iter().map(|(metric, value)| format!("{metric} {}", Short(*value)));
        f.write_str(&values.collect::<Vec<_>>().join(" · "))
    }
}

/// A number with about three digits that matter.
pub struct Short(pub f64);

impl fmt::Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        f.pad(&match value.abs() {
            _ if !value.is_finite() => "–".to_owned(),
            size if size == 0.0 || size >= 100.0 => format!("{value:.0}"),
            size if size >= 10.0 => format!("{value:.1}"),
            _ => format!("{value:.2}"),
        })
    }
}
