//! How the rest of the server speaks to an account.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Mutex, MutexGuard, mpsc, oneshot};

use super::connection::Heard;
use super::platform::Platform;
use crate::model::SubscriberId;

/// Something for the account's task.
pub(super) enum Input {
    /// To be called with the engine.
    Run(Box<dyn FnOnce(&mut Platform<'_>) + Send>),
    /// What came over a connection.
    Heard(Heard),
    /// The end.
    Close,
}

/// An account. Clones are the same one.
#[derive(Clone)]
pub struct Account {
    pub(super) subscriber: SubscriberId,
    /// Without a bound of its own: connections have theirs, and everybody else waits for the answer.
    pub(super) task: mpsc::UnboundedSender<Input>,
    pub(super) registry: Arc<Mutex<()>>,
}

/// The account's task has ended, with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountGone;

impl std::error::Error for AccountGone {}

impl fmt::Display for AccountGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server is shutting down")
    }
}

impl Account {
    /// Whose it is.
    pub fn subscriber(&self) -> &SubscriberId {
        &self.subscriber
    }

    /// Calls `act` with the engine and gives back what it gives back. What it caused (frames, events) is on its way then.
    /// It holds up the whole account, so it must be quick.
    ///
    /// # Errors
    ///
    /// [`AccountGone`]: `act` was not called.
    ///
    /// # Cancel safety
    ///
    /// Once it was polled, `act` is called even if the future is dropped.
    pub async fn run<R: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Platform<'_>) -> R + Send + 'static,
    ) -> Result<R, AccountGone> {
        let (answer, answered) = oneshot::channel();
        let run = move |platform: &mut Platform<'_>| {
            let _ = answer.send(act(platform)); // nobody may be waiting any more
        };
        self.task.send(Input::Run(Box::new(run))).map_err(|_| AccountGone)?;
        answered.await.map_err(|_| AccountGone)
    }

    /// To be held from the validation of a change of the registry until it was applied, so that what is stored and what
    /// the engine knows do not come apart.
    pub async fn registry(&self) -> MutexGuard<'_, ()> {
        self.registry.lock().await
    }

    /// Whether both are the same account's.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.task.same_channel(&other.task)
    }

    /// Ends its task.
    pub(crate) fn close(&self) {
        let _ = self.task.send(Input::Close);
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Account").field(&self.subscriber).finish()
    }
}
