//! The official interface, as its unmodified clients use it.

mod account;
mod analytics;
mod audio;
mod audit;
mod device;
mod instance;
mod invoke;
mod logs;
mod place;
mod tag;
mod task;
mod workflow;

use super::endpoint::Endpoint;

pub(super) use analytics::{event as analytics_event, page_request, time};
pub(super) use device::document;
pub(super) use invoke::{Start, devices, key, start};

pub(super) fn endpoints() -> Vec<Endpoint> {
    [
        workflow::endpoints(),
        instance::endpoints(),
        analytics::endpoints(),
        account::endpoints(),
        audit::endpoints(),
        device::endpoints(),
        audio::endpoints(),
        tag::endpoints(),
        place::endpoints(),
        task::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
