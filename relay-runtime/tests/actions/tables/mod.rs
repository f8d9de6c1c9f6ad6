//! What each action sends and brings.

mod devices;
mod everybody;
mod interactions;
mod session;

use relay_runtime::urn::{DeviceUrn, GroupUrn, InteractionUrn};
use relay_runtime::{Context, Device, Group, Interaction};

use crate::row::Row;

pub(crate) const ALICE: &str = "urn:relay-resource:name:device:Alice";
pub(crate) const BOB: &str = "urn:relay-resource:name:device:Bob";
pub(crate) const CLEANING: &str = "urn:relay-resource:name:group:Cleaning";
pub(crate) const HELLO_ALICE: &str =
    "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice";
pub(crate) const HELLO_BOB: &str =
    "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3ABob";

/// Ids as a simulated platform gives them to the first thing after the session.
pub(crate) const CALL: &str = "call-2";
pub(crate) const INCIDENT: &str = "inc-2";

pub(crate) fn all() -> Vec<Row> {
    [interactions::rows(), devices::rows(), everybody::rows(), session::rows()]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn alice_urn() -> DeviceUrn {
    ALICE.parse().unwrap()
}

pub(crate) fn bob_urn() -> DeviceUrn {
    BOB.parse().unwrap()
}

pub(crate) fn alice(cx: &Context) -> Interaction {
    cx.interaction(HELLO_ALICE.parse::<InteractionUrn>().unwrap())
}

pub(crate) fn bob(cx: &Context) -> Interaction {
    cx.interaction(HELLO_BOB.parse::<InteractionUrn>().unwrap())
}

pub(crate) fn device(cx: &Context) -> Device {
    cx.device(alice_urn())
}

pub(crate) fn cleaning(cx: &Context) -> Group {
    cx.group(CLEANING.parse::<GroupUrn>().unwrap())
}
