//! Alerts and their acknowledgements.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use relay_protocol::event::{self, Notification};
use relay_protocol::types::{NotificationEvent, NotificationState};
use relay_protocol::urn::DeviceUrn;
use relay_protocol::{RequestBody, Urn, request};

use super::{Action, BoxFuture, Events, IntoTarget, Lagged, in_time, notification};
use crate::error::{Cause, RequestError};
use crate::session::Shared;

/// An alert that has been sent, from [`Context::alert`](crate::Context::alert).
///
/// It sounds until each recipient has acknowledged it. Dropping it changes nothing; [`cancel`](Self::cancel) stops it,
/// and so do [`first`](Self::first) and [`quorum`](Self::quorum) when enough people have acknowledged.
pub struct Alert {
    shared: Arc<Shared>,
    name: String,
    target: Vec<Urn>,
    events: Events<Notification>,
}

impl Alert {
    pub(super) fn new(
        shared: Arc<Shared>,
        name: String,
        target: Vec<Urn>,
        events: Events<Notification>,
    ) -> Self {
        Self { shared, name, target, events }
    }

    /// Its name, by which it can be called back from elsewhere.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next acknowledgement; `None` once the session is over. Its `source_uri` names, by our conclusion, the device
    /// that acknowledged, and `notification_state` how it stands with all recipients.
    ///
    /// # Errors
    ///
    /// [`Lagged`] when more notification events came to the session than are kept, see [`Events`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what was not returned comes with the next call.
    pub async fn acknowledged(&mut self) -> Option<Result<Notification, Lagged>> {
        loop {
            match self.events.next().await? {
                Ok(event) if !acknowledges(&event, &self.name) => {}
                other => return Some(other),
            }
        }
    }

    /// Waits until somebody has acknowledged it, then stops it for the others: whoever comes first does the job. Brings
    /// that device, or none when the [time](First::within) is over (or if Relay does not say which device it was).
    pub fn first(self) -> First {
        First(self.quorum(1))
    }

    /// Waits until so many devices have acknowledged it, then stops it for the others. Brings those devices; fewer only
    /// when the [time](Quorum::within) is over.
    pub fn quorum(self, devices: usize) -> Quorum {
        Quorum { alert: self, devices, within: None, others: None }
    }

    /// Stops it on all devices. Waits 60 s.
    pub fn cancel(&self) -> Action<request::Notification> {
        notification::cancel(&self.shared, self.name.clone(), self.target.clone())
    }

    /// Stops it on some of them. Waits 60 s.
    pub fn cancel_on(&self, devices: impl IntoTarget) -> Action<request::Notification> {
        notification::cancel(&self.shared, self.name.clone(), devices.into_target().into_urns())
    }

    /// Collects acknowledgements until there are enough. One without a device counts by itself.
    async fn collect(&mut self, enough: usize, came: &mut Came) -> Result<(), Cause> {
        let mut nameless = 0;
        while came.devices.len() + nameless < enough {
            let event = self.events.find(|event| acknowledges(event, &self.name)).await?;
            came.state = event.notification_state;
            match event.source_uri.and_then(|source| source.device()) {
                Some(device) if came.devices.contains(&device) => {}
                Some(device) => came.devices.push(device),
                None => nameless += 1,
            }
        }
        Ok(())
    }

    /// Whom it went to and who did not acknowledge it, as far as Relay has told; else everybody.
    fn others(&self, state: &NotificationState) -> Vec<Urn> {
        if state.created.is_empty() {
            return self.target.clone();
        }
        let others = state.created.iter().filter(|recipient| !state.acknowledged.contains(recipient));
        others
            .filter_map(|other| {
                Urn::parse(&**other).ok().or_else(|| Some(DeviceUrn::name(other).ok()?.into()))
            })
            .collect()
    }
}

/// Who has acknowledged an alert.
#[derive(Default)]
struct Came {
    devices: Vec<DeviceUrn>,
    /// How it stood with all recipients when the last of them did.
    state: NotificationState,
}

fn acknowledges(event: &event::Notification, name: &str) -> bool {
    event.name == name && event.event == NotificationEvent::Acknowledged
}

impl fmt::Debug for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alert")
            .field("name", &self.name)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// Waiting for so many acknowledgements; await it. Made by [`Alert::quorum`].
///
/// # Errors
///
/// [`Cause::Closed`] when the session ends first, and those of [`Alert::cancel`] and
/// [`broadcast`](crate::Context::broadcast).
///
/// # Cancel safety
///
/// Dropping it leaves the alert as it is: it sounds on, and who has acknowledged is lost. To be able to go on, wait
/// with [`Alert::acknowledged`] and cancel by hand.
#[derive(Debug)]
#[must_use = "nothing is waited for until it is awaited"]
pub struct Quorum {
    alert: Alert,
    devices: usize,
    within: Option<Duration>,
    others: Option<String>,
}

impl Quorum {
    /// How long to wait; then it is stopped for those who have not acknowledged. By default, as long as the session
    /// lasts.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// When there are enough, also broadcasts this to those who have not acknowledged, so that they know why it is quiet
    /// now. Who those are is told by the last acknowledgement; if it does not, all whom the alert went to hear it.
    pub fn tell_others(mut self, text: impl Into<String>) -> Self {
        self.others = Some(text.into());
        self
    }
}

impl IntoFuture for Quorum {
    type Output = crate::Result<Vec<DeviceUrn>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { mut alert, devices: enough, within, others } = self;
        Box::pin(async move {
            let mut came = Came::default();
            let others = match in_time(within, alert.collect(enough, &mut came)).await {
                Ok(()) => others.map(|text| (alert.others(&came.state), text)),
                Err(Cause::TimedOut { .. }) => None,
                Err(cause) => {
                    let (target, session) = (alert.target.first().cloned(), alert.shared.info.number);
                    let action = request::Notification::NAME;
                    return Err(RequestError { action, target, session, cause }.into());
                }
            };
            alert.cancel().await?;
            if let Some((others, text)) = others.filter(|(others, _)| !others.is_empty()) {
                notification::broadcast(&alert.shared, others, text).await?;
            }
            Ok(came.devices)
        })
    }
}

/// Waiting for the first acknowledgement; await it. Made by [`Alert::first`]. As [`Quorum`] for one.
#[derive(Debug)]
#[must_use = "nothing is waited for until it is awaited"]
pub struct First(Quorum);

impl First {
    /// How long to wait; then the alert is stopped. By default, as long as the session lasts.
    pub fn within(self, time: Duration) -> Self {
        Self(self.0.within(time))
    }

    /// When somebody has acknowledged it, also broadcasts this to the others. As [`Quorum::tell_others`].
    pub fn tell_others(self, text: impl Into<String>) -> Self {
        Self(self.0.tell_others(text))
    }
}

impl IntoFuture for First {
    type Output = crate::Result<Option<DeviceUrn>>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.0.await?.pop()) })
    }
}
