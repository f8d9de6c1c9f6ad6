//! Alerts on behalf of no run, by the ids that clients know them by, and what becomes of them.

use std::collections::HashMap;

use relay_engine::{AnnounceError, Announcement, DeviceKey, NoticeKey, NotificationChange};
use serde_json::{Value, json};

use super::ids::Ids;
use super::platform::Platform;
use super::task::State;
use crate::model::{Event, EventId, EventSource, WorkflowId};

/// The alerts that are not over.
#[derive(Debug, Default)]
pub(super) struct Alerts(HashMap<NoticeKey, Sent>);

#[derive(Debug)]
struct Sent {
    /// What clients call it.
    task: String,
    workflow: Option<WorkflowId>,
    /// Devices where nobody has reacted.
    open: usize,
}

impl Platform<'_> {
    /// Alerts devices, on behalf of no run. What becomes of it is recorded in the analytics, under this id for the
    /// instance and the name of the announcement for the category. The first record comes back: when the caller has
    /// stored it, the alert is known by its id whatever happens.
    ///
    /// # Errors
    ///
    /// [`AnnounceError`]: nothing has happened.
    pub fn alert(
        &mut self,
        task: &str,
        workflow: Option<&WorkflowId>,
        devices: &[DeviceKey],
        announcement: Announcement,
    ) -> Result<Event, AnnounceError> {
        let (name, text) = (announcement.name.clone(), announcement.text.clone());
        let key = self.engine.alert(self.now, devices, announcement)?;
        let sent = Sent { task: task.to_owned(), workflow: workflow.cloned(), open: devices.len() };
        let event = self.state.of_alert(&sent, &name, None, json!({ "event": "sent", "text": text }));
        if sent.open > 0 {
            self.state.alerts.0.insert(key, sent);
        }
        Ok(event)
    }

    /// Records something in the analytics, by and by.
    pub fn record(&mut self, event: Event) {
        self.state.ledger.record(event);
    }

    /// Takes an alert back from everybody who has not reacted. False if there is none of this id, or it is over.
    pub fn cancel_alert(&mut self, task: &str) -> bool {
        let key = self.state.alerts.0.iter().find(|(_, sent)| sent.task == task).map(|(key, _)| *key);
        if let Some(key) = key {
            self.engine.take_back(self.now, key);
        }
        key.is_some()
    }
}

impl State {
    /// Somebody has reacted, or does not need to any more.
    pub(super) fn alert_changed(
        &mut self,
        ids: &Ids,
        notice: NoticeKey,
        name: &str,
        what: &NotificationChange,
    ) {
        let (event, device) = match what {
            NotificationChange::Acknowledged(device) => ("acknowledged", device),
            NotificationChange::Cancelled(device) => ("cancelled", device),
            NotificationChange::TimedOut(device) => ("timed_out", device),
            _ => return,
        };
        let Some(mut sent) = self.alerts.0.remove(&notice) else { return };
        let device = ids.devices.id(*device).map(ToString::to_string);
        self.ledger.record(self.of_alert(&sent, name, device, json!({ "event": event })));
        sent.open -= 1;
        if sent.open > 0 {
            self.alerts.0.insert(notice, sent);
        }
    }

    fn of_alert(&self, sent: &Sent, name: &str, device: Option<String>, content: Value) -> Event {
        let at = self.runner.clock().wall();
        Event {
            id: EventId::generate(at),
            subscriber: self.subscriber.clone(),
            at,
            workflow: sent.workflow.clone(),
            instance: Some(sent.task.as_str().into()),
            user: device,
            source: EventSource::System,
            category: name.to_owned(),
            content_type: "application/json".to_owned(),
            content: content.to_string(),
        }
    }
}
