//! What there is to see of an engine: told to whoever watches, and to the ledger where it must be remembered.

use relay_engine::{Change, Engine, IncidentChange, InstanceKey, Milestone, Observation, Record};
use relay_protocol::session::Timestamp;
use relay_protocol::transcript::Side;
use serde_json::{Value, json};

use super::ids::Ids;
use super::show;
use super::task::State;
use crate::events::{Event, Kind};
use crate::model;

impl State {
    /// A frame goes over a connection.
    pub(super) fn frame(&mut self, now: Timestamp, key: InstanceKey, from: Side, text: &str) {
        let at = self.runner.clock().wall();
        let Some(live) = self.live.get_mut(&key) else { return };
        let Some(running) = &mut live.running else { return };
        if let Some(line) = running.recorder.as_mut().and_then(|recorder| recorder.frame(now, at, from, text))
        {
            self.ledger.line(&live.id, line);
        }
        let what = if from == Side::Engine { "sent" } else { "received" };
        let event = Event::new(Kind::Frame, what, at.get(), self.subscriber.as_str())
            .instance(live.id.as_str())
            .workflow(live.workflow.as_str())
            .data(json!({ "text": text }));
        self.runner.hub().publish(event);
    }

    pub(super) fn observe(&mut self, engine: &Engine, ids: &mut Ids, observation: Observation) {
        match observation {
            Observation::Device { device, what } => {
                let (what, data) = show::perception(ids, what);
                let id = ids.devices.id(device).map_or("", |id| id.as_str());
                self.publish(self.event(Kind::Device, what).device(id).data(data));
            }
            Observation::Instance { instance, what } => self.milestone(instance, what),
            Observation::Directory(change) => self.changed(engine, ids, change),
            Observation::Notification { notice, instance, name, what } => {
                self.alert_changed(ids, notice, &name, &what);
                let event = match instance {
                    Some(instance) => self.about(instance, Kind::Instance, "notification"),
                    None => self.event(Kind::Instance, "notification"), // somebody at the console sent it
                };
                self.publish(event.data(show::notification(ids, &name, &what)));
            }
            Observation::Incident { id, what } => {
                let (what, data) = match what {
                    IncidentChange::Opened(incident) => {
                        let device = ids.devices.id(incident.device).map(|id| id.as_str());
                        ("incident_opened", json!({ "id": id, "type": incident.kind, "device": device }))
                    }
                    IncidentChange::Closed { status, reason } => {
                        ("incident_closed", json!({ "id": id, "status": status.as_str(), "reason": reason }))
                    }
                    _ => return,
                };
                self.publish(self.event(Kind::Instance, what).data(data));
            }
            Observation::Record(record) => self.record(ids, record),
            Observation::Sms(sms) => {
                let data = json!({ "id": sms.id, "type": sms.kind, "uri": sms.uri, "text": sms.text });
                self.publish(self.about(sms.instance, Kind::Instance, "sms").data(data));
            }
            Observation::Log { instance, message } => {
                if let Some(live) = self.live.get_mut(&instance) {
                    live.note.clone_from(&message);
                }
                self.publish(self.about(instance, Kind::Log, "engine").data(json!({ "message": message })));
            }
            _ => {}
        }
    }

    fn milestone(&mut self, instance: InstanceKey, what: Milestone) {
        let (what, data) = match what {
            Milestone::Launched => ("launched", Value::Null),
            Milestone::Started => ("started", Value::Null),
            Milestone::DialFailed(why) => ("dial_failed", json!({ "why": why })),
            Milestone::Ended(reason) => {
                if let Some(live) = self.live.get_mut(&instance) {
                    live.ended(&reason);
                }
                let outcome = self.live.get(&instance).and_then(|live| live.outcome.clone());
                ("ended", json!({ "reason": reason.as_str(), "outcome": outcome }))
            }
            _ => return,
        };
        self.publish(self.about(instance, Kind::Instance, what).data(data));
    }

    /// What a workflow wants to be remembered.
    fn record(&self, ids: &Ids, record: Record) {
        let Some(live) = self.live.get(&record.instance) else { return };
        let at = self.runner.clock().wall();
        let device = record.device.and_then(|device| ids.devices.id(device));
        self.ledger.record(model::Event {
            id: model::EventId::generate(at),
            subscriber: self.subscriber.clone(),
            at,
            workflow: Some(live.workflow.clone()),
            instance: Some(live.id.clone()),
            user: device.map(ToString::to_string),
            source: model::EventSource::User,
            category: record.category,
            content_type: record.content_type.to_string(),
            content: record.content,
        });
    }

    /// A workflow has changed what the registry knows.
    fn changed(&self, engine: &Engine, ids: &mut Ids, change: Change) {
        let directory = engine.directory();
        match change {
            Change::Device(key) => {
                if let (Some(id), Some(device)) = (ids.devices.id(key), directory.device(key)) {
                    self.ledger.device(id.clone(), device.info());
                    self.publish(self.event(Kind::Device, "changed").device(id.as_str()));
                }
            }
            Change::GroupAdded(key) | Change::GroupMembers(key) => {
                if let Some(group) = directory.group(key) {
                    ids.groups.insert(group.id().into(), key);
                    let members = group.members().filter_map(|member| directory.device(member));
                    let members = members.map(|member| member.info().id.clone()).collect();
                    self.ledger.group(group.id().into(), group.name().to_owned(), members);
                }
            }
            Change::GroupRemoved { id } => {
                let id = id.into();
                ids.groups.remove_id(&id);
                self.ledger.group_removed(id);
            }
            _ => {}
        }
    }

    fn event(&self, kind: Kind, what: &'static str) -> Event {
        Event::new(kind, what, self.runner.clock().wall().get(), self.subscriber.as_str())
    }

    fn about(&self, instance: InstanceKey, kind: Kind, what: &'static str) -> Event {
        let event = self.event(kind, what);
        let Some(live) = self.live.get(&instance) else { return event };
        let event = event.instance(live.id.as_str()).workflow(live.workflow.as_str());
        match &live.device {
            Some(device) => event.device(device.as_str()),
            None => event,
        }
    }

    fn publish(&self, event: Event) {
        self.runner.hub().publish(event);
    }
}
