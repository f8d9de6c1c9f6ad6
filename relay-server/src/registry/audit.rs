//! What stands in the audit about changes of the registry.

use serde_json::{Value, json};

use super::{Entry, Registry};
use crate::model::{Actor, AuditEntry, SubscriberId, Workflow};

impl Registry {
    /// The same registry in somebody's hands: what is changed through this one stands under their name in the audit.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Writes down what was done. That it cannot be written down does not undo it, and is told in the log.
    pub async fn note(&self, entry: AuditEntry) {
        let (actor, what) = (entry.actor.name.clone(), format!("{} {}", entry.event_type, entry.action));
        if let Err(error) = self.store.audit_append(entry).await {
            tracing::error!(actor, "the audit misses `{what}`: {error}");
        }
    }

    pub(super) async fn note_of(
        &self,
        subscriber: &SubscriberId,
        event_type: &str,
        action: &str,
        data: Value,
    ) {
        let at = self.runner.clock().wall();
        self.note(AuditEntry::new(&self.actor, at, event_type, action, data).of(subscriber)).await;
    }

    /// A record was saved, or deleted if there is none `after`.
    pub(super) async fn note_entry<E: Entry>(
        &self,
        subscriber: &SubscriberId,
        before: Option<&E>,
        after: Option<&E>,
    ) {
        let action = match (before, after) {
            (None, Some(_)) => "created",
            (Some(before), Some(after)) if before != after => "changed",
            (Some(_), None) => "deleted",
            _ => return,
        };
        if let Some(entry) = after.or(before) {
            let data = json!({ "id": entry.id(), "name": entry.unique_name() });
            self.note_of(subscriber, E::WORD, action, data).await;
            let at = self.runner.clock().wall();
            let (before, after) = (before.and_then(Entry::used_by), after.and_then(Entry::used_by));
            for entry in AuditEntry::of_use(&self.actor, at, entry.id(), before, after) {
                self.note(entry.of(subscriber)).await;
            }
        }
    }

    pub(super) async fn note_workflow(
        &self,
        subscriber: &SubscriberId,
        before: Option<&Workflow>,
        after: &Workflow,
    ) {
        let mut data = json!({ "id": after.id, "name": after.name });
        let action = match before {
            None => "created",
            Some(before) if before == after => return,
            Some(before) => {
                let mut elsewhere = before.clone();
                elsewhere.install.clone_from(&after.install);
                elsewhere.install_rule.clone_from(&after.install_rule);
                let (added, removed) = (install(after, before), install(before, after));
                let action = match (elsewhere == *after, added.is_empty()) {
                    (false, _) => "changed",
                    (true, false) => "installed",
                    (true, true) => "uninstalled",
                };
                (data["installed"], data["uninstalled"]) = (added.into(), removed.into());
                action
            }
        };
        self.note_of(subscriber, "workflow", action, data).await;
    }
}

/// Where the one is installed and the other is not.
fn install(here: &Workflow, not_there: &Workflow) -> Vec<String> {
    let rule = here.install_rule.iter().filter(|rule| not_there.install_rule.as_ref() != Some(rule));
    rule.chain(here.install.iter().filter(|id| !not_there.install.contains(id))).cloned().collect()
}
