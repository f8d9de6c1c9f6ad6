//! Incidents: what a workflow reports to the people at the console, and how it is settled.

use alloc::format;
use alloc::string::{String, ToString};

use relay_protocol::session::Timestamp;
use relay_protocol::types::IncidentStatus;
use relay_protocol::{event, request, response};

use crate::action::{Action, Observation};
use crate::engine::Engine;
use crate::error::UnknownIncident;
use crate::instance::Ask;
use crate::key::{DeviceKey, InstanceKey};
use crate::refusal::Refusal;

/// An incident that nobody has closed. It outlives the run that opened it: people have to see to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The run that opened it, which hears when others close it.
    pub instance: InstanceKey,
    /// What kind, in the workflow's words.
    pub kind: String,
    /// The device that it is reported from.
    pub device: DeviceKey,
}

/// What became of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IncidentChange {
    /// It is new.
    Opened(Incident),
    /// It is over.
    Closed {
        /// How it ended.
        status: IncidentStatus,
        /// Why, for the record.
        reason: String,
    },
}

impl Engine {
    /// The open incidents, by id.
    pub fn incidents(&self) -> impl ExactSizeIterator<Item = (&str, &Incident)> {
        self.incidents.iter().map(|(id, incident)| (id.as_str(), incident))
    }

    /// Somebody at the console has dealt with an incident. The workflow is told, if it still runs.
    ///
    /// # Errors
    ///
    /// [`UnknownIncident`] if there is none with this id that is open.
    pub fn resolve_incident(
        &mut self,
        now: Timestamp,
        id: &str,
        reason: impl Into<String>,
    ) -> Result<(), UnknownIncident> {
        self.close_from_outside(now, id, IncidentStatus::Resolved, reason.into())
    }

    /// Somebody at the console finds that it was none. The workflow is told, if it still runs.
    ///
    /// # Errors
    ///
    /// [`UnknownIncident`] if there is none with this id that is open.
    pub fn cancel_incident(
        &mut self,
        now: Timestamp,
        id: &str,
        reason: impl Into<String>,
    ) -> Result<(), UnknownIncident> {
        self.close_from_outside(now, id, IncidentStatus::Cancelled, reason.into())
    }

    pub(crate) fn create_incident(
        &mut self,
        ask: &Ask,
        create: request::CreateIncident,
    ) -> Result<response::CreateIncident, Refusal> {
        if self.config.strict() && create.kind.is_empty() {
            return Err(Refusal::invalid_value("create_incident needs a type, in words of your own"));
        }
        let limit = self.config.max_incidents;
        if self.incidents.len() >= limit {
            return Err(Refusal::limit_exceeded(format!("{limit} incidents are open; resolve some first")));
        }
        let device = self.device(&create.originator_uri)?;
        let incident = Incident { instance: ask.instance, kind: create.kind, device };
        let id = self.fresh_id("inc");
        self.incidents.insert(id.clone(), incident.clone());
        self.observe_incident(&id, IncidentChange::Opened(incident));
        Ok(response::CreateIncident::new(id))
    }

    /// No event follows: the workflow knows. What the real platform does is not known.
    pub(crate) fn resolve_own_incident(
        &mut self,
        resolve: request::ResolveIncident,
    ) -> Result<response::ResolveIncident, Refusal> {
        let id = resolve.incident_id;
        match self.close_incident(&id, IncidentStatus::Resolved, resolve.reason) {
            Some(_) => Ok(response::ResolveIncident::new()),
            None => Err(Refusal::not_found(format!("there is no open incident {id:?}"))),
        }
    }

    fn close_from_outside(
        &mut self,
        now: Timestamp,
        id: &str,
        status: IncidentStatus,
        reason: String,
    ) -> Result<(), UnknownIncident> {
        let incident = self.close_incident(id, status.clone(), reason.clone()).ok_or(UnknownIncident)?;
        // The reason is always there: one official SDK fails without it.
        self.emit(now, incident.instance, event::Incident::new(status, id).reason(reason));
        Ok(())
    }

    fn close_incident(&mut self, id: &str, status: IncidentStatus, reason: String) -> Option<Incident> {
        let incident = self.incidents.remove(id)?;
        self.observe_incident(id, IncidentChange::Closed { status, reason });
        Some(incident)
    }

    fn observe_incident(&mut self, id: &str, what: IncidentChange) {
        let id = id.to_string();
        self.actions.push_back(Action::Observed(Observation::Incident { id, what }));
    }
}
