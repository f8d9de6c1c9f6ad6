//! The handlers of one session that are running.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tracing::{Span, info_span};

use crate::workflow::Run;
use crate::{Cause, Error};

/// Runs handlers inside the session's task: no hop to get to them, and they end with it.
#[derive(Debug, Default)]
pub(super) struct Handlers {
    /// Nearly always there is only one, which needs no queue of those that can go on.
    first: Option<Guarded>,
    others: Option<FuturesUnordered<Guarded>>,
}

/// A handler that ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) handler: &'static str,
    pub(super) result: Result<(), HandlerFailure>,
}

/// Why a handler did not succeed.
#[derive(Debug)]
pub(crate) enum HandlerFailure {
    Error(Error),
    /// With the message of the panic, if it had one.
    Panic(String),
}

impl HandlerFailure {
    /// Whether the handler only failed because the session that it was working in was over, which somebody else may have
    /// wanted.
    pub(crate) fn is_consequence(&self) -> bool {
        match self {
            Self::Error(error) => matches!(error.cause(), Some(Cause::Closed(_))),
            Self::Panic(_) => false,
        }
    }
}

impl std::fmt::Display for HandlerFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Error(error) => write!(f, "{error:?}"),
            Self::Panic(message) => write!(f, "panicked: {message}"),
        }
    }
}

impl Handlers {
    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.as_ref().map_or(0, FuturesUnordered::len)
    }

    pub(super) fn start(&mut self, run: Run) {
        let span = info_span!("handler", name = run.handler);
        let handler = Guarded { run, span };
        match self.first {
            None => self.first = Some(handler),
            Some(_) => self.others.get_or_insert_default().push(handler),
        }
    }

    /// The next handler that ended, as long as there are any.
    pub(super) fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<Ended> {
        if let Some(first) = &mut self.first
            && let Poll::Ready(ended) = Pin::new(first).poll(cx)
        {
            self.first = None;
            return Poll::Ready(ended);
        }
        match self.others.as_mut().map(|others| others.poll_next_unpin(cx)) {
            Some(Poll::Ready(Some(ended))) => Poll::Ready(ended),
            _ => Poll::Pending,
        }
    }
}

/// Runs code of the user's. A panic stays inside its session; what the code worked on must not be used again.
pub(super) fn guard<T>(code: impl FnOnce() -> T) -> Result<T, HandlerFailure> {
    catch_unwind(AssertUnwindSafe(code)).map_err(|panic| HandlerFailure::Panic(panic_message(&*panic)))
}

/// A handler whose panics are failures.
#[derive(Debug)]
struct Guarded {
    run: Run,
    span: Span,
}

impl Future for Guarded {
    type Output = Ended;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended> {
        let Self { run, span } = &mut *self;
        let _entered = span.enter();
        let handler = run.handler;
        // The future is not polled again after a panic, so nobody sees it in a broken state.
        let result = match guard(|| run.future.as_mut().poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(result)) => result.map_err(HandlerFailure::Error),
            Err(panicked) => Err(panicked),
        };
        Poll::Ready(Ended { handler, result })
    }
}

/// What a panic says.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "without a message".to_owned(),
    }
}
