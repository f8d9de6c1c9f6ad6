//! What may become of notifications, from whomever: each is sent once, and each device of an alert ends it once.

use std::collections::{BTreeMap, BTreeSet};

use relay_engine::{DeviceKey, NoticeKey, NotificationChange};
use relay_protocol::types::NotificationType;

#[derive(Debug, Default)]
pub(crate) struct Notices(BTreeMap<NoticeKey, Notice>);

#[derive(Debug)]
struct Notice {
    kind: NotificationType,
    recipients: usize,
    ended: BTreeSet<DeviceKey>,
}

impl Notices {
    pub(crate) fn became(&mut self, key: NoticeKey, what: &NotificationChange) {
        match what {
            NotificationChange::Sent { kind, recipients, .. } => {
                let notice = Notice { kind: kind.clone(), recipients: *recipients, ended: BTreeSet::new() };
                assert!(self.0.insert(key, notice).is_none(), "sent twice");
            }
            NotificationChange::Acknowledged(device)
            | NotificationChange::Cancelled(device)
            | NotificationChange::TimedOut(device) => {
                let notice = self.0.get_mut(&key).expect("it was sent");
                assert!(notice.ended.insert(*device), "ended again: {what:?}");
                assert!(notice.ended.len() <= notice.recipients, "{notice:?}");
            }
            what => panic!("{what:?}"),
        }
    }

    /// Time enough has passed for everything to be over.
    pub(crate) fn at_rest(&self) {
        for notice in self.0.values().filter(|notice| notice.kind == NotificationType::Alert) {
            assert_eq!(notice.ended.len(), notice.recipients, "somebody is still alerted: {notice:?}");
        }
    }
}
