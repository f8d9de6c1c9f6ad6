//! Alerts and broadcasts from outside of any run: an operator at a console, another system over HTTP.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::session::{Timestamp, Token};
use relay_protocol::types::{NotificationType, PushOptions};

use super::{Notice, NotificationChange, State};
use crate::engine::Engine;
use crate::error::AnnounceError;
use crate::key::{DeviceKey, NoticeKey};

/// What is to be announced, and how.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Announcement {
    /// What is said.
    pub text: String,
    /// What observations call it. Nothing depends on it.
    pub name: String,
    /// How phones and consoles show it.
    pub push: PushOptions,
    /// How long an alert waits for people to react. Default: [`Config::alert_timeout`](crate::Config::alert_timeout).
    pub timeout: Option<Duration>,
    /// What an alert does when people react, or do not.
    pub reactions: Reactions,
}

/// What an alert does when people react, or do not. By default it waits for each of them, and says nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reactions {
    /// So many acknowledgements are enough: it is cancelled on the other devices.
    pub quorum: Option<usize>,
    /// Said on the device that has acknowledged.
    pub on_ack: Option<String>,
    /// Said on the other devices once there are enough.
    pub on_quorum: Option<String>,
    /// Said on the devices where nobody has reacted in time.
    pub on_timeout: Option<String>,
}

impl Announcement {
    /// Says this.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            name: "announcement".into(),
            push: PushOptions::default(),
            timeout: None,
            reactions: Reactions::default(),
        }
    }

    /// What observations call it.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// How long an alert waits for people to react.
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// What an alert does when people react, or do not.
    #[must_use]
    pub fn reactions(mut self, reactions: Reactions) -> Self {
        self.reactions = reactions;
        self
    }
}

impl Engine {
    /// Alerts these devices, on behalf of no workflow: a tone and the text, repeated on each until the person there taps
    /// Talk, it is [taken back](Self::take_back), or the time is over. Observations name it by the key that comes back;
    /// each device ends with one of `Acknowledged`, `Cancelled` and `TimedOut`.
    ///
    /// # Errors
    ///
    /// [`AnnounceError`]: nothing has happened.
    pub fn alert(
        &mut self,
        now: Timestamp,
        devices: &[DeviceKey],
        announcement: Announcement,
    ) -> Result<NoticeKey, AnnounceError> {
        self.send_announcement(now, NotificationType::Alert, devices, announcement)
    }

    /// Says something on these devices once, on behalf of no workflow. Who is offline or wants to be left alone misses it.
    ///
    /// # Errors
    ///
    /// [`AnnounceError`]: nothing has happened.
    pub fn broadcast(
        &mut self,
        now: Timestamp,
        devices: &[DeviceKey],
        announcement: Announcement,
    ) -> Result<NoticeKey, AnnounceError> {
        self.send_announcement(now, NotificationType::Broadcast, devices, announcement)
    }

    fn send_announcement(
        &mut self,
        now: Timestamp,
        kind: NotificationType,
        devices: &[DeviceKey],
        announcement: Announcement,
    ) -> Result<NoticeKey, AnnounceError> {
        if devices.iter().any(|key| self.directory.device(*key).is_none()) {
            return Err(AnnounceError::UnknownDevice);
        }
        let limit = self.config.max_notifications;
        if self.notices.len() >= limit {
            return Err(AnnounceError::TooMany { limit });
        }
        let Announcement { text, name, push, timeout, reactions } = announcement;
        let mut named = BTreeSet::new();
        let recipients: Vec<DeviceKey> = devices.iter().copied().filter(|key| named.insert(*key)).collect();
        let standing = self.all_open(&recipients);
        let notice = Notice {
            sender: None,
            kind,
            name,
            text,
            push,
            recipients,
            standing,
            timeout: timeout.unwrap_or(self.config.alert_timeout),
            reactions,
            delivery: None,
            repeats: None,
            expires: None,
        };
        Ok(self.send_notice(now, notice, None).0)
    }

    /// Takes an announcement back from everybody who has not reacted. One that is over is as good as taken back.
    pub fn take_back(&mut self, now: Timestamp, announcement: NoticeKey) {
        let outside = self.notices.get(announcement).filter(|notice| notice.sender.is_none());
        for device in outside.map(Notice::open).unwrap_or_default() {
            self.close_for(now, announcement, device, State::Cancelled);
        }
    }

    /// Sends a notification; whether everybody has it already.
    pub(super) fn send_notice(
        &mut self,
        now: Timestamp,
        notice: Notice,
        token: Option<Token>,
    ) -> (NoticeKey, bool) {
        let recipients: VecDeque<DeviceKey> = notice.recipients.iter().copied().collect();
        let sent = NotificationChange::Sent {
            kind: notice.kind.clone(),
            text: notice.text.clone(),
            recipients: recipients.len(),
        };
        let key = self.notices.insert(notice);
        self.observe_notification(key, sent);
        (key, self.deliver(now, key, token, recipients))
    }
}
