//! What the workflow's end of a session is doing, for the conversation and for reports.

use std::fmt;
use std::sync::{Arc, Weak};

use relay_protocol::session::Timestamp;

use super::world::World;
use crate::session::{HandlerFailure, Observer, Probe, SessionEnd, Shared};

/// Sees all sessions of a simulation.
pub(super) struct Watching(pub(super) Weak<World>);

impl Observer for Watching {
    fn session(&self, shared: &Arc<Shared>) -> Box<dyn Probe> {
        if let Some(world) = self.0.upgrade() {
            world.tell(|state, _| state.session_began(shared));
        }
        Box::new(Watch { world: self.0.clone(), number: shared.info.number })
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

impl Probe for Watch {
    fn handler_started(&mut self, handler: &'static str) {
        if let Some(world) = self.world.upgrade() {
            world.lock().handler_started(self.number, handler);
        }
    }

    fn handler_ended(&mut self, handler: &'static str, failure: Option<&HandlerFailure>) {
        if let Some(world) = self.world.upgrade() {
            world.tell(|state, now| state.handler_ended(now, self.number, handler, failure));
        }
    }

    fn ended(&mut self, _: Timestamp, end: &SessionEnd) {
        if let Some(world) = self.world.upgrade() {
            world.tell(|state, now| state.session_ended(now, self.number, end));
        }
    }
}
