//! A request as a future.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use relay_protocol::session::{Op, Reply, RequestOptions};
use relay_protocol::{RequestBody, Urn};

use super::Shared;
use crate::error::{Cause, Error, RequestError};

/// A request that is sent when first polled, and done when what it waits for has happened.
///
/// The actions of the public API are thin builders around this one.
pub(crate) struct Operation<R: RequestBody, T> {
    shared: Arc<Shared>,
    pub(crate) target: Vec<Urn>,
    pub(crate) body: R,
    pub(crate) options: RequestOptions,
    finish: fn(&Arc<Shared>, Reply) -> Result<T, Cause>,
    op: Option<Op>,
}

impl<R: RequestBody, T> Operation<R, T> {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        target: Vec<Urn>,
        body: R,
        options: RequestOptions,
        finish: fn(&Arc<Shared>, Reply) -> Result<T, Cause>,
    ) -> Self {
        Self { shared: shared.clone(), target, body, options, finish, op: None }
    }

    fn error(&self, cause: Cause) -> Error {
        Error::from(RequestError {
            action: R::NAME,
            target: self.target.first().cloned(),
            session: self.shared.info.number,
            cause,
        })
    }
}

/// Everything inside is owned and stays where it is put.
impl<R: RequestBody, T> Unpin for Operation<R, T> {}

impl<R: RequestBody, T> Future for Operation<R, T> {
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let shared = this.shared.clone();
        let mut state = shared.lock();
        let op = match this.op {
            Some(op) => op,
            None => match state.session.request(shared.now(), &this.target, &this.body, this.options) {
                Ok(op) => *this.op.insert(op),
                Err(refused) => return Poll::Ready(Err(this.error(refused.into()))),
            },
        };
        let Some(outcome) = state.poll_outcome(op, cx.waker()) else {
            shared.notify_driver(state);
            return Poll::Pending;
        };
        drop(state);
        this.op = None;
        let done = outcome.map_err(Cause::from).and_then(|reply| (this.finish)(&shared, reply));
        Poll::Ready(done.map_err(|cause| this.error(cause)))
    }
}

impl<R: RequestBody, T> Drop for Operation<R, T> {
    fn drop(&mut self) {
        if let Some(op) = self.op {
            self.shared.lock().forget(op);
        }
    }
}

impl<R: RequestBody, T> fmt::Debug for Operation<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("body", &self.body)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}
