//! Incidents.

use std::fmt;
use std::sync::Arc;

use relay_protocol::EventBody;
use relay_protocol::event;
use relay_protocol::request::{CreateIncident, ResolveIncident};

use super::{Action, Context, Device, Events};
use crate::error::{Error, RequestError};
use crate::session::Shared;

/// An incident, from [`Device::create_incident`] or [`Context::incident`]: an entry in the web console that says who
/// needs help and, if the device reports its location, where.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(alice: Interaction) -> Result<()> {
/// let mut spill = alice.device().create_incident("spill").await?;
/// let end = spill.closed().await?;
/// alice.say(format!("The spill was {}", end.kind)).await?;
/// # Ok(()) }
/// ```
pub struct Incident {
    shared: Arc<Shared>,
    id: String,
    changes: Events<event::Incident>,
}

impl Context {
    /// The incident with this id: one that was created earlier, perhaps by another session. Who closed it before this
    /// is not told.
    pub fn incident(&self, id: impl Into<String>) -> Incident {
        Incident { shared: self.shared.clone(), id: id.into(), changes: self.events_of() }
    }
}

impl Device {
    /// Opens an incident that this device reports. `kind` is a word of your choice. Devices are not told of it.
    ///
    /// Waits 5 s for Relay's answer.
    pub fn create_incident(&self, kind: impl Into<String>) -> Action<CreateIncident, Incident> {
        let body = CreateIncident::new(kind, self.urn().clone());
        // Made now, since the incident may be closed together with the response.
        let changes = Events::of(&self.shared, None);
        Action::new(&self.shared, Vec::new(), body).finish(move |done| {
            let shared = done.shared.clone();
            Ok(Incident { shared, id: done.response()?.incident_id, changes })
        })
    }
}

impl Incident {
    /// Its id, which is the same in every session.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Closes it; the reason is for the record. Whether [`closed`](Self::closed) is then done is not known.
    ///
    /// Waits 5 s for Relay's answer.
    pub fn resolve(&self, reason: impl Into<String>) -> Action<ResolveIncident> {
        let body = ResolveIncident::new(&*self.id).reason(reason);
        Action::new(&self.shared, Vec::new(), body)
    }

    /// Waits until somebody closes it, in the web console for example, as long as the session lasts.
    ///
    /// # Errors
    ///
    /// [`Cause::Closed`](crate::Cause::Closed) when the session ends first.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: a later call tells what happened meanwhile.
    pub async fn closed(&mut self) -> crate::Result<event::Incident> {
        let Self { shared, id, changes } = self;
        let closed = changes.find(|change| change.incident_id == *id).await;
        closed.map_err(|cause| {
            let session = shared.info.number;
            Error::from(RequestError { action: event::Incident::NAME, target: None, session, cause })
        })
    }
}

impl fmt::Debug for Incident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incident").field(&self.id).finish()
    }
}
