//! Sending and cancelling.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::session::Timestamp;
use relay_protocol::types::NotificationType;
use relay_protocol::urn::UrnKind;
use relay_protocol::{RequestBody, Urn, request, response};

use super::{Notice, Reactions, Standing, State};
use crate::directory::Device;
use crate::engine::Engine;
use crate::instance::{Ask, Reply};
use crate::key::{DeviceKey, InstanceKey, NoticeKey};
use crate::refusal::Refusal;

impl Engine {
    pub(crate) fn notification(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        notification: request::Notification,
    ) -> Result<Reply, Refusal> {
        let kind = match notification.kind {
            NotificationType::Cancel => return self.cancel_notification(now, ask, &notification.name),
            NotificationType::Broadcast => NotificationType::Broadcast,
            NotificationType::Alert => NotificationType::Alert,
            // It went in 2022; broadcasts took its place.
            NotificationType::Notify if !self.config.strict() => NotificationType::Broadcast,
            NotificationType::Notify => {
                return Err(Refusal::invalid_value(
                    "the type notify was taken out of the protocol; use broadcast, or alert if it must be acknowledged",
                ));
            }
            word => {
                return Err(Refusal::invalid_value(format!(
                    "{word} is no type of notification, which are broadcast, alert and cancel"
                )));
            }
        };
        let devices = self.devices(ask, request::Notification::TARGETS)?;
        self.check_originator(ask, notification.originator.as_ref())?;
        let text = notification.text.unwrap_or_default();
        self.check_words(ask, &notification.name, &text)?;
        self.make_room(now, ask, &notification.name)?;

        let notice = Notice {
            sender: Some(ask.instance),
            kind,
            name: notification.name,
            text,
            push: notification.push_opts,
            standing: self.all_open(&devices),
            recipients: devices,
            timeout: self.config.alert_timeout,
            reactions: Reactions::default(),
            delivery: None,
            repeats: None,
            expires: None,
        };
        let (_, delivered) = self.send_notice(now, notice, Some(ask.token));
        Ok(match delivered {
            true => Reply::now(response::Notification::new()),
            false => Reply::Later,
        })
    }

    /// Takes a notification back from some devices. One that is over is as good as cancelled.
    fn cancel_notification(&mut self, now: Timestamp, ask: &Ask, name: &str) -> Result<Reply, Refusal> {
        let devices = self.devices(ask, request::Notification::TARGETS)?;
        for key in self.notices_named(ask.instance, name) {
            for device in &devices {
                self.close_for(now, key, *device, State::Cancelled);
            }
        }
        Ok(Reply::now(response::Notification::new()))
    }

    /// The notifications that a run may cancel: its own, and those that nobody else can any more. Names must be unique,
    /// but official samples write constants, so those of other runs are left alone.
    fn notices_named(&self, instance: InstanceKey, name: &str) -> Vec<NoticeKey> {
        let may = |notice: &Notice| {
            notice.sender.is_some_and(|sender| sender == instance || !self.instances.contains_key(sender))
        };
        self.notices.named(name).filter(|(_, notice)| may(notice)).map(|(key, _)| key).collect()
    }

    fn check_originator(&self, ask: &Ask, originator: Option<&Urn>) -> Result<(), Refusal> {
        match originator {
            None if self.config.strict() => Err(Refusal::invalid_value(format!(
                "{} needs an originator: the URN of a device, or {} if no device sends it",
                ask.request,
                Urn::server()
            ))),
            None => Ok(()),
            Some(urn) => match urn.kind() {
                UrnKind::Server => Ok(()),
                UrnKind::Device | UrnKind::Interaction => self.device(urn).map(drop),
                kind => Err(Refusal::invalid_value(format!(
                    "the originator is a device or the server, got the URN of {kind}: {urn}"
                ))),
            },
        }
    }

    fn check_words(&self, ask: &Ask, name: &str, text: &str) -> Result<(), Refusal> {
        for (what, value) in [("name", name), ("text", text)] {
            if self.config.strict() && value.is_empty() {
                return Err(Refusal::invalid_value(format!("{} needs a {what}", ask.request)));
            }
        }
        Ok(())
    }

    /// A name stands for one notification at a time: in compatible mode the new one replaces the old one.
    fn make_room(&mut self, now: Timestamp, ask: &Ask, name: &str) -> Result<(), Refusal> {
        for key in self.notices_named(ask.instance, name) {
            if self.config.strict() {
                return Err(Refusal::already_exists(format!(
                    "the notification {name:?} is not over; cancel it first or choose another name"
                )));
            }
            let open = self.notices.get(key).map(Notice::open).unwrap_or_default();
            for device in open {
                self.close_for(now, key, device, State::Cancelled);
            }
        }
        let limit = self.config.max_notifications;
        match self.notices.len() < limit {
            true => Ok(()),
            false => Err(Refusal::limit_exceeded(format!("{limit} notifications are not over"))),
        }
    }

    pub(super) fn all_open(&self, devices: &[DeviceKey]) -> BTreeMap<DeviceKey, Standing> {
        let name = |key| self.directory.device(key).map(Device::name).unwrap_or_default();
        let open = |key| Standing { name: String::from(name(key)), state: State::Open };
        devices.iter().map(|key| (*key, open(*key))).collect()
    }
}
