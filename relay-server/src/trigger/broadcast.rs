//! The one workflow that is built in: `relay-local://broadcast` speaks a text on devices.

use std::collections::BTreeSet;

use relay_engine::{Announcement, DeviceError};

use super::attempt::End;
use super::runner::Runner;
use crate::account::{Account, Platform};
use crate::model::{Outcome, OutcomeKind, TriggerId, TriggerRow, WorkflowId};

impl Runner {
    /// Speaks the `text` of the registration on the devices in `targets`, which are ids with spaces in between. It is
    /// spoken once at most, as everything else; with `confirmation_required` it is an alert, which goes on until the people
    /// there react. Who has stands in the analytics.
    pub(super) async fn broadcast(&self, account: &Account, row: &TriggerRow) -> End {
        if let Err(end) = self.record_start(row).await {
            return end;
        }
        let (workflow, id) = (row.workflow.clone(), row.id.clone());
        let spoken = account.run(move |platform| {
            let args = &platform.engine.workflow(platform.ids.workflows.key(&workflow)?)?.args;
            let text = args.get("text").cloned().unwrap_or_default();
            let targets = args.get("targets").cloned().unwrap_or_default();
            let confirmed = args.get("confirmation_required").is_some_and(|wanted| wanted == "true");
            Some(match confirmed {
                true => alert(platform, &workflow, &id, &targets, text),
                false => speak(platform, &targets, &text),
            })
        });
        End::Over(match spoken.await {
            Ok(Some((heard, missed))) if missed.is_empty() => {
                Outcome::new(OutcomeKind::Completed, format!("spoken on {heard} devices"))
            }
            Ok(Some((heard, missed))) => {
                let missed = missed.join(", ");
                Outcome::new(
                    OutcomeKind::Completed,
                    format!("spoken on {heard} devices, but not on {missed}"),
                )
            }
            Ok(None) => Outcome::new(OutcomeKind::NotStarted, "its workflow is not registered any more"),
            Err(_) => Outcome::new(OutcomeKind::Stopped, "server_shutdown"),
        })
    }
}

/// On how many devices it is spoken, and on which it is not, and why.
type Reached = (usize, Vec<String>);

fn speak(platform: &mut Platform<'_>, targets: &str, text: &str) -> Reached {
    let (mut heard, mut missed) = (0, Vec::new());
    for target in targets.split_whitespace() {
        match platform.announce(target, text) {
            Ok(()) => heard += 1,
            Err(error) => missed.push(format!("{target} ({error})")),
        }
    }
    (heard, missed)
}

fn alert(
    platform: &mut Platform<'_>,
    workflow: &WorkflowId,
    id: &TriggerId,
    targets: &str,
    text: String,
) -> Reached {
    let (mut devices, mut missed) = (BTreeSet::new(), Vec::new());
    for target in targets.split_whitespace() {
        match platform.device_of(target) {
            Some(device) => _ = devices.insert(device),
            None => missed.push(format!("{target} ({})", DeviceError::Unknown)),
        }
    }
    let devices: Vec<_> = devices.into_iter().collect();
    match platform.alert(id.as_str(), Some(workflow), &devices, Announcement::new(text).name("broadcast")) {
        Ok(event) => {
            platform.record(event);
            (devices.len(), missed)
        }
        Err(error) => (0, vec![format!("{targets} ({error})")]),
    }
}
