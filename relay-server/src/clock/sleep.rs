//! Waiting.

use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use relay_protocol::session::Timestamp;

use super::simulated::Simulated;

/// Ends when its time has come. Safe to cancel.
#[derive(Debug)]
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep(Kind);

#[derive(Debug)]
enum Kind {
    /// On the real clock; never, if there is no such time.
    Real(Option<Pin<Box<tokio::time::Sleep>>>),
    Virtual {
        clock: Arc<Simulated>,
        at: Timestamp,
        /// Its number among the sleepers, once it was polled.
        number: Option<u64>,
        whence: &'static Location<'static>,
    },
}

impl Sleep {
    pub(super) fn real(at: Option<Instant>) -> Self {
        Self(Kind::Real(at.map(|at| Box::pin(tokio::time::sleep_until(at.into())))))
    }

    #[track_caller]
    pub(super) fn on(clock: Arc<Simulated>, at: Timestamp) -> Self {
        Self(Kind::Virtual { clock, at, number: None, whence: Location::caller() })
    }
}

impl Future for Sleep {
    type Output = Awake;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Awake> {
        match &mut self.0 {
            Kind::Real(None) => Poll::Pending,
            Kind::Real(Some(sleep)) => {
                ready!(sleep.as_mut().poll(cx));
                Poll::Ready(Awake::real())
            }
            Kind::Virtual { clock, at, number, whence } => {
                ready!(clock.poll(*at, number, whence, cx.waker()));
                Poll::Ready(Awake(Some(Arc::clone(clock))))
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Kind::Virtual { clock, at, number: Some(number), .. } = &self.0 {
            clock.forget(*at, *number);
        }
    }
}

/// Says that there is something to do: while it lives, a virtual clock stands still. Drop it before you sleep again.
#[derive(Debug)]
pub struct Awake(Option<Arc<Simulated>>);

impl Awake {
    pub(super) fn real() -> Self {
        Self(None)
    }

    pub(super) fn on(clock: Arc<Simulated>) -> Self {
        clock.hold();
        Self(Some(clock))
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        if let Some(clock) = &self.0 {
            clock.release();
        }
    }
}
