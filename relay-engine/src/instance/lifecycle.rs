//! From the trigger to the end of a run.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;

use relay_protocol::event;
use relay_protocol::session::{EngineSession, Timestamp};
use relay_protocol::types::{StopReason, Trigger};

use super::outlet::Outlet;
use super::{Instance, Phase};
use crate::action::{Action, Milestone, Observation};
use crate::deadlines::Deadline;
use crate::engine::Engine;
use crate::error::UnknownWorkflow;
use crate::hostile::{Hostile, Random};
use crate::interaction::Interactions;
use crate::key::{InstanceKey, WorkflowKey};
use crate::timers::Timers;
use crate::variables::Variables;

impl Engine {
    /// Starts a run of a workflow; the driver is told to dial. The trigger's `source_uri` names the device on whose
    /// behalf it runs.
    ///
    /// # Errors
    ///
    /// [`UnknownWorkflow`]: nothing was started.
    pub fn launch(
        &mut self,
        _now: Timestamp,
        registration: WorkflowKey,
        trigger: Trigger,
    ) -> Result<InstanceKey, UnknownWorkflow> {
        let workflow = Arc::clone(self.workflows.get(registration).ok_or(UnknownWorkflow)?);
        let source = trigger.args.source_uri.as_ref().and_then(|urn| urn.device());
        let device = source.and_then(|urn| self.directory.device_of(&urn));
        let random = self.hostile.as_mut().map(|random| Random::new(random.next()));
        let instance = self.instances.insert(Instance {
            id: self.ids.next(),
            registration,
            workflow: Arc::clone(&workflow),
            trigger,
            device,
            phase: Phase::Dialing,
            link: None,
            outlet: Outlet::default(),
            hostile: random.map(Hostile::new),
            held: VecDeque::new(),
            old_spelling: BTreeSet::new(),
            interactions: Interactions::default(),
            timers: Timers::default(),
            variables: Variables::new(&workflow.args),
        });
        if let Some(device) = device.and_then(|device| self.directory.device_mut(device)) {
            device.runs.insert(instance);
        }
        self.milestone(instance, Milestone::Launched);
        self.actions.push_back(Action::Dial { instance, workflow });
        Ok(instance)
    }

    /// The connection that was [dialled](Action::Dial) is open.
    pub fn handle_connected(&mut self, now: Timestamp, key: InstanceKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        if !matches!(instance.phase, Phase::Dialing) {
            return;
        }
        let mut session = EngineSession::new(now, self.config.session.clone());
        // The first message of a new session: nothing can stand in its way but its size.
        let started = session.start(now, event::Start::new(instance.trigger.clone()));
        instance.phase = Phase::Running(session);
        match started {
            Ok(()) => self.milestone(key, Milestone::Started),
            Err(_) => self.end_instance(now, key, StopReason::Error),
        }
        self.settle(now, key);
    }

    /// The connection that was [dialled](Action::Dial) could not be opened; `why` is for people.
    pub fn handle_dial_failed(&mut self, _now: Timestamp, key: InstanceKey, why: impl Into<String>) {
        if matches!(self.instances.get(key), Some(Instance { phase: Phase::Dialing, .. })) {
            self.milestone(key, Milestone::DialFailed(why.into()));
            self.release(key);
        }
    }

    /// Takes a text message.
    pub fn handle_text(&mut self, now: Timestamp, key: InstanceKey, frame: &str) {
        let Some(session) = self.instances.get_mut(key).and_then(Instance::session_mut) else { return };
        session.handle_text(now, frame);
        self.take_asked(now, key);
        self.settle(now, key);
    }

    /// Takes a binary message: read as text if it is UTF-8.
    pub fn handle_binary(&mut self, now: Timestamp, key: InstanceKey, frame: &[u8]) {
        match core::str::from_utf8(frame) {
            Ok(text) => self.handle_text(now, key, text),
            Err(_) => self.handle_pong(now, key),
        }
    }

    /// Takes a sign of life that is no message: a ping or a pong.
    pub fn handle_pong(&mut self, now: Timestamp, key: InstanceKey) {
        if let Some(session) = self.instances.get_mut(key).and_then(Instance::session_mut) {
            session.handle_pong(now);
        }
    }

