//! Calls between two devices, and what their workflows hear of them.
//!
//! A call belongs to the devices, not to the workflow that placed it: it goes on when the run is over.

mod answer;
mod place;
mod request;
mod tell;

use alloc::collections::BTreeSet;
use alloc::string::String;

use relay_protocol::session::Timestamp;
use relay_protocol::types::CallDirection;

use crate::deadlines::DeadlineKey;
use crate::key::{DeviceKey, InstanceKey};
use crate::led::Rgb;

/// The ring during a call, as documented.
const IN_CALL: Rgb = Rgb { r: 0, g: 0xff, b: 0 };

/// What the person at a device perceives of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallStatus {
    /// It rings at the other end.
    Calling {
        /// Who is called.
        name: String,
    },
    /// It rings here.
    Ringing {
        /// Who calls.
        name: String,
    },
    /// The two can talk.
    Connected {
        /// The other one.
        name: String,
    },
    /// It is over, or was never connected.
    Ended {
        /// Why.
        reason: &'static str,
    },
}

/// Why calls end. The platform's words are not known, so these are ours.
mod reason {
    /// Somebody hung up.
    pub(super) const NORMAL: &str = "normal";
    /// The caller hung up before it was answered.
    pub(super) const CANCELLED: &str = "cancelled";
    /// The other one did not want to answer it.
    pub(super) const REJECTED: &str = "rejected";
    pub(super) const NO_ANSWER: &str = "no_answer";
    pub(super) const BUSY: &str = "busy";
    pub(super) const OFFLINE: &str = "offline";
    pub(super) const DO_NOT_DISTURB: &str = "do_not_disturb";
    /// Nobody can be called so.
    pub(super) const UNKNOWN: &str = "unknown";
}

/// A call that rings or is connected.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) id: String,
    caller: Party,
    callee: Party,
    placed: Timestamp,
    state: State,
}

#[derive(Debug)]
struct Party {
    device: DeviceKey,
    /// Runs that have acted in this call, whomever else they have to do with.
    acting: BTreeSet<InstanceKey>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Ringing { over: DeadlineKey },
    Connected { since: Timestamp },
}

/// Where a device can be called from outside, as it was registered.
#[derive(Debug)]
pub(crate) struct Address {
    uri: String,
    /// For good if `None`.
    until: Option<Timestamp>,
}

impl Call {
    fn party(&self, side: &CallDirection) -> &Party {
        if *side == CallDirection::Outbound { &self.caller } else { &self.callee }
    }

    /// A run acts for a device in this call.
    fn acts(&mut self, device: DeviceKey, instance: InstanceKey) {
        let party = if self.caller.device == device { &mut self.caller } else { &mut self.callee };
        party.acting.insert(instance);
    }
}
