//! What alerts do until everybody has reacted.

use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::NotificationEvent;
use relay_protocol::{Urn, event};

use super::{NotificationChange, State};
use crate::deadlines::Deadline;
use crate::engine::Engine;
use crate::key::{DeviceKey, NoticeKey};
use crate::speech::{Cut, Source};

impl Engine {
    /// Everybody was told once: from now on it is repeated, until it is too late.
    pub(super) fn watch_alert(&mut self, now: Timestamp, key: NoticeKey) {
        let Some(notice) = self.notices.get_mut(key) else { return };
        let repeat = now + self.config.alert_repeat;
        notice.repeats = Some(self.deadlines.set(repeat, Deadline::AlertRepeat(key)));
        notice.expires = Some(self.deadlines.set(now + notice.timeout, Deadline::AlertTimeout(key)));
        self.drop_if_over(now, key);
    }

    pub(crate) fn alert_repeats(&mut self, now: Timestamp, key: NoticeKey) {
        let repeat = now + self.config.alert_repeat;
        let Some(notice) = self.notices.get_mut(key) else { return };
        notice.repeats = Some(self.deadlines.set(repeat, Deadline::AlertRepeat(key)));
        for device in notice.open() {
            self.bring(now, key, device);
        }
    }

    pub(crate) fn alert_timed_out(&mut self, now: Timestamp, key: NoticeKey) {
        let Some(notice) = self.notices.get_mut(key) else { return };
        notice.expires = None;
        let (devices, words) = (notice.open(), notice.reactions.on_timeout.clone());
        self.close_all(now, key, devices, State::TimedOut, words);
    }

    /// A tap on Talk is for the alert that sounded last. Whether there was one.
    pub(crate) fn acknowledge(&mut self, now: Timestamp, device: DeviceKey) -> bool {
        let alerts = self.directory.device(device).map(|device| device.alerts.as_slice());
        let Some(key) = alerts.and_then(|alerts| alerts.last().copied()) else { return false };
        let source = self.directory.device(device).and_then(|device| device.urn()).map(Urn::from);
        let (mut thanks, mut others) = (None, None);
        if let (Some(notice), Some(source)) = (self.notices.get_mut(key), source) {
            notice.close(device, State::Acknowledged);
            thanks = notice.reactions.on_ack.clone();
            others = notice.has_quorum().then(|| (notice.open(), notice.reactions.on_quorum.clone()));
            // Whether the device named here is the one that acknowledged or the one that sent it is disputed among the
            // official SDKs; their samples take it for the former.
            let event = event::Notification::new(notice.name.as_str(), NotificationEvent::Acknowledged)
                .source_uri(source)
                .notification_state(notice.state());
            if let Some(run) = notice.sender {
                self.emit(now, run, event);
            }
        }
        self.hush(now, key, device, NotificationChange::Acknowledged(device));
        if let Some(thanks) = thanks {
            let _ = self.announce(now, device, thanks); // it was tapped, so that it can be reached
        }
        if let Some((others, words)) = others {
            self.close_all(now, key, others, State::Cancelled, words);
        }
        true
    }

    /// It is over for these devices, where this is said if they can be reached.
    fn close_all(
        &mut self,
        now: Timestamp,
        key: NoticeKey,
        devices: Vec<DeviceKey>,
        state: State,
        words: Option<String>,
    ) {
        for device in devices {
            self.close_for(now, key, device, state);
            if let Some(words) = &words {
                let _ = self.announce(now, device, words.as_str());
            }
        }
    }

    /// It is over for one device, without that anybody is told.
    pub(super) fn close_for(&mut self, now: Timestamp, key: NoticeKey, device: DeviceKey, state: State) {
        let Some(notice) = self.notices.get_mut(key).filter(|notice| notice.is_open(device)) else { return };
        notice.close(device, state);
        let change = match state {
            State::TimedOut => NotificationChange::TimedOut(device),
            _ => NotificationChange::Cancelled(device),
        };
        self.hush(now, key, device, change);
    }

    /// The device is out of reach: what the platform says is not heard there, and alerts wait for their repetition.
    pub(crate) fn lose_sounds(&mut self, now: Timestamp, key: DeviceKey) {
        self.cut_off(now, key, Cut::Lost, |prompt| !matches!(prompt.source, Source::Request { .. }));
        if let Some(device) = self.directory.device_mut(key) {
            device.alerts.clear();
            device.ring.alert = None;
        }
    }

    /// The device is gone for good.
    pub(crate) fn lose_recipient(&mut self, now: Timestamp, device: DeviceKey) {
        let keys: Vec<NoticeKey> = self.notices.keys().collect();
        for key in keys {
            self.close_for(now, key, device, State::Cancelled);
        }
    }

    /// Silence on one device that nothing is to be heard from any more.
    fn hush(&mut self, now: Timestamp, key: NoticeKey, device: DeviceKey, change: NotificationChange) {
        self.observe_notification(key, change);
        self.cut_off(now, device, Cut::Stopped, |prompt| prompt.source == Source::Notice(key));
        if let Some(device) = self.directory.device_mut(device) {
            device.alerts.retain(|sounding| *sounding != key);
            if device.alerts.is_empty() {
                device.ring.alert = None;
            }
        }
        self.refresh_ring(device);
        self.drop_if_over(now, key);
    }

    fn drop_if_over(&mut self, now: Timestamp, key: NoticeKey) {
        if self.notices.get(key).is_some_and(|notice| notice.open().is_empty()) {
            self.drop_notice(now, key);
        }
    }
}
