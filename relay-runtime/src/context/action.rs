//! An action: a request as a future that is also its builder.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use relay_protocol::session::{Op, Reply, RequestOptions, Timestamp};
use relay_protocol::{Ends, Event, RequestBody, Urn};
use smallvec::SmallVec;
use tracing::{Span, debug, debug_span};

use crate::error::{Cause, Error, RequestError};
use crate::metrics::ActionOutcome;
use crate::session::Shared;

/// Something that Relay is asked to do: a future that is also the builder of its options.
///
/// Await it. The methods that make an action say when it is done and how long it waits for that; those below set its
/// options. `R` is the [request](crate::request) that is sent, `T` what it brings.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(alice: Interaction) -> Result<()> {
/// alice.say("Guten Morgen").lang(Language::German).within(secs(20)).await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// An [`Error`] about a [`RequestError`], which names the action, its target and the [cause](Error::cause): whichever
/// ends it first of refusal, failure, timeout and the end of the session.
///
/// # Cancel safety
///
/// The request is sent when the future is first polled. Dropping it afterwards forgets the answer, but does not unsend
/// the request: a text goes on being spoken.
#[must_use = "nothing is sent until it is awaited"]
pub struct Action<R: RequestBody, T = ()> {
    sending: Sending<R>,
    finish: Option<Finish<R, T>>,
}

/// Makes the result. Boxed without allocating as long as nothing is captured, which is nearly always.
type Finish<R, T> = Box<dyn FnOnce(Done<'_, R>) -> Result<T, Cause> + Send>;

/// An action that has come to its end, one way or the other.
pub(crate) struct Done<'a, R: RequestBody> {
    pub(crate) shared: &'a Arc<Shared>,
    pub(crate) target: &'a [Urn],
    pub(crate) body: &'a R,
    pub(crate) outcome: Result<Reply, Cause>,
}

impl<R: RequestBody> Done<'_, R> {
    pub(crate) fn response(self) -> Result<R::Response, Cause> {
        self.outcome?.response.and_then(R::from_response).ok_or(Cause::BadAnswer("response"))
    }

    pub(crate) fn event(self) -> Result<Event, Cause> {
        self.outcome?.event.ok_or(Cause::BadAnswer("event"))
    }
}

impl<R: RequestBody> Action<R> {
    /// An action that brings nothing, and is done with its response.
    pub(crate) fn new(shared: &Arc<Shared>, target: impl IntoIterator<Item = Urn>, body: R) -> Self {
        let (shared, target) = (shared.clone(), target.into_iter().collect());
        let options = RequestOptions::response_to::<R>();
        let sending = Sending { shared, target, body, options, bad_argument: None, sent: None };
        Self { sending, finish: None }.finish(|done| done.outcome.map(drop))
    }
}

impl<R: RequestBody, T> Action<R, T> {
    /// How long it may take, once for Relay to accept the request and, where something has to happen after that, once
    /// again for that to happen. Progress that Relay reports starts the time anew.
    ///
    /// Actions that end with an event wait for the acceptance no longer than they would without this option.
    pub fn within(mut self, time: Duration) -> Self {
        let options = &mut self.sending.options;
        if options.until == Ends::Response {
            options.response = time;
        } else {
            options.response = time.min(options.response);
            options.event = Some(time);
        }
        self
    }

    /// Ends with what really ends it, instead of with its response.
    pub(crate) fn until_its_end(mut self) -> Self {
        self.sending.options = RequestOptions::end_of::<R>();
        self
    }

    /// How long what ends it may take after the response.
    pub(crate) fn end_within(mut self, time: Duration) -> Self {
        self.sending.options.event = Some(time);
        self
    }

    /// Ends with the response.
    pub(crate) fn until_its_response(mut self) -> Self {
        self.sending.options.until = Ends::Response;
        self
    }

