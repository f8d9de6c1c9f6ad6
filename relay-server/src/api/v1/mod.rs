//! Our own interface: everything that the official one has no words for.

mod alert;
mod clock;
mod device;
mod directory;
mod document;
mod events;
mod incident;
mod info;
mod instance;
mod signing;
mod simulate;
mod token;
mod trigger;
mod workflow;

use super::endpoint::Endpoint;

/// The endpoints, under the headings of the document.
pub(super) fn sections() -> Vec<(&'static str, Vec<Endpoint>)> {
    vec![
        (
            "Server",
            [info::endpoints(), clock::endpoints(), token::endpoints(), signing::endpoints()]
                .into_iter()
                .flatten()
                .collect(),
        ),
        (
            "Workflows and triggers",
            [workflow::endpoints(), trigger::endpoints()].into_iter().flatten().collect(),
        ),
        ("Instances", [instance::endpoints(), incident::endpoints()].into_iter().flatten().collect()),
        ("Devices", device::endpoints()),
        ("Simulation", simulate::endpoints()),
        ("Directory", [directory::endpoints(), document::endpoints()].into_iter().flatten().collect()),
        ("Events", events::endpoints()),
        ("Alerts", alert::endpoints()),
    ]
}
