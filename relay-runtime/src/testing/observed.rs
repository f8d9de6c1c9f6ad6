//! What the platform lets see, as lines of the conversation and as news.

use std::sync::Arc;
use std::time::Duration;

use relay_engine::{DeviceKey, IncidentChange, InstanceKey, Milestone, NotificationChange, Observation};

use super::senses;
use super::state::State;

impl State {
    pub(super) fn observe(&mut self, at: Duration, observation: Observation) {
        match observation {
            Observation::Device { device, what } => {
                let Some(senses) = self.people.get_mut(&device) else { return };
                senses.perceive(&what);
                self.conversation.add(at, &senses.name, senses::told(&what));
            }
            Observation::Instance { instance, what } => self.reach(at, instance, what),
            Observation::Notification { instance, name, what, .. } => {
                let what = self.notified(&name, what);
                match instance {
                    Some(instance) => self.note(at, instance, what),
                    None => self.conversation.add(at, &"console".into(), what),
                }
            }
            Observation::Incident { id, what } => self.incident(at, id, what),
            Observation::Record(record) => self.news.records.push_back(record),
            Observation::Sms(sms) => self.news.texts.push_back(sms),
            Observation::Log { instance, message } => self.note(at, instance, format!("note: {message}")),
            _ => {}
        }
    }

    fn reach(&mut self, at: Duration, instance: InstanceKey, what: Milestone) {
        let what = match what {
            Milestone::Launched => return,
            Milestone::Started => match self.engine.instance(instance) {
                Some(instance) => format!("starts ({})", instance.trigger().kind),
                None => "starts".into(),
            },
            Milestone::Ended(reason) => {
                let text = format!("ends: {reason}");
                self.news.ended.push_back((self.run_name(instance), reason));
                text
            }
            Milestone::DialFailed(why) => format!("cannot be reached: {why}"),
            what => format!("{what:?}"),
        };
        self.note(at, instance, what);
    }

    fn notified(&self, name: &str, what: NotificationChange) -> String {
        match what {
            NotificationChange::Sent { kind, recipients, .. } => {
                format!("sends the {kind} {name:?} to {recipients} devices")
            }
            NotificationChange::Acknowledged(device) => {
                format!("finds the notification {name:?} acknowledged by {}", self.device_name(device))
            }
            NotificationChange::Cancelled(device) => {
                format!("takes the notification {name:?} back from {}", self.device_name(device))
            }
            NotificationChange::TimedOut(device) => {
                format!("has {} not react to the notification {name:?} in time", self.device_name(device))
            }
            what => format!("finds the notification {name:?} {what:?}"),
        }
    }

    fn incident(&mut self, at: Duration, id: String, what: IncidentChange) {
        let console: Arc<str> = "console".into();
        match what {
            IncidentChange::Opened(incident) => {
                let device = self.device_name(incident.device);
                let what = format!("sees the incident {:?} of {device}: {id}", incident.kind);
                self.conversation.add(at, &console, what);
                self.news.incidents.push_back((id, incident.kind));
            }
            IncidentChange::Closed { status, reason } => {
                self.conversation.add(at, &console, format!("sees {id} {status}: {reason:?}"));
            }
            what => self.conversation.add(at, &console, format!("sees {id} {what:?}")),
        }
    }

    fn device_name(&self, device: DeviceKey) -> Arc<str> {
        self.people.get(&device).map_or_else(|| "?".into(), |senses| senses.name.clone())
    }
}
