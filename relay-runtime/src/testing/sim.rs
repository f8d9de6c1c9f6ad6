//! Putting a simulation together.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use relay_engine::{Config, DeviceInfo, Engine, Workflow};
use relay_protocol::types::StopReason;
use tokio::time::sleep;

use super::device::Device;
use super::expect::{Expectation, Expected, Verdict};
use super::runtime::idle;
use super::senses::Senses;
use super::world::World;
use super::{fail, runtime};
use crate::extract::States;
use crate::workflow::{IntoWorkflow, WorkflowEntry};

/// The Relay platform in memory, with your workflows and the people of your test.
///
/// Workflows, values and settings come first; the first device or other use fixes them.
pub struct Sim {
    setup: Setup,
    world: OnceLock<Arc<World>>,
}

#[derive(Default)]
struct Setup {
    workflows: Vec<(WorkflowEntry, Workflow)>,
    states: States,
    config: Config,
}

impl Sim {
    /// A platform without workflows, people and groups.
    ///
    /// # Panics
    ///
    /// Outside of [`#[relay_runtime::test]`](macro@crate::test) and [`run`](super::run), whose clock it needs.
    #[track_caller]
    pub fn new() -> Self {
        if !runtime::is_running() {
            fail("a Sim needs the clock of `#[relay_runtime::test]` or `relay_runtime::testing::run`".into());
        }
        Self { setup: Setup::default(), world: OnceLock::new() }
    }

    /// Registers a workflow, with all of its triggers.
    #[track_caller]
    #[must_use]
    pub fn workflow<M>(self, workflow: impl IntoWorkflow<M>) -> Self {
        let entry = workflow.into_workflow();
        let manifest = entry.manifest();
        let registered = Workflow::new(&*manifest.name, format!("sim:{}", manifest.path));
        self.set(|setup| setup.workflows.push((entry, registered)))
    }

    /// Offers a value to the handlers, as [`ServerBuilder::state`](crate::server::ServerBuilder::state) does.
    #[track_caller]
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.set(|setup| setup.states.insert(value))
    }

    /// Adds a constant to the registration of the workflow that was named last: each of its runs has it as a variable.
    #[track_caller]
    #[must_use]
    pub fn arg(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(|setup| {
            let Some((_, workflow)) = setup.workflows.last_mut() else {
                fail("`arg` belongs to a workflow: name the workflow first".into());
            };
            workflow.args.insert(name.into(), value.into());
        })
    }

    /// Changes the settings of the platform: how strict it is, how fast devices speak, what silence brings.
    #[track_caller]
    #[must_use]
    pub fn config(self, change: impl FnOnce(&mut Config)) -> Self {
        self.set(|setup| change(&mut setup.config))
    }

    #[track_caller]
    fn set(mut self, set: impl FnOnce(&mut Setup)) -> Self {
        if self.world.get().is_some() {
            fail("the platform is running: workflows and settings come before the first device".into());
        }
        set(&mut self.setup);
        self
    }

    /// The device of this name, with everything else at its default; a new one if there is none yet.
    #[track_caller]
    pub fn device(&self, name: &str) -> Device {
        let known = self.world().lock().engine.directory().device_named(name);
        match known {
            Some(key) => Device::new(self.world().clone(), key),
            None => self.device_with(DeviceInfo::new(name, format!("id-{name}"))),
        }
    }

    /// A new device.
    ///
    /// # Panics
    ///
    /// When its name or its id is taken.
    #[track_caller]
    pub fn device_with(&self, info: DeviceInfo) -> Device {
        let world = self.world();
        let name = info.name.clone();
        let added = world.tell(|state, _| {
            let key = state.engine.add_device(info)?;
            let channel = state.engine.channel(key);
            state.people.insert(key, Senses::new(&name, channel));
            Ok::<_, relay_engine::DirectoryError>(key)
        });
        match added {
            Ok(key) => Device::new(world.clone(), key),
            Err(error) => fail(error.to_string()),
        }
    }

    /// Lets this much time pass, and then everything be done that is due.
    pub async fn advance(&self, time: Duration) {
        sleep(time).await;
        idle().await;
    }

    /// Waits until nobody has anything to do at this moment: everybody waits for a later one, or for people.
    pub async fn until_idle(&self) {
        idle().await;
    }

    /// Expects a run of a workflow to end for this reason: the first that has not been expected yet.
    #[track_caller]
    pub fn expect_stop(&self, reason: StopReason) -> Expectation {
        let expected = Expected::new(format!("a workflow to end: {reason}"));
        expected.wait(self.world().clone(), move |state| match state.ended.pop_front() {
            Some((_, found)) if found == reason => match state.failures.pop_front() {
                // The platform calls it normal: the workflow has asked to be terminated.
                Some(failure) => Verdict::Failed(failure.to_string()),
                None => Verdict::Met,
            },
            Some((name, found)) => Verdict::Failed(format!("{name} ended: {found}")),
            None => Verdict::NotYet,
        })
    }

    /// Expects a handler to fail with a message that holds this. Without it, a failing handler fails the test.
    #[track_caller]
    pub fn expect_failure(&self, part: impl Into<String>) -> Expectation {
        let part = part.into();
        let expected = Expected::new(format!("a handler to fail with {part:?}")).of_failure();
        expected.wait(self.world().clone(), move |state| match state.failures.pop_front() {
            Some(failure) if failure.why.contains(&part) => Verdict::Met,
            Some(failure) => Verdict::Failed(failure.to_string()),
            None => Verdict::NotYet,
        })
    }

    fn world(&self) -> &Arc<World> {
        self.world.get_or_init(|| {
            let Setup { workflows, states, config } = &self.setup;
            let mut ids = 0;
            let next = move || {
                ids += 1;
                ids
            };
            let world = World::new(Engine::new(config.clone(), next), states.clone());
            world.tell(|state, _| {
                for (entry, workflow) in workflows {
                    let key = state.engine.add_workflow(workflow.clone());
                    state.workflows.insert(key, entry.clone());
                }
            });
            world
        })
    }
}

impl Default for Sim {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sim").field("world", &self.world.get()).finish_non_exhaustive()
    }
}
