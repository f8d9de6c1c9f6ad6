//! The one workflow that is built in: `relay-local://broadcast` speaks a text on devices.

use super::attempt::End;
use super::runner::Runner;
use crate::account::Account;
use crate::model::{Outcome, OutcomeKind, TriggerRow};

impl Runner {
    /// Speaks the `text` of the registration on the devices in `targets`, which are ids with spaces in between. It is
    /// spoken once at most, as everything else.
    pub(super) async fn broadcast(&self, account: &Account, row: &TriggerRow) -> End {
        if let Err(end) = self.record_start(row).await {
            return end;
        }
        let workflow = row.workflow.clone();
        let spoken = account.run(move |platform| {
            let args = &platform.engine.workflow(platform.ids.workflows.key(&workflow)?)?.args;
            let text = args.get("text").cloned().unwrap_or_default();
            let targets = args.get("targets").cloned().unwrap_or_default();
            let (mut heard, mut missed) = (0, Vec::new());
            for target in targets.split_whitespace() {
                match platform.announce(target, &text) {
                    Ok(()) => heard += 1,
                    Err(error) => missed.push(format!("{target} ({error})")),
                }
            }
            Some((heard, missed))
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
