//! Putting a simulation together.

mod console;
mod course;
mod recording;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use relay_engine::{Config, DeviceInfo, Engine, Fault, Geofence, Mode, Workflow};
use relay_protocol::urn::GroupUrn;

use super::device::Device;
use super::registrations::Registered;
use super::seed::Seed;
use super::senses::Senses;
use super::world::World;
use super::{fail, runtime};
use crate::extract::States;
use crate::workflow::{IntoWorkflow, OnHandlerError};

/// The Relay platform in memory, with your workflows and the people of your test.
///
/// Workflows, values and settings come first; the first device or other use fixes them.
pub struct Sim {
    setup: Setup,
    world: OnceLock<Arc<World>>,
}

#[derive(Default)]
struct Setup {
    workflows: Vec<Registered>,
    states: States,
    config: Config,
    on_handler_error: OnHandlerError,
}

/// Setting up.
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
        let mut setup = Setup::default();
        setup.config.hostile = Seed::of_this_test().0;
        setup.config.session.ping_interval = None; // see `World::new`
        Self { setup, world: OnceLock::new() }
    }

    /// Registers a workflow, for all of its triggers and all devices.
    #[track_caller]
    #[must_use]
    pub fn workflow<M>(self, workflow: impl IntoWorkflow<M>) -> Self {
        let workflow = Registered::new(workflow.into_workflow());
        self.set(|setup| {
            if setup.workflows.iter().any(|known| known.name() == workflow.name()) {
                fail(format!("there are two workflows named {:?}", workflow.name()));
            }
            setup.workflows.push(workflow);
        })
    }

    /// Adds constants to the registration of the workflow named last: each of its runs has them as variables.
    #[track_caller]
    #[must_use]
    pub fn args<N: Into<String>, V: Into<String>>(self, args: impl IntoIterator<Item = (N, V)>) -> Self {
        let args = args.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.registration(|workflow| workflow.args.extend(args))
    }

    /// Changes the registration of the workflow named last in any way.
    #[track_caller]
    #[must_use]
    pub fn registration(self, change: impl FnOnce(&mut Workflow)) -> Self {
        self.set(|setup| match setup.workflows.last_mut() {
            Some(registered) => change(&mut registered.workflow),
            None => fail("this belongs to a workflow: name the workflow first".into()),
        })
    }

    /// Offers a value to the handlers, as [`ServerBuilder::state`](crate::server::ServerBuilder::state) does.
    #[track_caller]
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(self, value: T) -> Self {
        self.set(|setup| setup.states.insert(value))
    }

    /// What happens when a handler returns an error, as
    /// [`ServerBuilder::on_handler_error`](crate::server::ServerBuilder::on_handler_error) says it. The test
    /// [expects](Self::expect_failure) the failure in any case.
    #[track_caller]
    #[must_use]
    pub fn on_handler_error(self, policy: OnHandlerError) -> Self {
        self.set(|setup| setup.on_handler_error = policy)
    }

    /// Lets the platform refuse what the documentation does not allow, with errors that teach. By default it makes the
    /// best of what it can understand.
    #[track_caller]
    #[must_use]
    pub fn strict(self) -> Self {
        self.config(|config| config.mode = Mode::Strict)
    }

    /// Lets the platform be difficult [as this seed decides](super#a-difficult-platform), and not as the name of the test
    /// or the environment does.
    #[track_caller]
    #[must_use]
    pub fn hostile(self, seed: u64) -> Self {
        self.config(|config| config.hostile = Some(seed))
    }

    /// Lets the platform behave well: one order of keys, nothing that could be left out.
    #[track_caller]
    #[must_use]
    pub fn well_behaved(self) -> Self {
        self.config(|config| config.hostile = None)
    }

    /// Changes the settings of the platform: how fast devices speak, what silence brings, how often alerts are repeated.
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

    /// The platform, running from now on.
    pub(super) fn world(&self) -> &Arc<World> {
        self.world.get_or_init(|| {
            let Setup { workflows, states, config, on_handler_error } = &self.setup;
            let mut ids = 0;
            let next = move || {
                ids += 1;
                ids
            };
            let world = World::new(Engine::new(config.clone(), next), states.clone());
            world.tell(|state, _| {
                let mut free_longitude = 0.0;
                for registered in workflows {
                    let rules = registered.register(&mut state.engine, &mut free_longitude);
                    state.rules.extend(rules);
                    let policy = registered.entry.policy(on_handler_error);
                    let entry = registered.entry.clone().on_handler_error(policy);
                    state.workflows.insert(registered.name().into(), entry);
                }
            });
            world
        })
    }
}

