//! When a workflow that the clock starts is started first.

use relay_protocol::manifest::TriggerSpec;

use super::RegistryError;
use crate::model::{Schedule, UnixMs, Workflow};
use crate::schedule::Timer;

/// The schedule of a workflow that is registered now, if the clock starts it.
pub(super) fn of(workflow: &Workflow, now: UnixMs) -> Result<Option<Schedule>, RegistryError> {
    let TriggerSpec::Timer(timer) = workflow.on() else { return Ok(None) };
    let begun = Timer::read(timer, now).and_then(|timer| timer.begin(now));
    begun.map(Some).map_err(|error| RegistryError::invalid("invalid_timer", error.to_string()))
}
