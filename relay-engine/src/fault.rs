//! What can go wrong with requests, on purpose: for tests of workflow sides.

use alloc::collections::VecDeque;
use alloc::string::{String, ToString};
use core::time::Duration;

use relay_protocol::session::{Asked, Timestamp};
use serde_json::Value;

use crate::deadlines::{Deadline, DeadlineKey};
use crate::engine::Engine;
use crate::hostile::code_points;
use crate::instance::Instance;
use crate::key::InstanceKey;
use crate::refusal::Refusal;

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is carried out later.
    Delay(Duration),
    /// It is lost: never carried out, never answered.
    Drop,
    /// It is carried out after the next request of its run; after a second if there is none.
    Reorder,
    /// It is refused in these words.
    Refuse(String),
    /// The workflow is told so often to be patient before it is answered.
    Progress(u32),
    /// Texts in its answer are lists of code points, as engines of old wrote them.
    CodePoints,
    /// The connection breaks.
    Disconnect,
}

/// How long a request waits to be overtaken.
const OVERTAKEN: Duration = Duration::from_secs(1);

/// A fault that waits for its request.
#[derive(Debug)]
pub(crate) struct Planned {
    /// The name of the request; any if `None`.
    request: Option<String>,
    fault: Fault,
    times: u32,
}

/// A request that is carried out later.
#[derive(Debug)]
pub(crate) struct Held {
    due: DeadlineKey,
    /// The next one comes first.
    overtaken: bool,
    asked: Asked,
}

impl Engine {
    /// Plans a fault for the next requests of this name (`say`, `terminate`), or of any name if `None`. Of several that
    /// fit, the one planned first happens.
    pub fn inject(&mut self, request: Option<&str>, fault: Fault, times: u32) {
        if times > 0 {
            self.faults.push(Planned { request: request.map(ToString::to_string), fault, times });
        }
    }

    /// Forgets all faults that have not happened.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Lets a planned fault happen to what a workflow asked. Comes back if it is to be carried out now.
    pub(crate) fn spoil(&mut self, now: Timestamp, key: InstanceKey, asked: Asked) -> Option<Asked> {
        let name = match &asked {
            Asked::Request { request, .. } => request.name(),
            Asked::Terminate => "terminate",
            _ => return Some(asked),
        };
        let fits = |planned: &Planned| planned.request.as_ref().is_none_or(|request| request == name);
        let at = self.faults.iter().position(fits);
        let Some((at, planned)) = at.and_then(|at| Some((at, self.faults.get_mut(at)?))) else {
            return Some(asked);
        };
        planned.times -= 1;
        let fault = planned.fault.clone();
        if planned.times == 0 {
            self.faults.remove(at);
        }
        match (fault, &asked) {
            (Fault::Delay(time), _) => self.hold(now + time, key, false, asked),
            (Fault::Reorder, _) => self.hold(now + OVERTAKEN, key, true, asked),
            (Fault::Drop, _) => {}
            (Fault::Refuse(words), Asked::Request { token, .. }) => {
                self.respond(now, key, *token, Err(Refusal::in_words(words)));
            }
            (Fault::Progress(times), Asked::Request { token, .. }) => {
                (0..times).for_each(|_| self.progress(now, key, *token));
                return Some(asked);
            }
            (Fault::CodePoints, Asked::Request { id, .. }) => {
                if let Some(instance) = self.instances.get_mut(key) {
                    instance.old_spelling.insert(id.clone());
                }
                return Some(asked);
            }
            (Fault::Disconnect, _) => self.handle_disconnect(now, key, None),
            (Fault::Refuse(_) | Fault::Progress(_) | Fault::CodePoints, _) => return Some(asked), // a termination has no answer
        }
        None
    }

    /// What waited to be overtaken has been.
    pub(crate) fn release_overtaken(&mut self, now: Timestamp, key: InstanceKey) {
        while let Some(held) = self.take_held(key, |held| held.overtaken) {
            self.deadlines.cancel(held.due);
            self.take(now, key, held.asked);
        }
    }

    pub(crate) fn held_due(&mut self, now: Timestamp, key: InstanceKey, due: DeadlineKey) {
        if let Some(held) = self.take_held(key, |held| held.due == due) {
            self.take(now, key, held.asked);
            self.settle(now, key);
        }
    }

    /// The run is over: what it asked and is not carried out yet will never be.
    pub(crate) fn refuse_held(&mut self, now: Timestamp, key: InstanceKey) {
        while let Some(held) = self.take_held(key, |_| true) {
            self.deadlines.cancel(held.due);
            if let Asked::Request { token, .. } = held.asked {
                self.respond(now, key, token, Err(Refusal::ended("the run is over")));
            }
        }
    }

    fn hold(&mut self, until: Timestamp, key: InstanceKey, overtaken: bool, asked: Asked) {
        if let Some(instance) = self.instances.get_mut(key) {
            let due = self.deadlines.set(until, Deadline::Held(key));
            instance.held.push_back(Held { due, overtaken, asked });
        }
    }

    fn take_held(&mut self, key: InstanceKey, which: impl Fn(&Held) -> bool) -> Option<Held> {
        let held: &mut VecDeque<Held> = &mut self.instances.get_mut(key)?.held;
        held.remove(held.iter().position(which)?)
    }
}

impl Instance {
    /// A message as it leaves: with its texts as lists of code points, if it is an answer that a fault wants so.
    pub(crate) fn spelled(&mut self, frame: String) -> String {
        let Ok(Value::Object(mut answer)) = serde_json::from_str::<Value>(&frame) else { return frame };
        let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default();
        if !text("_type").ends_with("_response") || !self.old_spelling.remove(text("_id")) {
            return frame;
        }
        // A count is text that holds a number; no engine is known to have spelled that so.
        for (_, value) in answer.iter_mut().filter(|(key, _)| !key.starts_with('_') && *key != "count") {
            *value = code_points(value);
        }
        Value::Object(answer).to_string()
    }
}
