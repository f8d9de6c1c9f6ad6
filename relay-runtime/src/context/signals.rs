//! Signals between the sessions of one program.

use std::fmt;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

use super::{Context, Lagged};

/// A way for the sessions of one program to tell each other something: whoever sends, every session that has
/// [subscribed](Context::subscribe) hears it, of the same workflow or another.
///
/// It is a value of yours. Make it where the server is made, and hand it to the handlers as
/// [state](crate::extract::State), or capture it; sessions have nothing in common but what you give them.
///
/// ```
/// # use relay_runtime::prelude::*;
/// use relay_runtime::Signals;
///
/// /// Which room needs somebody.
/// #[derive(Clone)]
/// struct Wanted(u32);
///
/// #[workflow(http)]
/// async fn front_desk(State(rooms): State<Signals<Wanted>>) {
///     rooms.send(Wanted(213));
/// }
///
/// #[workflow(phrase = "on duty")]
/// async fn duty(cx: Context, start: Start<Phrase>, State(rooms): State<Signals<Wanted>>) -> Result<()> {
///     let mut rooms = cx.subscribe(&rooms);
///     let alice = cx.start_interaction(start.source(), "duty").await?;
///     while let Some(wanted) = rooms.next().await {
///         alice.say(format!("You are wanted in room {}", wanted?.0)).await?;
///     }
///     Ok(()) // the session has ended
/// }
///
/// # fn server() -> impl Sized {
/// Server::builder().workflow(front_desk).workflow(duty).state(Signals::<Wanted>::new(64))
/// # }
/// ```
///
/// Clones are the same: whatever has one can send, in a session or not. Between processes, use a message broker.
pub struct Signals<T>(Sender<T>);

impl<T: Clone> Signals<T> {
    /// Signals of which so many (1 to 65,536, rounded up to a power of two) are kept for subscribers that do not take them
    /// at once. Who falls behind further misses the oldest, and is [told](Lagged). The room for them is taken now.
    pub fn new(capacity: usize) -> Self {
        Self(Sender::new(capacity.clamp(1, 1 << 16)))
    }

    /// Sends to all who have subscribed, at once and without waiting. How many they are: with none, nobody hears it.
    ///
    /// The number counts subscriptions, also of sessions that are just ending.
    pub fn send(&self, signal: T) -> usize {
        self.0.send(signal).unwrap_or(0)
    }
}

impl Context {
    /// Hears what is sent from now on. The subscription ends with this session.
    pub fn subscribe<T: Clone>(&self, signals: &Signals<T>) -> Subscription<T> {
        Subscription { cx: self.clone(), receiver: signals.0.subscribe() }
    }
}

impl<T> Clone for Signals<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Signals<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signals").field("subscribers", &self.0.receiver_count()).finish_non_exhaustive()
    }
}

/// The signals that a session hears, from [`Context::subscribe`].
pub struct Subscription<T> {
    cx: Context,
    receiver: Receiver<T>,
}

impl<T: Clone> Subscription<T> {
    /// The next signal, or how many were dropped before it; `None` as soon as the session is over, or nobody is left who
    /// could send.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what was not returned comes with the next call.
    pub async fn next(&mut self) -> Option<Result<T, Lagged>> {
        tokio::select! {
            biased; // a session that is over can do nothing about a signal
            _ = self.cx.closed() => None,
            received = self.receiver.recv() => match received {
                Ok(signal) => Some(Ok(signal)),
                Err(RecvError::Lagged(missed)) => Some(Err(Lagged { missed })),
                Err(RecvError::Closed) => None,
            },
        }
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("waiting", &self.receiver.len()).finish_non_exhaustive()
    }
}
