//! What alerts are called outside.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use relay_engine::NoticeKey;

use super::new_id;
use crate::model::SubscriberId;

/// As many as an engine has by default. An older one is over long since.
const MAX_ALERTS: usize = 10_000;

/// Alerts and broadcasts that were sent, so that they can be taken back. They end with the process, as the engines do.
#[derive(Default)]
pub(crate) struct Alerts(Mutex<VecDeque<Sent>>);

struct Sent {
    task: String,
    subscriber: SubscriberId,
    key: NoticeKey,
}

impl Alerts {
    /// Gives it an id.
    pub(super) fn insert(&self, subscriber: &SubscriberId, key: NoticeKey) -> String {
        let task = new_id();
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() >= MAX_ALERTS {
            sent.pop_front();
        }
        sent.push_back(Sent { task: task.clone(), subscriber: subscriber.clone(), key });
        task
    }

    /// What has this id, which it has no longer.
    pub(super) fn remove(&self, subscriber: &SubscriberId, task: &str) -> Option<NoticeKey> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = sent.iter().position(|it| it.task == task && it.subscriber == *subscriber)?;
        sent.remove(at).map(|it| it.key)
    }
}
