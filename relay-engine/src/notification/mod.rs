//! Notifications: broadcasts, which are heard once, and alerts, which are repeated until somebody taps Talk.

mod alert;
mod delivery;
mod notices;
mod outside;
mod request;

pub(crate) use notices::Notices;

pub use delivery::{ALERT_TONE, BROADCAST_CHIME};
pub use outside::{Announcement, Reactions};

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use relay_protocol::session::Token;
use relay_protocol::types::{NotificationState, NotificationType, PushOptions};

use crate::deadlines::DeadlineKey;
use crate::key::{DeviceKey, InstanceKey};

/// What became of a notification.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NotificationChange {
    /// It was sent.
    Sent {
        /// What kind.
        kind: NotificationType,
        /// What it says.
        text: String,
        /// To how many devices.
        recipients: usize,
    },
    /// The person at this device acknowledged it.
    Acknowledged(DeviceKey),
    /// It was taken back from this device.
    Cancelled(DeviceKey),
    /// The person at this device did not react in time.
    TimedOut(DeviceKey),
}

/// A notification that is being delivered, or an alert that somebody has yet to react to.
///
/// It outlives the run that sent it: an alert is for people, and a workflow may well send one and be done.
#[derive(Debug)]
pub(crate) struct Notice {
    /// The run that sent it, unless it comes from outside.
    sender: Option<InstanceKey>,
    kind: NotificationType,
    name: String,
    text: String,
    push: PushOptions,
    /// In the order in which they were named.
    recipients: Vec<DeviceKey>,
    standing: BTreeMap<DeviceKey, Standing>,
    /// How long an alert waits for people to react.
    timeout: Duration,
    reactions: Reactions,
    delivery: Option<Delivery>,
    /// Alerts only, once all recipients had their first.
    repeats: Option<DeadlineKey>,
    expires: Option<DeadlineKey>,
}

/// A delivery that is not over.
#[derive(Debug)]
struct Delivery {
    /// The workflow waits for the answer to its request.
    token: Option<Token>,
    waiting: VecDeque<DeviceKey>,
    next: DeadlineKey,
}

/// Where a notification stands with one recipient.
#[derive(Debug)]
struct Standing {
    /// As the device was called when it was sent: the workflow will compare it.
    name: String,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not acknowledged, heard or not.
    Open,
    Acknowledged,
    Cancelled,
    TimedOut,
}

impl Notice {
    fn is_open(&self, device: DeviceKey) -> bool {
        self.standing.get(&device).is_some_and(|standing| standing.state == State::Open)
    }

    /// Those who have not reacted.
    fn open(&self) -> Vec<DeviceKey> {
        self.recipients.iter().copied().filter(|device| self.is_open(*device)).collect()
    }

    /// Whether as many have acknowledged as are needed.
    fn has_quorum(&self) -> bool {
        let acknowledged = self.standing.values().filter(|standing| standing.state == State::Acknowledged);
        self.reactions.quorum.is_some_and(|quorum| acknowledged.count() >= quorum)
    }

    fn close(&mut self, device: DeviceKey, state: State) {
        if let Some(standing) = self.standing.get_mut(&device) {
            standing.state = state;
        }
    }

    fn is_alert(&self) -> bool {
        self.kind == NotificationType::Alert
    }

    /// As the workflow is told.
    fn state(&self) -> NotificationState {
        let names = |state: Option<State>| {
            let standing = self.recipients.iter().filter_map(|device| self.standing.get(device));
            let chosen = standing.filter(move |standing| state.is_none_or(|state| standing.state == state));
            chosen.map(|standing| standing.name.as_str())
        };
        NotificationState::new()
            .created(names(None))
            .acknowledged(names(Some(State::Acknowledged)))
            .cancelled(names(Some(State::Cancelled)))
            .timed_out(names(Some(State::TimedOut)))
    }
}
