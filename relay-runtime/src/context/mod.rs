//! What a handler can do.

mod action;
mod alert;
mod analytics;
mod call;
mod device;
mod events;
mod fields;
mod group;
mod incident;
mod interaction;
mod log;
mod notification;
mod signals;
mod talk;
mod target;
mod timers;
mod units;
mod variables;

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use relay_protocol::request::Terminate;
use relay_protocol::session::CloseReason;
use relay_protocol::urn::InteractionUrn;
use relay_protocol::{RequestBody, Urn};

pub use action::Action;
pub use alert::{Alert, First, Quorum};
pub use analytics::Analytics;
pub use call::{Call, CallEvent};
pub use device::{Coordinates, Danger, Device, PlayInbox};
pub use events::{Events, Lagged, Next, OfInteraction};
pub use group::Group;
pub use incident::Incident;
pub use interaction::{
    Color, Heard, Interaction, Interactions, LedIndex, LedIndexError, Leds, ParseColorError, Playback,
    StartInteractions, Vibration,
};
pub use signals::{Signals, Subscription};
pub use talk::{Ask, Confirm, Menu};
pub use target::{IntoTarget, Target, ToDevice};
pub use timers::Timers;
pub use variables::Variables;

use crate::error::{Cause, Result};
use crate::extract::States;
use crate::session::Shared;

/// The session that a handler works in.
///
/// | what | where |
/// | --- | --- |
/// | speak, listen, LEDs, buttons | [`start_interaction`](Self::start_interaction), [`start_interactions`](Self::start_interactions) |
/// | ask and set up a device, call, report an incident | [`device`](Self::device) |
/// | tell many at once | [`broadcast`](Self::broadcast), [`alert`](Self::alert) |
/// | groups | [`group`](Self::group), [`create_group`](Self::create_group) |
/// | values, times, records | [`vars`](Self::vars), [`timers`](Self::timers), [`analytics`](Self::analytics), [`debug_log`](Self::debug_log) |
/// | wait for events | [`events`](Self::events), [`events_of`](Self::events_of), [`next`](Self::next) |
/// | hear other sessions | [`subscribe`](Self::subscribe) |
/// | end | [`terminate`](Self::terminate), [`finish`](Self::finish), [`closed`](Self::closed) |
///
/// Cheap to clone, and valid as long as you like: once the session is over, every action fails with
/// [`Cause::Closed`](crate::Cause::Closed).
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    states: Arc<States>,
}

impl Context {
    pub(crate) fn new(shared: Arc<Shared>, states: Arc<States>) -> Self {
        Self { shared, states }
    }

    /// A context without a connection: requests are queued and never answered.
    #[cfg(test)]
    pub(crate) fn detached(states: States) -> Self {
        use relay_protocol::session::{SessionConfig, WorkflowSession};
        let info = crate::session::SessionInfo {
            workflow: "test".into(),
            path: "/".into(),
            number: 1,
            instance: None,
            peer: None,
            metrics: crate::metrics::WorkflowMetrics::new("test"),
            on_error: crate::workflow::OnHandlerError::Stop,
        };
        let shared = Shared::new(|now| WorkflowSession::new(now, SessionConfig::default(), &mut || 1), info);
        Self::new(shared, Arc::new(states))
    }

    pub(crate) fn states(&self) -> &States {
        &self.states
    }

    /// The number of this session in this process, counted from 1. It is in every log line of the session.
    pub fn session(&self) -> u64 {
        self.shared.info.number
    }

    /// The name of the workflow.
    pub fn workflow(&self) -> &str {
        &self.shared.info.workflow
    }

    /// The path under which Relay dialled this session.
    pub fn path(&self) -> &str {
        &self.shared.info.path
    }

    /// The address of the peer, if it is on a network. Behind a proxy it is the proxy's.
    pub fn peer(&self) -> Option<std::net::SocketAddr> {
        self.shared.info.peer
    }

    /// Any request of the protocol, done with its response, for which it waits as long as the protocol says.
    ///
    /// For what has no method of its own, such as one request for several devices:
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::request::SetHomeChannelState;
    ///
    /// # async fn f(cx: Context, alice: DeviceUrn, bob: DeviceUrn) -> Result<()> {
    /// cx.request([alice.into(), bob.into()], SetHomeChannelState::new(false)).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Whether the target is one that Relay takes for this request is not checked.
    pub fn request<R: RequestBody>(
        &self,
        target: impl IntoIterator<Item = Urn>,
        body: R,
    ) -> Action<R, R::Response> {
        Action::new(&self.shared, target, body).finish(|done| done.response())
    }

    /// Ends this run of the workflow. Done when Relay has confirmed it with the stop event; waits 32 s for that.
    ///
    /// Interactions end with it, though without the promise of an event for each. Nothing can be sent afterwards.
    ///
    /// # Errors
    ///
    /// [`Cause::Closed`] when the session was over already, for whatever reason.
    pub fn terminate(&self) -> Action<Terminate> {
        Action::new(&self.shared, [], Terminate::new()).until_its_end()
    }

    /// Ends the interactions that are up, one after the other, then [terminates](Self::terminate). Does nothing when
    /// the session is over. This is what happens after a workflow that is one async fn.
    ///
    /// # Errors
    ///
    /// Those of the last step; an interaction that cannot be ended is ended by the termination.
    pub async fn finish(&self) -> Result<()> {
        let interactions = std::mem::take(&mut self.shared.lock().interactions);
        for urn in interactions {
            if let Ok(urn) = InteractionUrn::try_from(urn) {
                let _ = self.interaction(urn).end().await;
            }
        }
        match self.terminate().await {
            Err(error) if matches!(error.cause(), Some(Cause::Closed(_) | Cause::NotSent(_))) => Ok(()),
            other => other,
        }
    }

    /// Waits for the end of the session and says why it ended.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost: a later call gives the same answer.
    pub async fn closed(&self) -> CloseReason {
        poll_fn(|cx| match self.shared.lock().poll_closed(cx.waker()) {
            Some(reason) => Poll::Ready(reason),
            None => Poll::Pending,
        })
        .await
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.shared.info).finish()
    }
}

/// The future of what is built from several actions.
type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Waits no longer than this.
async fn in_time<T>(
    within: Option<Duration>,
    wait: impl Future<Output = Result<T, Cause>>,
) -> Result<T, Cause> {
    let Some(after) = within else { return wait.await };
    tokio::time::timeout(after, wait).await.unwrap_or(Err(Cause::TimedOut { after, accepted: true }))
}
