//! From the URNs of a request to devices and interactions.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use relay_protocol::urn::{DeviceUrn, ResourceId, UrnKind};
use relay_protocol::{Targets, Urn};

use crate::directory::Group;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::interaction::{Interaction, Interactions, Leg, Seat};
use crate::key::{DeviceKey, LegKey};
use crate::refusal::Refusal;

impl Engine {
    /// The interactions, each on its device, that a request is for: at least one, unless a status was asked for.
    pub(crate) fn legs(&self, ask: &Ask) -> Result<Vec<LegKey>, Refusal> {
        let interactions = self.interactions(ask)?;
        let mut legs = Once::new();
        for urn in given(ask, "an interaction")? {
            if let Some(leg) = interactions.with_urn(urn) {
                legs.push(leg);
                continue;
            }
            match urn.kind() {
                UrnKind::Interaction => self.legs_named(ask, interactions, urn, &mut legs)?,
                UrnKind::InteractionWithStatus => {
                    for (_, seat) in self.with_status(ask, interactions, urn)? {
                        if let Seat::Live(leg) = seat {
                            legs.push(leg);
                        }
                    }
                }
                UrnKind::Device if !self.config.strict() => {
                    // Some official SDKs let device URNs through; with one interaction there is no doubt.
                    let device = self.device(urn)?;
                    let on_it = |leg: &LegKey| self.legs.get(*leg).is_some_and(|leg| leg.device == device);
                    let mut open = interactions.legs().filter(on_it);
                    match (open.next(), open.next()) {
                        (Some(leg), None) => legs.push(leg),
                        _ => return Err(wrong_kind(ask, "an interaction", urn)),
                    }
                }
                _ => return Err(wrong_kind(ask, "an interaction", urn)),
            }
        }
        Ok(legs.keys)
    }

    /// The one interaction on one device that a request is for.
    pub(crate) fn one_leg(&self, ask: &Ask) -> Result<LegKey, Refusal> {
        one(ask, self.legs(ask)?)
    }

    /// The devices that a request is for: at least one, unless a status or an empty group was asked for.
    pub(crate) fn devices(&self, ask: &Ask, targets: Targets) -> Result<Vec<DeviceKey>, Refusal> {
        let wanted = match targets {
            Targets::DeviceOrGroup => "a device or group",
            _ => "a device",
        };
        let mut devices = Once::new();
        for urn in given(ask, wanted)? {
            match urn.kind() {
                UrnKind::Device => devices.push(self.device(urn)?),
                UrnKind::Interaction => {
                    let mut legs = Once::new();
                    self.legs_named(ask, self.interactions(ask)?, urn, &mut legs)?;
                    for leg in legs.keys.iter().filter_map(|leg| self.legs.get(*leg)) {
                        devices.push(leg.device);
                    }
                }
                UrnKind::InteractionWithStatus => {
                    for (device, _) in self.with_status(ask, self.interactions(ask)?, urn)? {
                        devices.push(device);
                    }
                }
                UrnKind::Group if targets == Targets::DeviceOrGroup => {
                    for device in self.group(urn)?.members() {
                        devices.push(device);
                    }
                }
                UrnKind::AllDevices => {
                    for (device, _) in self.directory.devices() {
                        devices.push(device);
                    }
                }
                _ => return Err(wrong_kind(ask, wanted, urn)),
            }
        }
        Ok(devices.keys)
    }

    /// The one device that a request is for.
    pub(crate) fn one_device(&self, ask: &Ask) -> Result<DeviceKey, Refusal> {
        one(ask, self.devices(ask, Targets::Device)?)
    }

    /// The device that a URN names, or that the interaction it names is on.
    pub(crate) fn device(&self, urn: &Urn) -> Result<DeviceKey, Refusal> {
        let Some(device) = urn.device() else {
            return Err(Refusal::invalid_target(format!("{urn} names no device")));
        };
        self.device_of(&device)
    }

    /// The group that a URN names.
    pub(crate) fn group(&self, urn: &Urn) -> Result<&Group, Refusal> {
        let key = urn.id().and_then(|id| self.directory.group_by(&id));
        key.and_then(|key| self.directory.group(key))
            .ok_or_else(|| Refusal::not_found(format!("there is no group {}", called(urn))))
    }

    fn device_of(&self, urn: &DeviceUrn) -> Result<DeviceKey, Refusal> {
        self.directory
            .device_of(urn)
            .ok_or_else(|| Refusal::not_found(format!("there is no device {}", called(urn))))
    }

    fn interactions(&self, ask: &Ask) -> Result<&Interactions, Refusal> {
        let instance = self.instances.get(ask.instance);
        instance.map(|instance| &instance.interactions).ok_or_else(|| Refusal::ended("the run is over"))
    }

