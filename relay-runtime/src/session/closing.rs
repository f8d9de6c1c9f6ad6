//! The word to all sessions of a server that they must close.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Said once, to everybody who has a clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Closing(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Beside the token: to ask that takes two locks, which all sessions share, in every turn of each.
    said: AtomicBool,
    token: CancellationToken,
}

impl Closing {
    pub(crate) fn say(&self) {
        self.0.said.store(true, Ordering::Release);
        self.0.token.cancel();
    }

    pub(crate) fn is_said(&self) -> bool {
        self.0.said.load(Ordering::Acquire)
    }

    /// Completes when it is said.
    pub(crate) async fn said(&self) {
        self.0.token.cancelled().await;
    }

    /// Wakes `waker` after it was said, as long as what this returns lives.
    pub(super) fn call(&self, waker: &Waker) -> Pin<Box<WaitForCancellationFutureOwned>> {
        let mut said = Box::pin(self.0.token.clone().cancelled_owned());
        let _ = said.as_mut().poll(&mut Context::from_waker(waker));
        said
    }
}