    /// A message above the limit came in, which the driver refused to hold.
    pub fn handle_oversized(&mut self, now: Timestamp, key: InstanceKey, bytes: usize) {
        let Some(session) = self.instances.get_mut(key).and_then(Instance::session_mut) else { return };
        session.handle_oversized(now, bytes);
        self.settle(now, key);
    }

    /// The connection is gone; `code` is that of the peer's close frame, if there was one. Without a `stop` before it,
    /// the run ends here: nothing is known of a way back into it.
    pub fn handle_disconnect(&mut self, now: Timestamp, key: InstanceKey, code: Option<u16>) {
        let Some(session) = self.instances.get_mut(key).and_then(Instance::session_mut) else { return };
        session.handle_disconnect(now, code);
        self.settle(now, key);
    }

    /// Ends a run from the platform's side. `normal` and `error` are the reasons that workflows know.
    pub fn stop(&mut self, now: Timestamp, key: InstanceKey, reason: impl Into<StopReason>) {
        self.end_instance(now, key, reason.into());
    }

    /// Ends a run: gives back what it holds, in the order in which the workflow should hear of it, then says `stop`.
    /// Each subject cleans up here.
    pub(crate) fn end_instance(&mut self, now: Timestamp, key: InstanceKey, reason: StopReason) {
        let Some(instance) = self.instances.get(key) else { return };
        match instance.phase {
            Phase::Closing(_) => return,
            Phase::Dialing => {
                self.milestone(key, Milestone::Ended(reason));
                return self.release(key);
            }
            Phase::Running(_) => {}
        }
        // `ended` comes before `stop`: official samples terminate in its handler. Whether the real platform sends it
        // then is not known.
        self.end_interactions(now, key);
        self.stop_timers(key);
        self.refuse_held(now, key);
        self.answer_deliveries(now, key);
        let Some(instance) = self.instances.get_mut(key) else { return };
        instance.drain_outlet(now, &mut self.deadlines);
        if let Phase::Running(mut session) = core::mem::replace(&mut instance.phase, Phase::Dialing) {
            let _ = session.stop(now, reason.clone()); // refused if the connection has gone: nobody to tell
            instance.phase = Phase::Closing(session);
        }
        self.flush(key);
        self.milestone(key, Milestone::Ended(reason));
        self.settle(now, key);
    }

    /// Draws the conclusions after a session was touched: to be called at the end of every input.
    pub(crate) fn settle(&mut self, now: Timestamp, key: InstanceKey) {
        self.flush(key);
        let Some(instance) = self.instances.get_mut(key) else { return };
        if let Some(why) = instance.running_mut().and_then(|session| session.ending()) {
            let why = format!("the run ends without the workflow having asked for it: {why}");
            self.log(key, why);
            self.end_instance(now, key, StopReason::Error);
        }
        let Some(instance) = self.instances.get_mut(key) else { return };
        let Some(session) = instance.session_mut() else { return };
        if session.closed().is_some() {
            return self.release(key);
        }
        let due = session.poll_timeout().map(|(due, _)| due);
        match (instance.link, due) {
            (None, None) => {}
            // One that is too early costs one look; setting it anew with every message would cost more.
            (Some(link), Some(due)) if link.due() <= due => {}
            (link, due) => {
                if let Some(link) = link {
                    self.deadlines.cancel(link);
                }
                instance.link = due.map(|due| self.deadlines.set(due, Deadline::Link(key)));
            }
        }
    }

    pub(crate) fn link_due(&mut self, now: Timestamp, key: InstanceKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        instance.link = None;
        if let Some(session) = instance.session_mut() {
            session.handle_timeout(now);
        }
        self.settle(now, key);
    }

    pub(crate) fn gap_due(&mut self, now: Timestamp, key: InstanceKey) {
        if let Some(instance) = self.instances.get_mut(key) {
            instance.gap_over(now, key, &mut self.deadlines);
        }
        self.settle(now, key);
    }

    /// Forgets a run that is over.
    fn release(&mut self, key: InstanceKey) {
        let Some(instance) = self.instances.remove(key) else { return };
        if let Some(link) = instance.link {
            self.deadlines.cancel(link);
        }
        if let Some(device) = instance.device.and_then(|device| self.directory.device_mut(device)) {
            device.runs.remove(&key);
        }
        self.actions.push_back(Action::Release { instance: key });
    }

    fn milestone(&mut self, instance: InstanceKey, what: Milestone) {
        self.actions.push_back(Action::Observed(Observation::Instance { instance, what }));
    }
}