    fn legs_named(
        &self,
        ask: &Ask,
        interactions: &Interactions,
        urn: &Urn,
        legs: &mut Once<LegKey>,
    ) -> Result<(), Refusal> {
        let interaction = interaction(ask, interactions, urn)?;
        let mut any = false;
        for device in urn.devices() {
            any = true;
            let key = self.device_of(&device)?;
            match interaction.seats.get(&key) {
                Some(Seat::Live(leg)) => legs.push(*leg),
                seat => return Err(not_open(urn, &called(&device), seat.copied())),
            }
        }
        if any {
            return Ok(());
        }
        // Without a device it is the interaction wherever it is open.
        let before = legs.keys.len();
        for leg in interaction.legs() {
            legs.push(leg);
        }
        match legs.keys.len() > before {
            true => Ok(()),
            false => Err(not_open(urn, "any device", Some(Seat::Ended))),
        }
    }

    /// The devices of an interaction with the status that the URN asks for, which may be none.
    fn with_status(
        &self,
        ask: &Ask,
        interactions: &Interactions,
        urn: &Urn,
    ) -> Result<Vec<(DeviceKey, Seat)>, Refusal> {
        let status = urn.status().unwrap_or_default();
        let known = ["started", "resumed", "suspended", "ended", "failed"];
        if !known.contains(&&*status) {
            return Err(Refusal::invalid_target(format!("{status:?} is no status, which are {known:?}")));
        }
        let resumed = |leg: LegKey| self.legs.get(leg).is_some_and(|leg: &Leg| leg.resumed);
        let has = |seat: Seat| match (&*status, seat) {
            // Each that was started is resumed at once, so this can only mean those that are not over.
            ("started", Seat::Live(_)) => true,
            ("resumed", Seat::Live(leg)) => resumed(leg),
            ("suspended", Seat::Live(leg)) => !resumed(leg),
            (status, Seat::Ended) => status == "ended",
            (status, Seat::Failed) => status == "failed",
            _ => false,
        };
        let seats = interaction(ask, interactions, urn)?.seats.iter();
        Ok(seats.map(|(device, seat)| (*device, *seat)).filter(|(_, seat)| has(*seat)).collect())
    }
}

fn interaction<'a>(ask: &Ask, all: &'a Interactions, urn: &Urn) -> Result<&'a Interaction, Refusal> {
    let name = urn.interaction_name().unwrap_or_default();
    all.named(&name).ok_or_else(|| {
        Refusal::not_found(format!(
            "{} needs an interaction of this run; none was started under the name {name:?}",
            ask.request
        ))
    })
}

fn not_open(urn: &Urn, device: &str, seat: Option<Seat>) -> Refusal {
    let name = urn.interaction_name().unwrap_or_default();
    match seat {
        Some(Seat::Failed) => {
            Refusal::ended(format!("the interaction {name:?} could not be opened on {device}"))
        }
        Some(_) => Refusal::ended(format!("the interaction {name:?} is not open on {device} any more")),
        None => Refusal::not_found(format!("the interaction {name:?} was never opened on {device}")),
    }
}

/// The targets of a request that needs some.
fn given<'a>(ask: &'a Ask, wanted: &str) -> Result<&'a [Urn], Refusal> {
    match ask.target.as_slice() {
        [] => Err(Refusal::invalid_target(format!(
            "{} needs {wanted} URN as its target, got none",
            ask.request
        ))),
        target => Ok(target),
    }
}

fn wrong_kind(ask: &Ask, wanted: &str, urn: &Urn) -> Refusal {
    let found = urn.kind();
    Refusal::invalid_target(format!("{} needs {wanted} URN, got the URN of {found}: {urn}", ask.request))
}

fn one<K: Copy>(ask: &Ask, keys: Vec<K>) -> Result<K, Refusal> {
    match keys.as_slice() {
        [key] => Ok(*key),
        keys => Err(Refusal::invalid_target(format!(
            "{} is for one device at a time, got {}",
            ask.request,
            keys.len()
        ))),
    }
}

/// What a URN calls its resource.
pub(crate) fn called(urn: &Urn) -> String {
    match urn.id() {
        Some(ResourceId::Name(name)) => format!("named {name:?}"),
        Some(ResourceId::Id(id)) => format!("with the id {id:?}"),
        None => format!("{urn}"),
    }
}

/// Keys in the order of the URNs: who is named twice is addressed once.
struct Once<K> {
    keys: Vec<K>,
    seen: BTreeSet<K>,
}

impl<K: Copy + Ord> Once<K> {
    fn new() -> Self {
        Self { keys: Vec::new(), seen: BTreeSet::new() }
    }

    fn push(&mut self, key: K) {
        if self.seen.insert(key) {
            self.keys.push(key);
        }
    }
}
