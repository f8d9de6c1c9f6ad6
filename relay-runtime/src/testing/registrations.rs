//! Workflows as the platform of a simulation has them registered.

use std::sync::Arc;

use relay_engine::{Engine, Geofence, Install, Registration, Workflow, WorkflowKey};
use relay_protocol::manifest::TriggerSpec;

use super::fail;
use crate::workflow::WorkflowEntry;

/// A workflow of the test, with what is registered besides its triggers.
pub(super) struct Registered {
    pub(super) entry: WorkflowEntry,
    pub(super) workflow: Workflow,
}

/// One trigger of one workflow.
pub(super) struct Rule {
    pub(super) workflow: WorkflowKey,
    pub(super) name: Arc<str>,
    pub(super) trigger: Option<TriggerSpec>,
}

impl Registered {
    pub(super) fn new(entry: WorkflowEntry) -> Self {
        let manifest = entry.manifest();
        let workflow = Workflow::new(&*manifest.name, format!("sim:{}", manifest.path));
        Self { entry, workflow }
    }

    pub(super) fn name(&self) -> &str {
        &self.entry.manifest().name
    }

    /// Registers each of its triggers, for all devices; or none, so that it can at least be started by the test.
    pub(super) fn register(&self, engine: &mut Engine, free_longitude: &mut f64) -> Vec<Rule> {
        let name: Arc<str> = self.name().into();
        let triggers = &self.entry.manifest().triggers;
        if triggers.is_empty() {
            let workflow = engine.add_workflow(self.workflow.clone());
            return vec![Rule { workflow, name, trigger: None }];
        }
        let mut register = |trigger: &TriggerSpec| {
            know_place(engine, free_longitude, trigger);
            let registration = Registration {
                workflow: self.workflow.clone(),
                trigger: trigger.clone(),
                install: Install::all(),
            };
            match engine.register(registration) {
                Ok(workflow) => Rule { workflow, name: name.clone(), trigger: Some(trigger.clone()) },
                Err(error) => fail(format!("the platform does not take a trigger of {name:?}: {error}")),
            }
        };
        triggers.iter().map(&mut register).collect()
    }
}

/// The platform registers nothing for places that it does not know. Where they are is of no interest to the test.
fn know_place(engine: &mut Engine, free_longitude: &mut f64, trigger: &TriggerSpec) {
    let places = engine.places();
    match trigger {
        TriggerSpec::Geofence { geofence_id: id, .. } if places.geofence(id).is_none() => {
            engine.add_geofence(id.as_str(), Geofence { centre: (0.0, *free_longitude), radius: 100.0 });
            *free_longitude += 1.0;
        }
        TriggerSpec::Position { venue_id, position_id, .. }
            if places.position(venue_id, position_id).is_none() =>
        {
            engine.add_position(venue_id.as_str(), position_id.as_str(), position_id.as_str());
        }
        _ => {}
    }
}
