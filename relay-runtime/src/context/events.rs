//! Events inside linear code.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use futures_util::Stream;
use relay_protocol::event::{Button, InteractionLifecycle, Prompt, Speech};
use relay_protocol::{Event, EventBody, Urn};
use tokio::time::Sleep;

use super::{Context, Interaction};
use crate::error::{Cause, RequestError};
use crate::session::{Seen, Shared, Wanted, Watch};

/// The events of a session from the moment on at which this was made, for code that waits inside a handler. Handlers
/// get them as well.
///
/// It keeps up to 256 events, or 256 KiB of them, that were not taken yet. When there are more, the oldest are dropped,
/// and [`next`](Self::next) says how many with [`Lagged`]. It is also a [`Stream`](futures_util::Stream).
///
/// ```
/// # use relay_runtime::prelude::*;
/// use relay_runtime::event::TimerFired;
///
/// # async fn f(cx: Context, alice: Interaction) -> Result<()> {
/// let mut presses = alice.buttons();
/// let mut timers = cx.events_of::<TimerFired>();
/// loop {
///     tokio::select! {
///         Some(press) = presses.next() => alice.say(format!("You pressed {}", press?.taps)).await?,
///         Some(timer) = timers.next() => alice.say(format!("The {} is over", timer?.name)).await?,
///         else => return Ok(()), // the session has ended
///     }
/// }
/// # }
/// ```
pub struct Events<E = Event> {
    watch: Watch,
    read: fn(&Event) -> Option<E>,
}

/// So many events were dropped, because they were not taken fast enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lagged {
    /// How many.
    pub missed: u64,
}

impl fmt::Display for Lagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} events were dropped because they were not taken fast enough", self.missed)
    }
}

impl std::error::Error for Lagged {}

impl Events {
    fn all(shared: &Arc<Shared>) -> Self {
        let wanted = Wanted { kind: |_| true, from: None };
        Self { watch: Watch::new(shared, wanted), read: |event| Some(event.clone()) }
    }
}

impl<E: EventBody> Events<E> {
    pub(crate) fn of(shared: &Arc<Shared>, from: Option<Urn>) -> Self {
        let wanted = Wanted { kind: |event| E::of(event).is_some(), from };
        Self { watch: Watch::new(shared, wanted), read: |event| E::of(event).cloned() }
    }
}

impl<E> Events<E> {
    /// Those events that `read` makes something of.
    pub(crate) fn reading(
        shared: &Arc<Shared>,
        kind: fn(&Event) -> bool,
        read: fn(&Event) -> Option<E>,
    ) -> Self {
        Self { watch: Watch::new(shared, Wanted { kind, from: None }), read }
    }

    /// The next event, or how many were dropped before it; `None` once the session is over and all were taken.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what was not returned comes with the next call.
    pub async fn next(&mut self) -> Option<Result<E, Lagged>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next event that `wanted` holds for; dropped ones are passed over. The error is the end of the session.
    pub(crate) async fn find(&mut self, mut wanted: impl FnMut(&E) -> bool) -> Result<E, Cause> {
        loop {
            match self.next().await {
                Some(Ok(event)) if wanted(&event) => return Ok(event),
                Some(_) => {}
                None => return Err(self.over()),
            }
        }
    }

    fn over(&self) -> Cause {
        match self.watch.shared().lock().session.ending() {
            Some(reason) => Cause::Closed(reason.clone()),
            None => Cause::BadAnswer("event"), // there is a reason whenever events end
        }
    }

    fn poll(&mut self, cx: &mut TaskContext<'_>) -> Poll<Option<Result<E, Lagged>>> {
        loop {
            match ready!(self.watch.poll(cx)) {
                Seen::Event(event) => {
                    if let Some(event) = (self.read)(&event) {
                        return Poll::Ready(Some(Ok(event)));
                    }
                }
                Seen::Missed(missed) => return Poll::Ready(Some(Err(Lagged { missed }))),
                Seen::End => return Poll::Ready(None),
            }
        }
    }
}

impl<E> Stream for Events<E> {
    type Item = Result<E, Lagged>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<E> fmt::Debug for Events<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("of", &std::any::type_name::<E>()).finish_non_exhaustive()
    }
}

/// One event to come; await it. Made by [`Context::next`] and [`Interaction::next`].
///
/// # Errors
///
/// [`Cause::Closed`] when the session ends first, [`Cause::TimedOut`] when [`within`](Self::within) is over.
///
/// # Cancel safety
///
/// Events count from when this was made. Dropping it loses the event that it may have seen already, as far as this code
/// is concerned: in a loop around `tokio::select!`, events that come while another branch runs would be missed. Make an
/// [`Events`] before the loop instead, which keeps them.
#[must_use = "nothing is waited for until it is awaited"]
pub struct Next<E> {
    events: Events<E>,
    wanted: Option<Test<E>>,
    target: Option<Urn>,
    within: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// What an event must be like. Runs in the task that waits, never under the session's lock.
type Test<E> = Box<dyn FnMut(&E) -> bool + Send>;

impl<E: EventBody> Next<E> {
    fn new(shared: &Arc<Shared>, from: Option<Urn>) -> Self {
        let target = from.clone();
        Self { events: Events::of(shared, from), wanted: None, target, within: None, sleep: None }
    }

