//! The runs of workflows, from the dial to the last handler.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use relay_engine::InstanceKey;
use relay_protocol::session::{Timestamp, Transmit};
use tokio::sync::mpsc::UnboundedSender;

use super::state::State;
use crate::session::{self, HandlerFailure, SessionEnd, Shared};
use crate::workflow::WorkflowEntry;

/// A run of a workflow, as long as anything is left of it.
pub(super) struct Run {
    pub(super) instance: InstanceKey,
    /// Of the session, counted from 1.
    pub(super) number: u64,
    /// What the conversation calls it: `hello`, and `hello 2` for the next one.
    pub(super) name: Arc<str>,
    /// The engine's end of the connection; gone when the engine has let go of it.
    pub(super) line: Option<UnboundedSender<Transmit>>,
    /// The workflow's end of the session; gone when it is over.
    pub(super) session: Option<Arc<Shared>>,
    /// The handlers that are running.
    pub(super) handlers: Vec<&'static str>,
}

/// A connection that the engine wants.
pub(super) struct Dial {
    pub(super) instance: InstanceKey,
    pub(super) number: u64,
    pub(super) workflow: WorkflowEntry,
}

/// A handler that failed.
pub(super) struct Failure {
    pub(super) run: Arc<str>,
    pub(super) handler: &'static str,
    pub(super) why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, handler, why } = self;
        write!(f, "{run} failed in `{handler}`: {why}")
    }
}

impl State {
    pub(super) fn run(&self, key: InstanceKey) -> Option<&Run> {
        self.runs.iter().find(|run| run.instance == key)
    }

    fn numbered(&mut self, number: u64) -> Option<&mut Run> {
        self.runs.iter_mut().find(|run| run.number == number)
    }

    /// A line of the conversation about a run.
    pub(super) fn note(&mut self, at: Duration, key: InstanceKey, what: impl Into<String>) {
        let name = self.run_name(key);
        self.conversation.add(at, &name, what);
    }

    pub(super) fn run_name(&self, key: InstanceKey) -> Arc<str> {
        self.run(key).map_or_else(|| "?".into(), |run| run.name.clone())
    }

    pub(super) fn dial(&mut self, instance: InstanceKey, workflow: &str) -> Option<Dial> {
        let (name, entry) = self.workflows.get_key_value(workflow)?;
        let (name, workflow) = (name.clone(), entry.clone());
        self.sessions_so_far += 1;
        let number = self.sessions_so_far;
        let runs = self.runs_so_far.entry(name.clone()).or_default();
        *runs += 1;
        let name = if *runs == 1 { name } else { format!("{name} {runs}").into() };
        self.runs.push(Run { instance, number, name, line: None, session: None, handlers: Vec::new() });
        Some(Dial { instance, number, workflow })
    }

    pub(super) fn connected(&mut self, now: Timestamp, dial: &Dial, line: UnboundedSender<Transmit>) {
        if let Some(run) = self.numbered(dial.number) {
            run.line = Some(line);
        }
        self.engine.handle_connected(now, dial.instance);
    }

    /// The engine is done with a run.
    pub(super) fn release(&mut self, key: InstanceKey) {
        if let Some(run) = self.runs.iter_mut().find(|run| run.instance == key) {
            run.line = None;
        }
        self.forget_finished();
    }

    // What the workflow's end of a session is doing.

    pub(super) fn session_began(&mut self, shared: &Arc<Shared>) {
        if let Some(run) = self.numbered(shared.info.number) {
            run.session = Some(shared.clone());
        }
    }

    pub(super) fn handler_started(&mut self, number: u64, handler: &'static str) {
        if let Some(run) = self.numbered(number) {
            run.handlers.push(handler);
        }
    }

    pub(super) fn handler_ended(
        &mut self,
        now: Timestamp,
        number: u64,
        handler: &'static str,
        failure: Option<&HandlerFailure>,
    ) {
        let Some(run) = self.numbered(number) else { return };
        if let Some(at) = run.handlers.iter().position(|running| *running == handler) {
            run.handlers.remove(at);
        }
        let Some(failure) = failure else { return };
        let run = run.name.clone();
        if failure.is_consequence() {
            let what = format!("gives up in `{handler}`, as the session is over");
            return self.conversation.add(now.elapsed(), &run, what);
        }
        let why = failure.to_string();
        self.conversation.add(now.elapsed(), &run, format!("FAILS in `{handler}`: {why}"));
        self.news.failures.push_back(Failure { run, handler, why });
    }

    /// Something that the test has spawned panicked.
    pub(super) fn spawned_panicked(&mut self, now: Timestamp, panic: &(dyn Any + Send)) {
        let (run, handler): (Arc<str>, _) = ("test".into(), "spawn");
        let why = format!("panicked: {}", session::panic_message(panic));
        self.conversation.add(now.elapsed(), &run, format!("FAILS in what it has spawned: {why}"));
        self.news.failures.push_back(Failure { run, handler, why });
    }

    pub(super) fn session_ended(&mut self, now: Timestamp, number: u64, end: &SessionEnd) {
        let Some(run) = self.numbered(number) else { return };
        run.session = None;
        if end.abandoned > 0 {
            let what = format!("drops {} handlers that still ran long after its end", end.abandoned);
            let name = run.name.clone();
            self.conversation.add(now.elapsed(), &name, what);
        }
        self.forget_finished();
    }

    fn forget_finished(&mut self) {
        self.runs.retain(|run| run.line.is_some() || run.session.is_some());
    }
}
