//! What a handler can do.

mod interaction;
mod timers;
mod variables;

use std::borrow::Borrow;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;

use relay_protocol::request::{StartInteraction, Terminate};
use relay_protocol::session::{CloseReason, Reply, RequestOptions};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Event, RequestBody, Urn};

pub use interaction::{Heard, Interaction, Listen, Play, Say, StartingInteraction};
pub use timers::{SetTimer, Timers};
pub use variables::Variables;

use crate::error::{Cause, Result};
use crate::extract::States;
use crate::session::{Operation, Shared};

/// The session that a handler works in.
///
/// Cheap to clone, and valid as long as you like: once the session is over, every action fails with
/// [`Cause::Closed`](crate::Cause::Closed).
///
/// # Cancel safety
///
/// Actions are futures that send their request when first polled. Dropping one forgets the answer; it does not unsend
/// the request. They can be used in `tokio::select!`.
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
        let info =
            crate::session::SessionInfo { workflow: "test".into(), path: "/".into(), number: 1, peer: None };
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

    /// Puts a temporary channel on a device, in which the workflow owns the device's behaviour: it can speak, listen,
    /// light the LEDs and hear the buttons. Done when the device says that it is there.
    ///
    /// Waits 5 s for Relay to accept, then 30 s for the device; [`StartingInteraction`] has the options.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// async fn greet(cx: Context, device: DeviceUrn) -> Result<()> {
    ///     let alice = cx.start_interaction(&device, "hello").await?;
    ///     alice.say("Hello").await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Cause::Failed`] when the device cannot be reached, and those of every action.
    pub fn start_interaction(
        &self,
        device: impl Borrow<DeviceUrn>,
        name: impl Into<String>,
    ) -> StartingInteraction {
        let options = RequestOptions::end_of::<StartInteraction>();
        let body = StartInteraction::new(name.into());
        let device = Urn::from(device.borrow());
        StartingInteraction(Operation::new(&self.shared, vec![device], body, options, |shared, reply| {
            match reply.event {
                Some(Event::InteractionLifecycle(lifecycle)) => {
                    InteractionUrn::try_from(lifecycle.source_uri)
                        .map(|urn| Interaction::new(shared.clone(), urn))
                        .map_err(|_| Cause::BadAnswer("interaction"))
                }
                _ => Err(Cause::BadAnswer("interaction")),
            }
        }))
    }

    /// The interaction that an event came from.
    pub fn interaction(&self, urn: InteractionUrn) -> Interaction {
        Interaction::new(self.shared.clone(), urn)
    }

    /// Values that live on the Relay server as long as this session.
    pub fn vars(&self) -> Variables<'_> {
        Variables::new(self)
    }

    /// Timers that run on the Relay server.
    pub fn timers(&self) -> Timers<'_> {
        Timers::new(self)
    }

    /// Sends any request of the protocol and waits for its response, as long as the schema says.
    ///
    /// For what has no method of its own.
    ///
    /// # Errors
    ///
    /// A [`RequestError`](crate::RequestError) that names the action, its target and the cause.
    pub async fn request<R: RequestBody>(
        &self,
        target: impl IntoIterator<Item = Urn>,
        body: R,
    ) -> Result<R::Response> {
        let target = target.into_iter().collect();
        self.operation(target, body, |_, reply| response::<R>(reply)).await
    }

    /// Ends this run of the workflow. Done when Relay has confirmed it with the stop event.
    ///
    /// Interactions end with it, though without the promise of an event for each. Nothing can be sent afterwards.
    ///
    /// # Errors
    ///
    /// [`Cause::Closed`] when the session was over already, for whatever reason.
    pub async fn terminate(&self) -> Result<()> {
        let options = RequestOptions::end_of::<Terminate>();
        Operation::new(&self.shared, Vec::new(), Terminate::new(), options, |_, _| Ok(())).await
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
            Some(reason) => std::task::Poll::Ready(reason),
            None => std::task::Poll::Pending,
        })
        .await
    }

    pub(crate) fn operation<R: RequestBody, T>(
        &self,
        target: Vec<Urn>,
        body: R,
        finish: fn(&Arc<Shared>, Reply) -> Result<T, Cause>,
    ) -> Operation<R, T> {
        Operation::new(&self.shared, target, body, RequestOptions::response_to::<R>(), finish)
    }
}

/// The typed response in a reply.
pub(crate) fn response<R: RequestBody>(reply: Reply) -> Result<R::Response, Cause> {
    reply.response.and_then(R::from_response).ok_or(Cause::BadAnswer("response"))
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Context").field(&self.shared.info).finish()
    }
}