    pub(crate) fn finish<U>(
        self,
        finish: impl FnOnce(Done<'_, R>) -> Result<U, Cause> + Send + 'static,
    ) -> Action<R, U> {
        Action { sending: self.sending, finish: Some(Box::new(finish)) }
    }

    pub(crate) fn set(mut self, set: impl FnOnce(&mut R)) -> Self {
        set(&mut self.sending.body);
        self
    }

    pub(crate) fn body(&self) -> &R {
        &self.sending.body
    }

    /// Fails without sending anything, because an argument cannot be right: the first one counts.
    pub(crate) fn refuse(mut self, argument: &'static str, why: impl Into<String>) -> Self {
        self.sending.bad_argument.get_or_insert(Cause::BadArgument { argument, why: why.into() });
        self
    }

    /// Refused if the name is empty: it could not be part of a URN, or of nothing that is looked up by it.
    pub(crate) fn named(self, name: fn(&R) -> &str) -> Self {
        if !name(&self.sending.body).is_empty() {
            return self;
        }
        self.refuse("name", "it is empty: give it at least one character")
    }

    /// Refused if the target is empty: without one the request would mean something else, or nothing.
    pub(crate) fn for_somebody(self) -> Self {
        if !self.sending.target.is_empty() {
            return self;
        }
        self.refuse("target", "it is empty: name at least one")
    }

    pub(crate) fn error(&self, cause: Cause) -> RequestError {
        self.sending.error(cause)
    }

    /// The end of the action, with the error as it is.
    pub(crate) fn poll_end(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<T, RequestError>> {
        let Self { sending, finish } = self;
        // Without one it has ended before, and nobody should ask again.
        if finish.is_none() {
            return Poll::Pending;
        }
        let outcome = std::task::ready!(sending.poll(cx));
        let Some(finish) = finish.take() else { return Poll::Pending };
        let Sending { shared, target, body, .. } = &*sending;
        let result = finish(Done { shared, target, body, outcome });
        sending.ended(ActionOutcome::from(&result));
        Poll::Ready(result.map_err(|cause| sending.error(cause)))
    }
}

impl<R: RequestBody, T> Future for Action<R, T> {
    type Output = crate::Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        self.get_mut().poll_end(cx).map_err(Error::from)
    }
}

/// Everything inside is owned and stays where it is put.
impl<R: RequestBody, T> Unpin for Action<R, T> {}

impl<R: RequestBody, T> fmt::Debug for Action<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("body", &self.sending.body)
            .field("target", &self.sending.target)
            .finish_non_exhaustive()
    }
}

/// The request, and the wait for its end.
struct Sending<R: RequestBody> {
    shared: Arc<Shared>,
    /// Nearly always one, or none.
    target: SmallVec<[Urn; 1]>,
    body: R,
    options: RequestOptions,
    bad_argument: Option<Cause>,
    sent: Option<Sent>,
}

/// A request that is on its way.
struct Sent {
    op: Op,
    at: Timestamp,
    span: Span,
}

impl Sent {
    fn new<R: RequestBody>(op: Op, at: Timestamp) -> Self {
        // The target is not in it: devices bear the names of people.
        let span = debug_span!("action", name = R::NAME, number = op.number());
        span.in_scope(|| debug!("sent"));
        Self { op, at, span }
    }
}

impl<R: RequestBody> Sending<R> {
    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<Reply, Cause>> {
        if let Some(cause) = self.bad_argument.take() {
            return Poll::Ready(Err(cause));
        }
        let Self { shared, target, body, options, sent, .. } = self;
        let Some(sent) = sent else {
            let at = shared.now();
            let op = shared.lock().request(at, target, body, *options, cx.waker())?;
            *sent = Some(Sent::new::<R>(op, at)); // without the lock: it calls the program's subscriber
            shared.turn.queued();
            return Poll::Pending;
        };
        match shared.lock().poll_outcome(sent.op, cx.waker()) {
            Some(outcome) => Poll::Ready(outcome.map_err(Cause::from)),
            None => Poll::Pending,
        }
    }

    /// Reports how it ended.
    fn ended(&mut self, outcome: ActionOutcome) {
        let took = match self.sent.take() {
            Some(sent) => {
                let took = self.shared.now().elapsed().saturating_sub(sent.at.elapsed());
                sent.span.in_scope(|| debug!(outcome = outcome.label(), ?took, "ended"));
                took
            }
            None => Duration::ZERO,
        };
        outcome.observe::<R>(took);
    }

    fn error(&self, cause: Cause) -> RequestError {
        let (target, session) = (self.target.first().cloned(), self.shared.info.number);
        RequestError { action: R::NAME, target, session, cause }
    }
}

impl<R: RequestBody> Drop for Sending<R> {
    fn drop(&mut self) {
        if let Some(sent) = &self.sent {
            self.shared.lock().forget(sent.op);
            self.ended(ActionOutcome::Dropped);
        }
    }
}
