//! A device and what is known about it.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::types::{DeviceMode, DeviceType};
use relay_protocol::urn::DeviceUrn;

use crate::button::Presses;
use crate::call::Address;
use crate::channel::Channels;
use crate::deadlines::DeadlineKey;
use crate::inbox::Message;
use crate::key::{CallKey, GroupKey, InstanceKey, NoticeKey};
use crate::led::Ring;
use crate::speech::Speaker;
use crate::trigger::{RapidTaps, Whereabouts};

/// What is known about a device, apart from what it is doing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DeviceInfo {
    /// Its display name, unique on the account.
    pub name: String,
    /// Its id, which never changes: 15 digits for hardware.
    pub id: String,
    /// Its model. Default: `relay2`.
    pub kind: DeviceType,
    /// Who uses it.
    pub user: Option<String>,
    /// The charge of its battery in percent. Default: 100.
    pub battery: u8,
    /// Whether its battery is being charged. Default: false.
    pub charging: bool,
    /// How loud it is, in percent. Default: 50.
    pub volume: u8,
    /// Whether it reports its location. Default: false, as on the real platform.
    pub location_enabled: bool,
    /// Where it is. Told to workflows only if `location_enabled`.
    pub location: Location,
    /// Its emergency mode. Default: none.
    pub mode: DeviceMode,
    /// Whether the person wants to be left alone: buttons are dead, nothing is heard. Default: false.
    pub do_not_disturb: bool,
    /// Whether it can be reached. Default: true.
    pub online: bool,
    /// The channel it falls back to. Default: `Home`.
    pub home_channel: String,
}

impl DeviceInfo {
    /// A device that is online, with a full battery and everything else at its default.
    pub fn new(name: impl Into<String>, id: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: id.into(),
            kind: DeviceType::Relay2,
            user: None,
            battery: 100,
            charging: false,
            volume: 50,
            location_enabled: false,
            location: Location::default(),
            mode: DeviceMode::Normal,
            do_not_disturb: false,
            online: true,
            home_channel: "Home".into(),
        }
    }
}

/// Where a device is, as far as that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Location {
    /// The nearest street address.
    pub address: Option<String>,
    /// Latitude and longitude in degrees.
    pub latlong: Option<(f64, f64)>,
    /// The place inside a building.
    pub indoor: Option<String>,
}

/// A device: what is known about it, and what it is doing.
#[derive(Debug)]
pub struct Device {
    pub(crate) info: DeviceInfo,
    pub(crate) channels: Channels,
    pub(crate) speaker: Speaker,
    pub(crate) ring: Ring,
    /// Whether the person was told that the device waits for speech.
    pub(crate) listening: bool,
    /// The alerts that nobody here has acknowledged; the one that sounded last is the last.
    pub(crate) alerts: Vec<NoticeKey>,
    /// What the person missed, the oldest first.
    pub(crate) inbox: VecDeque<Message>,
    /// The call that it takes part in.
    pub(crate) call: Option<CallKey>,
    /// Where it can be called from outside.
    pub(crate) address: Option<Address>,
    /// The runs on its behalf.
    pub(crate) runs: BTreeSet<InstanceKey>,
    pub(crate) presses: Presses,
    pub(crate) rapid_taps: RapidTaps,
    pub(crate) whereabouts: Whereabouts,
    /// When it is back, having been switched off to restart.
    pub(crate) restarts: Option<DeadlineKey>,
    pub(super) groups: BTreeSet<GroupKey>,
}

impl Device {
    pub(super) fn new(info: DeviceInfo) -> Self {
        Self {
            channels: Channels::new(&info.home_channel),
            speaker: Speaker::default(),
            ring: Ring::default(),
            listening: false,
            alerts: Vec::new(),
            inbox: VecDeque::new(),
            call: None,
            address: None,
            runs: BTreeSet::new(),
            presses: Presses::default(),
            rapid_taps: RapidTaps::default(),
            whereabouts: Whereabouts::default(),
            restarts: None,
            groups: BTreeSet::new(),
            info,
        }
    }

    /// What is known about it.
    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Its display name.
    pub fn name(&self) -> &str {
        &self.info.name
    }

    /// Where on the map it is, if it tells.
    pub(crate) fn position(&self) -> Option<(f64, f64)> {
        self.info.location.latlong.filter(|_| self.info.location_enabled)
    }

    /// The groups that it is a member of.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = GroupKey> {
        self.groups.iter().copied()
    }

    /// Its URN, by name, as the real platform writes it.
    pub fn urn(&self) -> Option<DeviceUrn> {
        DeviceUrn::name(&self.info.name).ok() // names are never empty
    }
}
