//! What the platform does in a replay, and when.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use serde_json::{Value, json};

use super::frame::replace_ids;
use super::{Asked, Requests, Side, Transcript, What};

/// How much later than in the transcript a request may come before an event that followed it then does not wait any more.
/// Less than the deadline of any request, which would pass in the meantime.
const GRACE: Duration = Duration::from_secs(2);

/// What the platform did in a transcript, to be done again. All times are since the beginning of the session.
///
/// What the platform sent is sent again at its time; the answer to a request, as long after the request as it took then. A
/// request that is made in other words gets the answer of the one that it stands for, and one that was not made at all then is
/// granted, if that can be done without knowing more.
///
/// Whoever plays it tells what the workflow says with [`hear`](Self::hear), and with [`settle`](Self::settle) that it has
/// nothing more to say at this moment; then does what is [`next`](Self::next) at its time.
#[derive(Debug)]
pub struct Script {
    steps: Vec<Step>,
    requests: Requests,
    /// By the ids of the transcript, and what else was made by chance, those of the replay.
    ids: BTreeMap<String, String>,
    /// Requests that are nowhere in the transcript, in these words at least.
    unknown: Vec<(Duration, Asked)>,
}

#[derive(Debug)]
struct Step {
    /// In the transcript.
    at: Duration,
    what: Kind,
    /// In the replay.
    done: Option<Duration>,
    /// It is a request that has not come in time, and is not waited for any more.
    given_up: bool,
}

#[derive(Debug)]
enum Kind {
    Request(Asked),
    /// An answer to the request at that step.
    Answer(usize, String),
    Event(String),
    /// The connection was closed.
    HangUp,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cue {
    /// Send this message.
    Send(String),
    /// Close the connection.
    HangUp,
}

impl Script {
    /// From the beginning.
    pub fn new(transcript: &Transcript) -> Self {
        let mut then = Requests::new(transcript.head.redacted);
        let mut steps: Vec<Step> = Vec::new();
        let mut stopped = false;
        for entry in &transcript.entries {
            let what = match &entry.what {
                What::Frame { from: Side::Workflow, text } => match then.read(text) {
                    Some(asked) => Kind::Request(asked),
                    None => continue,
                },
                What::Frame { from: Side::Engine, text } => {
                    stopped |= text.contains("wf_api_stop_event");
                    match answered(text, &steps) {
                        Some(step) => Kind::Answer(step, text.clone()),
                        None => Kind::Event(text.clone()),
                    }
                }
                What::Lost(_) => break, // what follows makes no sense without it
                // After a stop, the workflow's side hangs up.
                What::Ended(_) if !stopped => Kind::HangUp,
                _ => continue,
            };
            steps.push(Step { at: entry.at, what, done: None, given_up: false });
        }
        let requests = Requests::new(transcript.head.redacted);
        Self { steps, requests, ids: BTreeMap::new(), unknown: Vec::new() }
    }

    /// The workflow says something.
    pub fn hear(&mut self, now: Duration, frame: &str) {
        let Some(asked) = self.requests.read(frame) else { return };
        match self.find(|open| open.target == asked.target && open.what == asked.what) {
            Some(step) => self.found(now, step, asked),
            None => self.unknown.push((now, asked)),
        }
    }

    /// Nobody has anything to say at this moment: looks for what requests in other words stand for. What comes back is said
    /// in answer to those that stand for nothing.
    pub fn settle(&mut self) -> Vec<String> {
        let mut frames = Vec::new();
        for (at, asked) in core::mem::take(&mut self.unknown) {
            let alike = self.find(|open| open.name == asked.name && open.target == asked.target);
            match alike.or_else(|| self.find(|open| open.name == asked.name)) {
                Some(step) => self.found(at, step, asked),
                None => frames.extend(granted(&asked)),
            }
        }
        frames
    }

