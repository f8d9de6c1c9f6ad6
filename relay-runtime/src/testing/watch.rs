//! What the workflow's end of a session is doing, for the conversation and for reports.

use std::fmt;
use std::sync::{Arc, Weak};

use relay_protocol::session::Timestamp;

use super::state::Run;
use super::world::World;
use crate::session::{HandlerFailure, Observer, Probe, SessionEnd, Shared};

/// Sees all sessions of a simulation.
pub(super) struct Watching(pub(super) Weak<World>);

impl Observer for Watching {
    fn session(&self, shared: &Arc<Shared>) -> Box<dyn Probe> {
        let number = shared.info.number;
        let probe = Watch { world: self.0.clone(), number };
        probe.update(|run| run.session = Some(shared.clone()));
        Box::new(probe)
    }
}

impl fmt::Debug for Watching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watching")
    }
}

/// Sees one of them.
struct Watch {
    world: Weak<World>,
    number: u64,
}

impl Watch {
    fn update(&self, update: impl FnOnce(&mut Run)) {
        let Some(world) = self.world.upgrade() else { return };
        let mut state = world.lock();
        if let Some(run) = state.runs.iter_mut().find(|run| run.number == self.number) {
            update(run);
        }
    }
}

impl Probe for Watch {
    fn handler_started(&mut self, handler: &'static str) {
        self.update(|run| run.handlers.push(handler));
    }

    fn handler_ended(&mut self, handler: &'static str, failure: Option<&HandlerFailure>) {
        self.update(|run| {
            if let Some(at) = run.handlers.iter().position(|running| *running == handler) {
                run.handlers.remove(at);
            }
        });
        if let (Some(failure), Some(world)) = (failure, self.world.upgrade()) {
            world.tell(|state, now| state.fail(now, self.number, handler, failure));
        }
    }

    fn ended(&mut self, _: Timestamp, end: &SessionEnd) {
        let Some(world) = self.world.upgrade() else { return };
        world.tell(|state, now| state.session_ended(now, self.number, end));
    }
}
