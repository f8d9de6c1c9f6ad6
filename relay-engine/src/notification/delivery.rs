//! Bringing a notification to its recipients: some at a time, so that a large group takes as long as it would.

use alloc::collections::VecDeque;
use alloc::string::ToString;
use alloc::vec::Vec;

use relay_protocol::response;
use relay_protocol::session::{Timestamp, Token};
use relay_protocol::types::{DeviceType, Language};

use super::{Delivery, Notice, NotificationChange};
use crate::action::{Action, Observation, Perception};
use crate::deadlines::Deadline;
use crate::engine::Engine;
use crate::instance::Reply;
use crate::key::{DeviceKey, InstanceKey, NoticeKey};
use crate::led::{Light, Rgb, RingOwner};
use crate::speech::{Prompt, Sound, Source};

/// The sound file that is heard before the words of a broadcast. The name is ours.
pub const BROADCAST_CHIME: &str = "relay-local://chime";
/// The sound file that is heard before the words of an alert, each time. The name is ours.
pub const ALERT_TONE: &str = "relay-local://alert";
/// The ring while an alert sounds. What the real platform shows is not known.
const ALERT: Rgb = Rgb { r: 0xff, g: 0xff, b: 0xff };

impl Engine {
    /// Goes on delivering; whether that is all. The workflow is answered when it is, and is kept waiting meanwhile.
    pub(super) fn deliver(
        &mut self,
        now: Timestamp,
        key: NoticeKey,
        token: Option<Token>,
        mut waiting: VecDeque<DeviceKey>,
    ) -> bool {
        let batch = self.config.delivery_batch.max(1).min(waiting.len());
        for device in waiting.drain(..batch) {
            self.bring(now, key, device);
        }
        let Some(notice) = self.notices.get_mut(key) else { return true };
        if !waiting.is_empty() {
            let next = self.deadlines.set(now + self.config.delivery_time, Deadline::Delivery(key));
            notice.delivery = Some(Delivery { token, waiting, next });
            return false;
        }
        match notice.is_alert() {
            true => self.watch_alert(now, key),
            false => _ = self.notices.remove(key),
        }
        true
    }

    pub(crate) fn delivery_due(&mut self, now: Timestamp, key: NoticeKey) {
        let Some(notice) = self.notices.get_mut(key) else { return };
        let sender = notice.sender;
        let Some(Delivery { token, waiting, .. }) = notice.delivery.take() else { return };
        let delivered = self.deliver(now, key, token, waiting);
        let Some((instance, token)) = sender.zip(token) else { return };
        match delivered {
            true => self.respond(now, instance, token, Ok(Reply::now(response::Notification::new()))),
            false => self.progress(now, instance, token),
        }
    }

    /// The run is over, but what it has sent is on its way: it is answered now, and the delivery goes on.
    pub(crate) fn answer_deliveries(&mut self, now: Timestamp, run: InstanceKey) {
        let session = self.instances.get_mut(run).and_then(|instance| instance.running_mut());
        if session.is_none_or(|session| session.in_flight() == 0) {
            return; // the usual case, without a look at all notifications
        }
        let sent = self.notices.iter_mut().filter(|notice| notice.sender == Some(run));
        let tokens: Vec<Token> = sent.filter_map(|notice| notice.delivery.as_mut()?.token.take()).collect();
        for token in tokens {
            self.respond(now, run, token, Ok(Reply::now(response::Notification::new())));
        }
    }

    /// One device hears it, if it can; or sees it, if it is a phone or a console. Who is offline or wants to be left
    /// alone misses a broadcast, and hears an alert when it is repeated.
    pub(super) fn bring(&mut self, now: Timestamp, key: NoticeKey, to: DeviceKey) {
        let Some(notice) = self.notices.get(key).filter(|notice| notice.is_open(to)) else { return };
        let Ok(device) = self.at_hand(to) else { return };
        let spoken = Source::Notice(key);
        if device.speaker.has(&spoken) || device.speaker.len() >= self.config.max_prompts {
            return; // it is still being said, or nobody could listen to all of it
        }
        let alert = notice.is_alert();
        let text = notice.text.clone();
        if matches!(device.info.kind, DeviceType::Dash | DeviceType::RelayApp) {
            let push = notice.push.clone();
            self.perceive(to, Perception::Push { text: text.clone(), push });
        }
        let tone = Sound::File(if alert { ALERT_TONE } else { BROADCAST_CHIME }.to_string());
        let (short, long) = (self.config.sound_length, self.speaking_time(&text));
        self.play_on(now, to, Prompt { source: spoken.clone(), sound: tone, length: short });
        let words = Sound::Speech { text, lang: Language::English };
        self.play_on(now, to, Prompt { source: spoken, sound: words, length: long });
        if let (true, Some(device)) = (alert, self.directory.device_mut(to)) {
            // The one that sounded last is the one that a tap is for.
            device.alerts.retain(|sounding| *sounding != key);
            device.alerts.push(key);
            device.ring.alert = Some(Light::all(RingOwner::Alert, ALERT));
            self.refresh_ring(to);
        }
    }

    pub(super) fn observe_notification(&mut self, notice: NoticeKey, what: NotificationChange) {
        let Some(Notice { sender, name, .. }) = self.notices.get(notice) else { return };
        let (instance, name) = (*sender, name.clone());
        self.actions.push_back(Action::Observed(Observation::Notification { notice, instance, name, what }));
    }

    /// Forgets one that is over.
    pub(super) fn drop_notice(&mut self, now: Timestamp, key: NoticeKey) {
        let Some(Notice { sender, delivery, repeats, expires, .. }) = self.notices.remove(key) else {
            return;
        };
        let next = delivery.as_ref().map(|delivery| delivery.next);
        for deadline in [next, repeats, expires].into_iter().flatten() {
            self.deadlines.cancel(deadline);
        }
        let token = delivery.and_then(|delivery| delivery.token);
        if let Some((instance, token)) = sender.zip(token) {
            self.respond(now, instance, token, Ok(Reply::now(response::Notification::new())));
        }
    }
}
