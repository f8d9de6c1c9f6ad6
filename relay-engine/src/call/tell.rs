//! What workflows hear of a call: each side about the other party.

use alloc::collections::BTreeSet;
use alloc::string::String;

use relay_protocol::session::Timestamp;
use relay_protocol::types::CallDirection;
use relay_protocol::{Event, event};

use super::{CallStatus, Party};
use crate::action::Perception;
use crate::engine::Engine;
use crate::key::{CallKey, DeviceKey, InstanceKey};

/// How a call goes on.
#[derive(Debug, Clone, Copy)]
pub(super) enum News {
    Received,
    Progressing,
    Ringing,
    Connected { at: Timestamp },
    Disconnected { since: Timestamp, reason: &'static str },
    Failed { reason: &'static str },
}

/// What every event of a call tells.
struct Facts<'a> {
    call_id: &'a str,
    direction: CallDirection,
    /// The other party: its id, name, and address.
    other: (String, String, String),
    onnet: bool,
    started: i64,
}

impl Engine {
    pub(super) fn tell_call(&mut self, now: Timestamp, key: CallKey, side: CallDirection, news: News) {
        let Some(call) = self.calls.get(key) else { return };
        let party = call.party(&side);
        let others = if side == CallDirection::Outbound { &call.callee } else { &call.caller };
        let facts = Facts {
            call_id: &call.id,
            direction: side,
            other: self.particulars(others.device),
            onnet: true,
            started: self.epoch(call.placed),
        };
        let event = self.event(now, &facts, news);
        for run in self.listeners(party) {
            self.emit(now, run, event.clone());
        }
    }

    /// A call came to nothing before it rang anywhere.
    pub(super) fn tell_failed(
        &mut self,
        now: Timestamp,
        call_id: &str,
        caller: &Party,
        uri: &str,
        reason: &'static str,
    ) {
        self.perceive(caller.device, Perception::Call(CallStatus::Ended { reason }));
        let callee = self.callee(now, uri);
        let facts = Facts {
            call_id,
            direction: CallDirection::Outbound,
            other: match callee {
                Some(callee) => self.particulars(callee),
                None => (String::new(), String::new(), uri.into()),
            },
            onnet: callee.is_some(),
            started: self.epoch(now),
        };
        let event = self.event(now, &facts, News::Failed { reason });
        for run in self.listeners(caller) {
            self.emit(now, run, event.clone());
        }
    }

    fn event(&self, now: Timestamp, facts: &Facts<'_>, news: News) -> Event {
        /// An event of this kind, with what all of them have.
        macro_rules! call_event {
            ($kind:ident) => {{
                let (id, name, uri) = &facts.other;
                event::$kind::new(facts.call_id, facts.direction.clone())
                    .device_id(id.as_str())
                    .device_name(name.as_str())
                    .uri(uri.as_str())
                    .onnet(facts.onnet)
                    .start_time_epoch(facts.started)
            }};
        }
        let now = self.epoch(now);
        match news {
            News::Received => call_event!(CallReceived).into(),
            News::Progressing => call_event!(CallProgressing).into(),
            News::Ringing => call_event!(CallRinging).into(),
            News::Connected { at } => call_event!(CallConnected).connect_time_epoch(self.epoch(at)).into(),
            News::Disconnected { since, reason } => call_event!(CallDisconnected)
                .connect_time_epoch(self.epoch(since))
                .end_time_epoch(now)
                .reason(reason)
                .into(),
            News::Failed { reason } => call_event!(CallFailed).end_time_epoch(now).reason(reason).into(),
        }
    }

    fn particulars(&self, device: DeviceKey) -> (String, String, String) {
        let id = self.directory.device(device).map(|device| device.info.id.clone()).unwrap_or_default();
        let uri = self.urn(device).map(|urn| urn.as_str().into()).unwrap_or_default();
        (id, self.called(device), uri)
    }

    /// The runs that hear of a party's call: those that have its device, and those that acted.
    fn listeners(&self, party: &Party) -> BTreeSet<InstanceKey> {
        let mut runs = self.runs_with(party.device);
        runs.extend(&party.acting);
        runs
    }

    /// The runs that a device started, and those with an interaction on it. From the oldest to the newest, as far as
    /// keys can tell.
    pub(super) fn runs_with(&self, device: DeviceKey) -> BTreeSet<InstanceKey> {
        let Some(device) = self.directory.device(device) else { return BTreeSet::new() };
        let open = device.channels.stack().iter().filter_map(|leg| self.legs.get(*leg));
        let open = open.map(|leg| leg.instance);
        device.runs.iter().copied().chain(open).collect()
    }

    /// A moment as the protocol tells it.
    pub(crate) fn epoch(&self, at: Timestamp) -> i64 {
        let since = self.config.clock_origin.saturating_add(at.elapsed());
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}
