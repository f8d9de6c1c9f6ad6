//! The metrics of one workflow.

use std::sync::Arc;

use ::metrics::{Counter, Gauge, counter, gauge};
use relay_protocol::session::CloseReason;
use relay_protocol::types::StopReason;

use super::{RECEIVED_BYTES, SENT_BYTES, SESSIONS_ENDED, SESSIONS_LIVE, SESSIONS_STARTED};

/// Asked for once for each workflow, so that a session costs no look-ups and no labels of its own.
pub(crate) struct WorkflowMetrics {
    live: Gauge,
    started: Counter,
    ended: [Counter; End::ALL.len()],
    pub(crate) received: Counter,
    pub(crate) sent: Counter,
}

impl WorkflowMetrics {
    pub(crate) fn new(workflow: &str) -> Arc<Self> {
        let by_reason =
            |end: End| counter!(SESSIONS_ENDED, "workflow" => workflow.to_owned(), "reason" => end.label());
        Arc::new(Self {
            live: gauge!(SESSIONS_LIVE, "workflow" => workflow.to_owned()),
            started: counter!(SESSIONS_STARTED, "workflow" => workflow.to_owned()),
            ended: End::ALL.map(by_reason),
            received: counter!(RECEIVED_BYTES, "workflow" => workflow.to_owned()),
            sent: counter!(SENT_BYTES, "workflow" => workflow.to_owned()),
        })
    }
}

impl std::fmt::Debug for WorkflowMetrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WorkflowMetrics").finish_non_exhaustive()
    }
}

/// Counts one session for as long as it runs, in whatever way it ends.
pub(crate) struct LiveSession {
    metrics: Arc<WorkflowMetrics>,
    end: Option<End>,
}

impl LiveSession {
    pub(crate) fn begin(metrics: Arc<WorkflowMetrics>) -> Self {
        metrics.started.increment(1);
        metrics.live.increment(1.0);
        Self { metrics, end: None }
    }

    pub(crate) fn end(mut self, reason: &CloseReason) {
        self.end = Some(End::from(reason));
    }
}

impl Drop for LiveSession {
    fn drop(&mut self) {
        let cut_off = || if std::thread::panicking() { End::Panicked } else { End::Aborted };
        let end = self.end.unwrap_or_else(cut_off);
        self.metrics.live.decrement(1.0);
        self.metrics.ended[end as usize].increment(1);
    }
}

/// The values of `reason`.
#[derive(Debug, Clone, Copy)]
enum End {
    Stopped,
    Failed,
    Disconnected,
    Closed,
    PingTimeout,
    MessageTooLarge,
    Backlog,
    Aborted,
    Panicked,
}

impl End {
    /// In the order of their numbers.
    const ALL: [Self; 9] = [
        Self::Stopped,
        Self::Failed,
        Self::Disconnected,
        Self::Closed,
        Self::PingTimeout,
        Self::MessageTooLarge,
        Self::Backlog,
        Self::Aborted,
        Self::Panicked,
    ];

    fn label(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Failed => "failed",
            Self::Disconnected => "disconnected",
            Self::Closed => "closed",
            Self::PingTimeout => "ping_timeout",
            Self::MessageTooLarge => "message_too_large",
            Self::Backlog => "backlog",
            Self::Aborted => "aborted",
            Self::Panicked => "panicked",
        }
    }
}

impl From<&CloseReason> for End {
    fn from(reason: &CloseReason) -> Self {
        match reason {
            CloseReason::Stopped(StopReason::Error) => Self::Failed,
            CloseReason::Stopped(_) => Self::Stopped,
            CloseReason::Disconnected { .. } => Self::Disconnected,
            CloseReason::PingTimeout => Self::PingTimeout,
            CloseReason::MessageTooLarge { .. } => Self::MessageTooLarge,
            CloseReason::Backlog { .. } => Self::Backlog,
            _ => Self::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::End;

    #[test]
    fn each_reason_stands_at_its_number() {
        for (number, end) in End::ALL.into_iter().enumerate() {
            assert_eq!(end as usize, number, "{end:?}");
        }
    }
}
