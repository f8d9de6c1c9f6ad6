//! Calls between devices, and with telephones.

use std::fmt;
use std::time::Duration;

use relay_protocol::event;
use relay_protocol::request::{self, Answer, Hangup, Register};
use relay_protocol::{Event, RequestBody};

use super::{Action, Device, Events, Lagged, ToDevice, units};
use crate::error::{Cause, Error, RequestError};

/// A call that a device takes part in, from [`Device::call`], [`Device::answer`] or [`Device::ongoing_call`].
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context, alice: DeviceUrn, bob: DeviceUrn) -> Result<()> {
/// let mut call = cx.device(&alice).call(&bob).await?;
/// call.connected().await?;
/// call.ended().await?;
/// # Ok(()) }
/// ```
///
/// Dropping it does not end the call: [`hang_up`](Self::hang_up) does.
pub struct Call {
    device: Device,
    id: String,
    events: Events<CallEvent>,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallEvent {
    /// It is on its way. May come before, between and after ringing.
    Progressing(event::CallProgressing),
    /// It rings at the other end.
    Ringing(event::CallRinging),
    /// The two can talk.
    Connected(event::CallConnected),
    /// It is over, after the two could talk.
    Disconnected(event::CallDisconnected),
    /// It is over, and the two could never talk.
    Failed(event::CallFailed),
}

impl CallEvent {
    fn of(event: &Event) -> Option<Self> {
        Some(match event {
            Event::CallProgressing(event) => Self::Progressing((**event).clone()),
            Event::CallRinging(event) => Self::Ringing((**event).clone()),
            Event::CallConnected(event) => Self::Connected((**event).clone()),
            Event::CallDisconnected(event) => Self::Disconnected((**event).clone()),
            Event::CallFailed(event) => Self::Failed((**event).clone()),
            _ => return None,
        })
    }

    fn is(event: &Event) -> bool {
        matches!(
            event,
            Event::CallProgressing(_)
                | Event::CallRinging(_)
                | Event::CallConnected(_)
                | Event::CallDisconnected(_)
                | Event::CallFailed(_)
        )
    }

    /// The call that it is about.
    pub fn call_id(&self) -> &str {
        match self {
            Self::Progressing(event) => &event.call_id,
            Self::Ringing(event) => &event.call_id,
            Self::Connected(event) => &event.call_id,
            Self::Disconnected(event) => &event.call_id,
            Self::Failed(event) => &event.call_id,
        }
    }
}

impl Device {
    /// Calls another device from this one. Done when the call has begun; the [`Call`] tells the rest. Workflows need no
    /// interaction for that. Waits 5 s.
    pub fn call(&self, callee: impl ToDevice) -> Action<request::Call, Call> {
        self.call_uri(callee.to_device().as_str())
    }

    /// Calls an address from this device: that of a [`call_start_request`](event::CallStartRequest) event, or a telephone
    /// number where the platform takes one. As [`call`](Self::call).
    pub fn call_uri(&self, uri: impl Into<String>) -> Action<request::Call, Call> {
        let (device, events) = (self.clone(), self.call_events());
        self.action(request::Call::new().uri(uri))
            .finish(move |done| Ok(Call { device, id: done.response()?.call_id, events }))
    }

    /// Takes a call that a [`call_received`](event::CallReceived) event has announced. Done when Relay has accepted that.
    /// Waits 5 s.
    pub fn answer(&self, call_id: impl Into<String>) -> Action<Answer, Call> {
        let call = self.ongoing_call(call_id);
        self.action(Answer::new(&*call.id)).finish(|done| done.outcome.map(|_| call))
    }

    /// Ends a call, or refuses one that was announced. Done when Relay has accepted that. Waits 5 s.
    pub fn hang_up(&self, call_id: impl Into<String>) -> Action<Hangup> {
        self.action(Hangup::new(call_id))
    }

    /// A call that this device takes part in already, by its id. What happened to it before this is not told.
    pub fn ongoing_call(&self, call_id: impl Into<String>) -> Call {
        Call { device: self.clone(), id: call_id.into(), events: self.call_events() }
    }

    fn call_events(&self) -> Events<CallEvent> {
        Events::reading(&self.shared, CallEvent::is, CallEvent::of)
    }

    /// Registers the device with a telephone server (SIP), so that it can be called from outside. Waits 5 s.
    pub fn register_for_calls(
        &self,
        uri: impl Into<String>,
        password: impl Into<String>,
    ) -> Action<Register> {
        self.action(Register::new().uri(uri).password(password))
    }

    /// Takes the registration with a telephone server back. Waits 5 s.
    pub fn unregister_for_calls(&self) -> Action<Register> {
        self.action(Register::new().expires(0))
    }
}

/// Options of [`register_for_calls`](Device::register_for_calls).
impl Action<Register> {
    /// How long the registration is good; whole seconds, rounded up. By default, Relay decides. That the protocol means
    /// seconds is our conclusion from SIP.
    pub fn expires(self, time: Duration) -> Self {
        self.set(|body| body.expires = Some(units::seconds(time)))
    }
}

impl Call {
    /// Its id, by which events name it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The device that takes part in it.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What happens to it next; `None` once the session is over.
    ///
    /// # Errors
    ///
    /// [`Lagged`] when more happened to all calls of the session than is kept, see [`Events`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what was not returned comes with the next call.
    pub async fn next(&mut self) -> Option<Result<CallEvent, Lagged>> {
        loop {
            match self.events.next().await? {
                Ok(event) if event.call_id() != self.id => {}
                other => return Some(other),
            }
        }
    }

    /// Waits until the two can talk, as long as the session lasts.
    ///
    /// # Errors
    ///
    /// [`Cause::Failed`] with Relay's reason when the call ends first, [`Cause::Closed`] when the session does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future may lose what led to the connection, but not the connection itself.
    pub async fn connected(&mut self) -> crate::Result<event::CallConnected> {
        let found =
            self.find(|event| !matches!(event, CallEvent::Progressing(_) | CallEvent::Ringing(_))).await?;
        let reason = match found {
            CallEvent::Connected(event) => return Ok(event),
            CallEvent::Disconnected(event) => event.reason,
            CallEvent::Failed(event) => event.reason,
            _ => String::new(),
        };
        Err(self.error(Cause::Failed((!reason.is_empty()).then_some(reason))))
    }

    /// Waits for its end, as long as the session lasts, and tells why: [`CallEvent::Disconnected`] or
    /// [`CallEvent::Failed`].
    ///
    /// # Errors
    ///
    /// [`Cause::Closed`] when the session ends first.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future may lose what led to the end, but not the end itself.
    pub async fn ended(&mut self) -> crate::Result<CallEvent> {
        self.find(|event| matches!(event, CallEvent::Disconnected(_) | CallEvent::Failed(_))).await
    }

    async fn find(&mut self, wanted: impl Fn(&CallEvent) -> bool) -> crate::Result<CallEvent> {
        let id = &self.id;
        let found = self.events.find(|event| event.call_id() == id && wanted(event)).await;
        found.map_err(|cause| self.error(cause))
    }

    fn error(&self, cause: Cause) -> Error {
        let (target, session) = (Some(self.device.urn().clone()), self.device.shared.info.number);
        Error::from(RequestError { action: request::Call::NAME, target, session, cause })
    }

    /// Ends it. Done when Relay has accepted that. Waits 5 s.
    pub fn hang_up(&self) -> Action<Hangup> {
        self.device.hang_up(&*self.id)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("id", &self.id).field("device", &self.device).finish_non_exhaustive()
    }
}
