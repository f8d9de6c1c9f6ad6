//! Starting interactions on several devices.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use futures_util::Stream;
use relay_protocol::event::InteractionLifecycle;
use relay_protocol::request::StartInteraction;
use relay_protocol::types::{HomeChannel, InputType, LifecycleType};
use relay_protocol::urn::{ResourceId, UrnKind};
use relay_protocol::{RequestBody, Urn};
use tokio::time::Sleep;

use super::{Color, Interaction, Interactions, start};
use crate::context::{Action, BoxFuture, Events, Target};
use crate::error::{Cause, RequestError};
use crate::session::Shared;

/// What official SDKs wait for an event.
const READY: Duration = Duration::from_secs(32);

/// Interactions being started on several devices, from
/// [`Context::start_interactions`](crate::Context::start_interactions).
///
/// Awaited, it gives all of them as [`Interactions`], with what failed beside them. [`next`](Self::next) gives one after
/// the other, as they come; it is also a [`Stream`](futures_util::Stream).
///
/// # Errors
///
/// As a whole it fails only if the request does. A device on which it failed, or that said nothing in time, is an error
/// among the interactions, with the device in [`target`](RequestError::target).
///
/// # Cancel safety
///
/// Dropping it unsends nothing: interactions that come up are ended with the session, or by
/// [`Context::finish`](crate::Context::finish). Dropping the future of `next` loses nothing.
#[must_use = "nothing is sent until it is awaited"]
pub struct StartInteractions {
    shared: Arc<Shared>,
    phase: Phase,
    changes: Events<InteractionLifecycle>,
    name: String,
    within: Duration,
    /// Devices that said nothing yet, and groups.
    awaited: Vec<Urn>,
    /// Whether there are no groups among them, so that one can tell when all have spoken.
    countable: bool,
    /// What is still to be told.
    errors: VecDeque<RequestError>,
}

enum Phase {
    Asking(Box<Action<StartInteraction>>),
    /// Relay has accepted; the devices' time runs.
    Accepted(Pin<Box<Sleep>>),
    Over {
        /// Whether the request itself failed.
        refused: bool,
    },
}

impl StartInteractions {
    pub(super) fn new(shared: &Arc<Shared>, target: Target, name: String) -> Self {
        let awaited = target.into_urns();
        let request = Action::new(shared, awaited.clone(), StartInteraction::new(name.clone()));
        Self {
            shared: shared.clone(),
            phase: Phase::Asking(Box::new(request.for_somebody().named(|body| &body.name))),
            changes: Events::of(shared, None),
            name,
            within: READY,
            countable: awaited.iter().all(|urn| urn.kind() == UrnKind::Device),
            awaited,
            errors: VecDeque::new(),
        }
    }

    fn set(mut self, set: impl FnOnce(&mut StartInteraction)) -> Self {
        if let Phase::Asking(request) = self.phase {
            self.phase = Phase::Asking(Box::new(request.set(set)));
        }
        self
    }

    /// As for [one device](Action::color).
    pub fn color(self, color: Color) -> Self {
        self.set(|body| start::color(body, color))
    }

    /// As for [one device](Action::inputs).
    pub fn inputs(self, inputs: impl IntoIterator<Item = InputType>) -> Self {
        self.set(|body| start::inputs(body, inputs))
    }

    /// As for [one device](Action::home_channel).
    pub fn home_channel(self, behaviour: HomeChannel) -> Self {
        self.set(|body| start::home_channel(body, behaviour))
    }