    /// Passes over events for which this does not hold.
    pub fn matching(mut self, wanted: impl FnMut(&E) -> bool + Send + 'static) -> Self {
        self.wanted = Some(Box::new(wanted));
        self
    }

    /// How long to wait, from the first poll on. By default, as long as the session lasts.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }
}

impl<E: EventBody> Future for Next<E> {
    type Output = crate::Result<E>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let Self { events, wanted, target, within, sleep } = self.get_mut();
        let cause = loop {
            match events.poll(cx) {
                Poll::Ready(Some(Ok(event))) => {
                    if wanted.as_mut().is_none_or(|wanted| wanted(&event)) {
                        return Poll::Ready(Ok(event));
                    }
                }
                Poll::Ready(Some(Err(_))) => {} // those dropped could not be looked at; the next may do
                Poll::Ready(None) => break events.over(),
                Poll::Pending => {
                    let Some(after) = *within else { return Poll::Pending };
                    let sleep = sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(after)));
                    ready!(sleep.as_mut().poll(cx));
                    break Cause::TimedOut { after, accepted: true };
                }
            }
        };
        let session = events.watch.shared().info.number;
        let error = RequestError { action: E::NAME, target: target.clone(), session, cause };
        Poll::Ready(Err(error.into()))
    }
}

/// Everything inside is owned and stays where it is put.
impl<E> Unpin for Next<E> {}

impl<E> fmt::Debug for Next<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next")
            .field("events", &self.events)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// Events that say which interaction they came from.
pub trait OfInteraction: EventBody {
    /// Where it came from: by our conclusion the interaction; some say that it may be the device.
    fn source(&self) -> Option<&Urn>;
}

impl OfInteraction for InteractionLifecycle {
    fn source(&self) -> Option<&Urn> {
        Some(&self.source_uri)
    }
}

impl OfInteraction for Prompt {
    fn source(&self) -> Option<&Urn> {
        self.source_uri.as_ref()
    }
}

impl OfInteraction for Button {
    fn source(&self) -> Option<&Urn> {
        self.source_uri.as_ref()
    }
}

impl OfInteraction for Speech {
    fn source(&self) -> Option<&Urn> {
        self.source_uri.as_ref()
    }
}

impl Context {
    /// All events of the session from now on. See [`Events`].
    pub fn events(&self) -> Events {
        Events::all(&self.shared)
    }

    /// The events of one kind from now on: `cx.events_of::<event::TimerFired>()`. See [`Events`].
    pub fn events_of<E: EventBody>(&self) -> Events<E> {
        Events::of(&self.shared, None)
    }

    /// The next event of one kind.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// use relay_runtime::event::TimerFired;
    ///
    /// # async fn f(cx: Context) -> Result<()> {
    /// let over = cx.next::<TimerFired>().matching(|timer| timer.name == "nap");
    /// cx.timers().set("nap", mins(20)).await?;
    /// over.await?;
    /// # Ok(()) }
    /// ```
    pub fn next<E: EventBody>(&self) -> Next<E> {
        Next::new(&self.shared, None)
    }
}

impl Interaction {
    /// The events of one kind from this interaction, from now on. See [`Events`].
    pub fn events_of<E: OfInteraction>(&self) -> Events<E> {
        Events::of(&self.shared, Some(self.urn().into()))
    }

    /// The next event of one kind from this interaction: `alice.next::<event::InteractionLifecycle>()`.
    pub fn next<E: OfInteraction>(&self) -> Next<E> {
        Next::new(&self.shared, Some(self.urn().into()))
    }

    /// The presses of buttons from now on. See [`Events`]. Which presses there are is an
    /// [option](super::Action::inputs) of the interaction.
    pub fn buttons(&self) -> Events<Button> {
        self.events_of()
    }

    /// The next press of a button.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// tokio::select! {
    ///     press = alice.next_button() => alice.say(format!("You pressed {}", press?.taps)).await?,
    ///     heard = alice.listen() => alice.say(format!("You said {}", heard?)).await?,
    /// }
    /// # Ok(()) }
    /// ```
    pub fn next_button(&self) -> Next<Button> {
        self.next()
    }

    /// What is spoken next, whether somebody listens for it or not.
    pub fn next_speech(&self) -> Next<Speech> {
        self.next()
    }
}
