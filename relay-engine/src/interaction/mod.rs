//! Interactions: what puts a device into the hands of a workflow.

mod requests;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use relay_protocol::Urn;
use relay_protocol::types::{HomeChannel, InputType};

use crate::directory::fold;
use crate::key::{DeviceKey, InstanceKey, LegKey};
use crate::led::Light;
use crate::speech::Listening;

/// One interaction on one device.
#[derive(Debug)]
pub(crate) struct Leg {
    pub(crate) instance: InstanceKey,
    pub(crate) device: DeviceKey,
    pub(crate) name: Arc<str>,
    /// The `source_uri` of its events. It stays as it is when the device is renamed.
    pub(crate) urn: Urn,
    /// Whether it is the device's active channel, as the workflow was told last.
    pub(crate) resumed: bool,
    /// The presses to deliver; all that there are if empty.
    pub(crate) inputs: Vec<InputType>,
    pub(crate) home_channel: HomeChannel,
    /// What it shows on the ring while it is active.
    pub(crate) light: Option<Light>,
    /// The `listen` requests that wait for speech, the oldest first.
    pub(crate) listening: VecDeque<Listening>,
}

/// The interactions that one instance started.
#[derive(Debug, Default)]
pub(crate) struct Interactions {
    by_name: BTreeMap<String, Interaction>,
    /// The live ones by the URN that the workflow was given, which is what it nearly always sends.
    by_urn: BTreeMap<Urn, LegKey>,
}

/// Who is or was in one interaction.
#[derive(Debug, Default)]
pub(crate) struct Interaction {
    pub(crate) seats: BTreeMap<DeviceKey, Seat>,
}

impl Interaction {
    /// Where it is live.
    pub(crate) fn legs(&self) -> impl Iterator<Item = LegKey> {
        self.seats.values().filter_map(|seat| match seat {
            Seat::Live(leg) => Some(*leg),
            _ => None,
        })
    }
}

/// What became of an interaction on one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    Live(LegKey),
    Ended,
    Failed,
}

impl Interactions {
    pub(crate) fn named(&self, name: &str) -> Option<&Interaction> {
        self.by_name.get(&fold(name))
    }

    pub(crate) fn with_urn(&self, urn: &Urn) -> Option<LegKey> {
        self.by_urn.get(urn).copied()
    }

    /// The live ones.
    pub(crate) fn legs(&self) -> impl Iterator<Item = LegKey> {
        self.by_name.values().flat_map(Interaction::legs)
    }

    fn open(&mut self, name: &str, device: DeviceKey, urn: Urn, leg: LegKey) {
        self.seat(name, device, Seat::Live(leg));
        self.by_urn.insert(urn, leg);
    }

    fn close(&mut self, leg: &Leg) {
        self.seat(&leg.name, leg.device, Seat::Ended);
        self.by_urn.remove(&leg.urn);
    }

    fn seat(&mut self, name: &str, device: DeviceKey, seat: Seat) {
        self.by_name.entry(fold(name)).or_default().seats.insert(device, seat);
    }

    /// Whether there is room for one more name. Forgets what is over if that makes some.
    fn make_room(&mut self, name: &str, limit: usize) -> bool {
        if self.by_name.len() >= limit {
            self.by_name.retain(|_, interaction| interaction.legs().next().is_some());
        }
        self.by_name.len() < limit || self.named(name).is_some()
    }
}