    /// How long Relay may take to accept, but no longer than without this option, and then the devices. Default: 32 s.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = time;
        if let Phase::Asking(request) = self.phase {
            let request = request.within(time.min(StartInteraction::TIMEOUT));
            self.phase = Phase::Asking(Box::new(request));
        }
        self
    }

    /// The next interaction that is ready, or the next device that failed; `None` when there can be no more.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what was not returned comes with the next call.
    pub async fn next(&mut self) -> Option<Result<Interaction, RequestError>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Result<Interaction, RequestError>>> {
        loop {
            if let Some(error) = self.errors.pop_front() {
                return Poll::Ready(Some(Err(error)));
            }
            match &mut self.phase {
                Phase::Over { .. } => return Poll::Ready(None),
                Phase::Accepted(_) => {}
                Phase::Asking(request) => match request.poll_end(cx) {
                    Poll::Pending => {}
                    Poll::Ready(Ok(())) => {
                        self.phase = Phase::Accepted(Box::pin(tokio::time::sleep(self.within)));
                    }
                    Poll::Ready(Err(error)) => {
                        self.phase = Phase::Over { refused: true };
                        self.errors.push_back(error);
                        continue;
                    }
                },
            }
            if self.countable && self.awaited.is_empty() {
                self.phase = Phase::Over { refused: false };
                continue;
            }
            match Pin::new(&mut self.changes).poll_next(cx) {
                Poll::Ready(Some(Ok(change))) => {
                    if let Some(result) = self.read(&change) {
                        return Poll::Ready(Some(result));
                    }
                }
                Poll::Ready(Some(Err(_))) => {} // whose change was dropped will be missed when the time is up
                Poll::Ready(None) => {
                    let reason = self.shared.lock().session.ending().cloned();
                    self.give_up(&reason.map_or(Cause::Failed(None), Cause::Closed));
                }
                Poll::Pending => {
                    let Phase::Accepted(time) = &mut self.phase else { return Poll::Pending };
                    ready!(time.as_mut().poll(cx));
                    self.give_up(&Cause::TimedOut { after: self.within, accepted: true });
                }
            }
        }
    }

    /// What a change means, if it is about one of ours.
    fn read(&mut self, change: &InteractionLifecycle) -> Option<Result<Interaction, RequestError>> {
        let source = &change.source_uri;
        let ended = matches!(change.kind, LifecycleType::Started | LifecycleType::Failed);
        if !ended || source.interaction_name().as_deref() != Some(&self.name) {
            return None;
        }
        let device = source.device().map(Urn::from);
        let found = device.as_ref().and_then(|device| position(&self.awaited, device));
        let target = match found {
            Some(at) => self.awaited.remove(at),
            None if self.countable => return None,
            None => device.unwrap_or_else(|| source.clone()),
        };
        let result = match change.kind {
            LifecycleType::Failed => Err(Cause::Failed(change.reason.clone())),
            _ => start::started(&self.shared, source.clone()),
        };
        Some(result.map_err(|cause| self.error(target, cause)))
    }

    /// Tells which devices said nothing. Of groups nobody knows.
    fn give_up(&mut self, cause: &Cause) {
        self.phase = Phase::Over { refused: false };
        let silent = std::mem::take(&mut self.awaited);
        for device in silent.into_iter().filter(|urn| urn.kind() == UrnKind::Device) {
            self.errors.push_back(self.error(device, cause.clone()));
        }
    }

    fn error(&self, device: Urn, cause: Cause) -> RequestError {
        let session = self.shared.info.number;
        RequestError { action: StartInteraction::NAME, target: Some(device), session, cause }
    }
}

/// Where `device` stands among `awaited`. A name and an id cannot be compared, so either may be the other, unless a
/// better fit is there.
fn position(awaited: &[Urn], device: &Urn) -> Option<usize> {
    let fits = |urn: &Urn| match (urn.id()?, device.id()?) {
        (ResourceId::Name(a), ResourceId::Name(b)) => Some(a.to_lowercase() == b.to_lowercase()),
        (ResourceId::Id(a), ResourceId::Id(b)) => Some(a == b),
        _ => None,
    };
    let devices = || awaited.iter().enumerate().filter(|(_, urn)| urn.kind() == UrnKind::Device);
    let sure = devices().find(|(_, urn)| fits(urn) == Some(true));
    sure.or_else(|| devices().find(|(_, urn)| fits(urn).is_none())).map(|(at, _)| at)
}

impl Stream for StartInteractions {
    type Item = Result<Interaction, RequestError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl IntoFuture for StartInteractions {
    type Output = crate::Result<Interactions>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let (mut started, mut failed) = (Vec::new(), Vec::new());
            while let Some(result) = self.next().await {
                match result {
                    Ok(interaction) => started.push(interaction),
                    Err(error) if matches!(self.phase, Phase::Over { refused: true }) => {
                        return Err(error.into());
                    }
                    Err(error) => failed.push(error),
                }
            }
            Ok(Interactions { shared: self.shared.clone(), started, failed })
        })
    }
}

impl fmt::Debug for StartInteractions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartInteractions")
            .field("name", &self.name)
            .field("awaited", &self.awaited)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use relay_protocol::urn::DeviceUrn;

    use super::*;

    fn name(name: &str) -> Urn {
        DeviceUrn::name(name).unwrap().into()
    }

    fn id(id: &str) -> Urn {
        DeviceUrn::id(id).unwrap().into()
    }

    #[test]
    fn a_device_is_found_by_name_by_id_or_for_lack_of_a_better_one() {
        let awaited = [id("1"), name("Alice"), id("2")];
        assert_eq!(position(&awaited, &name("alice")), Some(1));
        assert_eq!(position(&awaited, &id("2")), Some(2));
        assert_eq!(position(&awaited, &name("Bob")), Some(0));
        assert_eq!(position(&[name("Alice")], &name("Bob")), None);
        assert_eq!(position(&[], &name("Bob")), None);
    }
}
