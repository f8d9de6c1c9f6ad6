//! One simulation: the platform, its clock, and the tasks that keep it going.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use relay_engine::Engine;
use relay_protocol::session::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::link;
use super::record::Recorder;
use super::state::State;
use super::watch::Watching;
use super::{patience, report};
use crate::extract::States;
use crate::server::Limits;
use crate::session::SessionSettings;

/// One simulation.
pub(super) struct World {
    state: Mutex<State>,
    /// Where its clock begins.
    origin: Instant,
    /// Writes its sessions down.
    pub(super) recorder: Arc<Recorder>,
    /// What its sessions have in common.
    pub(super) settings: Arc<SessionSettings>,
    /// Something has happened.
    pub(super) changed: Arc<Notify>,
    tasks: Mutex<JoinSet<()>>,
}

impl World {
    pub(super) fn new(engine: Engine, states: States) -> Arc<Self> {
        let mut settings = Limits::default().session(states);
        // Nothing gets lost in memory, and a test that waits in vain should not have to wait through pings.
        settings.protocol.ping_interval = None;
        let recorder = Arc::new(Recorder::default());
        settings.observers.push(recorder.clone());
        let world = Arc::new_cyclic(|world| {
            settings.observers.push(Arc::new(Watching(Weak::clone(world))));
            Self {
                state: Mutex::new(State::new(engine)),
                origin: Instant::now(),
                recorder,
                settings: Arc::new(settings),
                changed: Arc::default(),
                tasks: Mutex::new(JoinSet::new()),
            }
        });
        world.spawn(keep_time(Arc::downgrade(&world), world.changed.clone()));
        patience::belongs(&world);
        world
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::new(self.origin.elapsed())
    }

    /// A moment of the simulation on tokio's clock, unless it is too far away to ever come.
    fn instant(&self, at: Timestamp) -> Option<Instant> {
        self.origin.checked_add(at.elapsed())
    }

    /// To look at the state, or to change what the engine does not care about.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the engine something, and does what it wants done in return.
    pub(super) fn tell<T>(self: &Arc<Self>, what: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.now();
        let mut state = self.lock();
        let told = what(&mut state, now);
        loop {
            let dials = state.pump(now);
            if dials.is_empty() {
                break;
            }
            for dial in dials {
                let line = link::open(self, &dial);
                state.connected(now, &dial, line);
            }
        }
        drop(state);
        patience::alive(Instant::now());
        self.changed.notify_waiters();
        told
    }

    /// How things stand, for people.
    pub(super) fn report(&self) -> String {
        report::of(&self.lock(), self.now())
    }

    /// Runs a task for as long as there is the simulation.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {} // those that are done
        tasks.spawn(task);
    }
}

/// Calls the engine at each of its deadlines.
async fn keep_time(world: Weak<World>, changed: Arc<Notify>) {
    loop {
        let changed = changed.notified();
        let due = match world.upgrade() {
            Some(world) => {
                let due = world.lock().engine.poll_timeout();
                due.and_then(|(due, _)| world.instant(due))
            }
            None => return,
        };
        tokio::select! {
            () = changed => {}
            () = async { sleep_until(due.unwrap_or_else(Instant::now)).await }, if due.is_some() => {
                let Some(world) = world.upgrade() else { return };
                world.tell(|state, now| state.engine.handle_timeout(now));
            }
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("engine", &self.lock().engine).finish_non_exhaustive()
    }
}