/// What there is on the platform.
impl Sim {
    /// The device of this name; a new one if there is none yet, with everything else at its default.
    #[track_caller]
    pub fn device(&self, name: &str) -> Device {
        let known = self.world().lock().engine.directory().device_named(name);
        match known {
            Some(key) => Device::new(self.world().clone(), key),
            None => self.device_with(name, |_| {}),
        }
    }

    /// A new device, with something changed from the default.
    ///
    /// ```
    /// # use relay_runtime::testing::Sim;
    /// # relay_runtime::testing::run(async {
    /// let sim = Sim::new();
    /// let alice = sim.device_with("Alice", |info| {
    ///     info.location_enabled = true;
    ///     info.battery = 20;
    /// });
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// When there is a device of this name, or of this id.
    #[track_caller]
    pub fn device_with(&self, name: &str, change: impl FnOnce(&mut DeviceInfo)) -> Device {
        let mut info = DeviceInfo::new(name, format!("id-of-{name}"));
        change(&mut info);
        let added = self.world().tell(|state, _| {
            let name = info.name.clone();
            let key = state.engine.add_device(info)?;
            let channel = state.engine.channel(key);
            state.people.insert(key, Senses::new(&name, channel));
            Ok::<_, relay_engine::DirectoryError>(key)
        });
        match added {
            Ok(key) => Device::new(self.world().clone(), key),
            Err(error) => fail(error.to_string()),
        }
    }

    /// A group of these devices.
    ///
    /// # Panics
    ///
    /// When there is a group of this name.
    #[track_caller]
    pub fn group<'a>(&self, name: &str, members: impl IntoIterator<Item = &'a Device>) -> GroupUrn {
        let added = self.world().tell(|state, _| {
            let group = state.engine.add_group(name, format!("id-of-{name}"))?;
            for member in members {
                state.engine.add_member(group, member.key())?;
            }
            Ok::<_, relay_engine::DirectoryError>(())
        });
        match (added, GroupUrn::name(name)) {
            (Ok(()), Ok(urn)) => urn,
            (Err(error), _) => fail(error.to_string()),
            (_, Err(error)) => fail(error.to_string()),
        }
    }

    /// Makes an NFC tag known, with what it says: `type`, `category`, `label` and whatever else.
    pub fn tag<K: Into<String>, V: Into<String>>(
        &self,
        uid: &str,
        content: impl IntoIterator<Item = (K, V)>,
    ) {
        let content = content.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self.world().tell(|state, _| state.engine.add_tag(uid, content));
    }

    /// Makes an area on the map known. Those that workflows are registered for are known without that, somewhere.
    pub fn geofence(&self, id: &str, geofence: Geofence) {
        self.world().tell(|state, _| state.engine.add_geofence(id, geofence));
    }

    /// Makes a position in a venue known, under a label. Those that workflows are registered for are known without that,
    /// with their id as label.
    pub fn position(&self, venue: &str, position: &str, label: &str) {
        self.world().tell(|state, _| state.engine.add_position(venue, position, label));
    }

    /// Makes a sound file known, and how long it is. In the strict mode there is no other; else unknown ones take 2 s.
    pub fn sound(&self, name: &str, length: Duration) {
        self.world().tell(|state, _| state.engine.add_sound(name, length));
    }

    /// Lets something go wrong with the next request of this name: `say`, `terminate`.
    ///
    /// ```
    /// # use relay_runtime::testing::{Fault, Sim};
    /// # relay_runtime::testing::run(async {
    /// let sim = Sim::new();
    /// sim.inject("say", Fault::Refuse("out of breath".into()));
    /// # });
    /// ```
    pub fn inject(&self, request: &str, fault: Fault) {
        self.world().tell(|state, _| state.engine.inject(Some(request), fault, 1));
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