    /// The first request that is not made yet and fits.
    fn find(&self, fits: impl Fn(&Asked) -> bool) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| matches!(&step.what, Kind::Request(open) if step.done.is_none() && fits(open)))
    }

    fn found(&mut self, now: Duration, step: usize, asked: Asked) {
        if let Kind::Request(then) = &self.steps[step].what {
            self.ids.insert(then.id.clone(), asked.id);
            self.ids.extend(then.random.iter().cloned().zip(asked.random));
        }
        self.steps[step].done = Some(now);
    }

    /// When something is to be done next, and which step that is.
    pub fn next(&self) -> Option<(Duration, usize)> {
        let answers = self.steps.iter().enumerate().filter_map(|(n, step)| match &step.what {
            Kind::Answer(to, _) if step.done.is_none() => {
                let asked = &self.steps[*to];
                Some((asked.done? + step.at.saturating_sub(asked.at), n))
            }
            _ => None,
        });
        answers.chain(self.next_event()).min()
    }

    /// Events come in their order, each as long after what was before it as it did then.
    fn next_event(&self) -> Option<(Duration, usize)> {
        let is_event =
            |step: &Step| matches!(step.what, Kind::Event(_) | Kind::HangUp) && step.done.is_none();
        let event = self.steps.iter().position(is_event)?;
        let before = &self.steps[..event];
        let last = before.iter().filter_map(|step| Some((step.done?, step.at))).max();
        let (done, at) = last.unwrap_or_default();
        let due = done + self.steps[event].at.saturating_sub(at);
        let waits = before.iter().any(|step| match step.what {
            Kind::Request(_) => step.done.is_none() && !step.given_up,
            Kind::Answer(to, _) => step.done.is_none() && self.steps[to].done.is_some(),
            _ => false,
        });
        Some((if waits { due + GRACE } else { due }, event))
    }

    /// Does a step.
    pub fn take(&mut self, now: Duration, step: usize) -> Cue {
        if !matches!(self.steps[step].what, Kind::Answer(..)) {
            self.steps[..step].iter_mut().for_each(|step| step.given_up = true);
        }
        self.steps[step].done = Some(now);
        match &self.steps[step].what {
            Kind::Answer(_, frame) | Kind::Event(frame) => {
                Cue::Send(replace_ids(frame, |id| self.ids.get(id).cloned()))
            }
            Kind::HangUp | Kind::Request(_) => Cue::HangUp,
        }
    }
}

/// The step of the request that a message belongs to: that it answers, that it names, or that has caused it.
fn answered(frame: &str, steps: &[Step]) -> Option<usize> {
    let message: Value = serde_json::from_str(frame).ok()?;
    let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default();
    let texts: Vec<&str> = message.as_object()?.values().filter_map(Value::as_str).collect();
    let causes: &[&str] = match (text("_type"), text("type")) {
        ("wf_api_stop_event", _) => &["terminate"],
        ("wf_api_interaction_lifecycle_event", "started" | "failed") => &["start_interaction"],
        ("wf_api_interaction_lifecycle_event", "ended") => &["end_interaction", "terminate"],
        ("wf_api_timer_event", _) => &["start_timer"],
        ("wf_api_timer_fired_event", _) => &["set_timer"],
        _ => &[],
    };
    let last = |fits: &dyn Fn(&Asked) -> bool| {
        steps.iter().rposition(|step| matches!(&step.what, Kind::Request(asked) if fits(asked)))
    };
    let named = format!("\"name\":{}", Value::from(text("name")));
    let is_cause = |asked: &Asked| causes.contains(&&*asked.name);
    last(&|asked| texts.contains(&&*asked.id))
        .or_else(|| last(&|asked| is_cause(asked) && asked.what.contains(&named)))
        .or_else(|| last(&is_cause))
}

/// What a platform says to a request that nothing is known about: mostly that it is done.
fn granted(asked: &Asked) -> Vec<String> {
    let Asked { id, name, .. } = asked;
    let response = json!({"_type": format!("wf_api_{name}_response"), "_id": id, "id": id});
    let frames = match &**name {
        "terminate" => vec![json!({"_type": "wf_api_stop_event", "reason": "normal"})],
        "say" | "play" => {
            let stopped = json!({"_type": "wf_api_prompt_event", "type": "stopped", "id": id});
            vec![response, stopped]
        }
        "listen" | "start_interaction" => {
            let error = "this was not asked for when the transcript was written, and has no answer there";
            vec![json!({"_type": "wf_api_error_response", "_id": id, "error": error})]
        }
        _ => vec![response],
    };
    frames.into_iter().map(|frame| frame.to_string()).collect()
}
