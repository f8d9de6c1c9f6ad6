//! What workflows, and the server about them, want to be remembered.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{EventId, Outcome, SubscriberId, TriggerId, TriggerRow, UnixMs, WorkflowId};

/// A record of the analytics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Given by the server.
    pub id: EventId,
    /// The account.
    pub subscriber: SubscriberId,
    /// When.
    pub at: UnixMs,
    /// The workflow that it is about.
    pub workflow: Option<WorkflowId>,
    /// The instance that it is about.
    pub instance: Option<TriggerId>,
    /// The device or user that it is about.
    pub user: Option<String>,
    /// Who wrote it.
    pub source: EventSource,
    /// Its heading. `workflow` for what the server writes.
    pub category: String,
    /// What the content is, as a MIME type. For `application/json` the content is JSON, or official clients fail.
    pub content_type: String,
    /// The content, as text.
    pub content: String,
}

/// Who wrote a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventSource {
    /// The server.
    System,
    /// A workflow.
    User,
}

impl EventSource {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
        }
    }
}

/// Which records are wanted: those for which everything given holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// About this workflow.
    pub workflow: Option<WorkflowId>,
    /// About this instance.
    pub instance: Option<TriggerId>,
    /// About this device or user.
    pub user: Option<String>,
    /// Written by.
    pub source: Option<EventSource>,
    /// With this heading.
    pub category: Option<String>,
    /// At or after.
    pub from: Option<UnixMs>,
    /// Before.
    pub to: Option<UnixMs>,
}

impl Event {
    /// What official clients wait for at the end of an instance.
    pub fn terminate(row: &TriggerRow, outcome: &Outcome, now: UnixMs) -> Self {
        let content = json!({
            "command": "terminate",
            "workflow_uri": row.uri,
            "end_time": now.to_string(),
            "terminate_reason": outcome.to_string(),
        });
        Self {
            id: EventId::generate(now),
            subscriber: row.subscriber.clone(),
            at: now,
            workflow: Some(row.workflow.clone()),
            instance: Some(row.id.clone()),
            user: row.device.as_ref().map(ToString::to_string),
            source: EventSource::System,
            category: "workflow".into(),
            content_type: "application/json".into(),
            content: content.to_string(),
        }
    }
}
