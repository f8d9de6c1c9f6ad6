//! Every deadline of the engine, in one ordered queue.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use relay_protocol::session::Timestamp;
use relay_protocol::types::ButtonName;

use crate::key::{CallKey, DeviceKey, InstanceKey, LegKey, NoticeKey};

/// What the engine's next deadline is for. In logs it explains why the engine woke up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// A connection's own deadlines: pings and the close.
    Link,
    /// The pause between a response and the events that follow it is over.
    Gap,
    /// A timer that a workflow set.
    Timer,
    /// A device has played what it is playing.
    Prompt,
    /// Nobody answered a `listen` in time.
    Listen,
    /// A device falls back to its home channel.
    HomeChannel,
    /// More recipients get a notification.
    Delivery,
    /// An alert is repeated, or it is too late to acknowledge it.
    Alert,
    /// Nobody answered a call in time.
    Ringing,
    /// A request is carried out that a fault has delayed.
    Held,
    /// A device has restarted.
    Restart,
    /// It is clear how often a button was tapped.
    Taps,
}

/// What to do when a deadline has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deadline {
    Link(InstanceKey),
    Gap(InstanceKey),
    Unnamed(InstanceKey),
    Named(InstanceKey, Arc<str>),
    Prompt(DeviceKey),
    Listen(LegKey),
    HomeChannel(DeviceKey),
    Delivery(NoticeKey),
    AlertRepeat(NoticeKey),
    AlertTimeout(NoticeKey),
    Ringing(CallKey),
    Held(InstanceKey),
    Restart(DeviceKey),
    Taps(DeviceKey, ButtonName),
}

impl Deadline {
    fn reason(&self) -> Reason {
        match self {
            Self::Link(_) => Reason::Link,
            Self::Gap(_) => Reason::Gap,
            Self::Unnamed(_) | Self::Named(..) => Reason::Timer,
            Self::Prompt(_) => Reason::Prompt,
            Self::Listen(_) => Reason::Listen,
            Self::HomeChannel(_) => Reason::HomeChannel,
            Self::Delivery(_) => Reason::Delivery,
            Self::AlertRepeat(_) | Self::AlertTimeout(_) => Reason::Alert,
            Self::Ringing(_) => Reason::Ringing,
            Self::Held(_) => Reason::Held,
            Self::Restart(_) => Reason::Restart,
            Self::Taps(..) => Reason::Taps,
        }
    }
}

/// Names a deadline to cancel it. Whoever sets one keeps its key and cancels it in time: none is left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeadlineKey {
    due: Timestamp,
    /// Deadlines of the same moment come in the order in which they were set.
    order: u64,
}

impl DeadlineKey {
    pub(crate) fn due(self) -> Timestamp {
        self.due
    }
}

#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    queue: BTreeMap<DeadlineKey, Deadline>,
    next: u64,
}

impl Deadlines {
    pub(crate) fn set(&mut self, due: Timestamp, deadline: Deadline) -> DeadlineKey {
        let key = DeadlineKey { due, order: self.next };
        self.next += 1;
        self.queue.insert(key, deadline);
        key
    }

    pub(crate) fn cancel(&mut self, key: DeadlineKey) {
        self.queue.remove(&key);
    }

    /// Takes the first deadline that has come.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<(DeadlineKey, Deadline)> {
        let first = self.queue.first_entry()?;
        (first.key().due <= now).then(|| first.remove_entry())
    }

    pub(crate) fn next(&self) -> Option<(Timestamp, Reason)> {
        self.queue.first_key_value().map(|(key, deadline)| (key.due, deadline.reason()))
    }

    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::new(Duration::from_millis(millis))
    }

    #[test]
    fn deadlines_come_in_order_and_ties_in_the_order_of_setting() {
        let mut queue = Deadlines::default();
        let (i, d) = (InstanceKey::default(), DeviceKey::default());
        queue.set(at(2), Deadline::Link(i));
        queue.set(at(1), Deadline::Prompt(d));
        queue.set(at(1), Deadline::Gap(i));
        assert_eq!(queue.next(), Some((at(1), Reason::Prompt)));
        assert_eq!(queue.pop(at(0)), None);
        assert_eq!(queue.pop(at(5)).map(|(_, deadline)| deadline), Some(Deadline::Prompt(d)));
        assert_eq!(queue.pop(at(5)).map(|(_, deadline)| deadline), Some(Deadline::Gap(i)));
        assert_eq!(queue.pop(at(5)).map(|(key, _)| key.due()), Some(at(2)));
        assert_eq!(queue.next(), None);
    }

    #[test]
    fn a_cancelled_deadline_never_comes() {
        let mut queue = Deadlines::default();
        let key = queue.set(at(1), Deadline::Link(InstanceKey::default()));
        queue.cancel(key);
        queue.cancel(key);
        assert_eq!(queue.pop(at(5)), None);
        assert_eq!(queue.len(), 0);
    }
}
