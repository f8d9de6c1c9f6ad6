//! Operations that wait for their end.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::{CloseReason, Timestamp};
use crate::types::{LifecycleType, PromptType};
use crate::urn::ResourceId;
use crate::{Ends, Event, Request, RequestBody, Response, Urn};

/// How long to wait for a request, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestOptions {
    /// What ends the operation.
    pub until: Ends,
    /// How long the response may take. Progress starts the time anew.
    pub response: Duration,
    /// How long the ending event may take once the response is there; `None` waits as long as the session lives.
    pub event: Option<Duration>,
}

impl RequestOptions {
    /// Waits for the response only, as long as the schema says.
    pub fn response_to<R: RequestBody>() -> Self {
        Self { until: Ends::Response, response: R::TIMEOUT, event: None }
    }

    /// Waits for what really ends the operation.
    pub fn end_of<R: RequestBody>() -> Self {
        Self { until: R::ENDS, response: R::TIMEOUT, event: R::EVENT_TIMEOUT }
    }

    /// Waits this long for the response.
    #[must_use]
    pub fn response_within(mut self, time: Duration) -> Self {
        self.response = time;
        self
    }

    /// Waits this long, from the response on, for the event that ends the operation.
    #[must_use]
    pub fn event_within(mut self, time: Option<Duration>) -> Self {
        self.event = time;
        self
    }

    pub(super) fn no_longer_than(self, time: Duration) -> Self {
        let event = self.event.map_or(time, |event| event.min(time));
        Self { response: self.response.min(time), event: Some(event), ..self }
    }
}

/// How an operation ended.
pub type Outcome = Result<Reply, Failure>;

/// What an operation brought.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Reply {
    /// The response. `None` when the ending event came first, or when there is none (`terminate`).
    pub response: Option<Response>,
    /// The event that ended the operation, if it waits for one.
    pub event: Option<Event>,
}

/// Why an operation failed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// The engine refused the request.
    Refused {
        /// Its words; no list of codes is known.
        error: String,
    },
    /// The engine took the request, then said that it could not be carried out: the prompt or the interaction failed.
    Failed {
        /// Its words, if it gave any.
        reason: Option<String>,
    },
    /// No response in time.
    NoResponse {
        /// How long was waited since the request or the last progress.
        after: Duration,
    },
    /// A response, but not the event that ends the operation.
    NoEnd {
        /// How long was waited since the response or the last progress.
        after: Duration,
    },
    /// The session ended first.
    Closed(CloseReason),
}

impl core::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { error } => write!(f, "refused by Relay: {error}"),
            Self::Failed { reason: Some(reason) } => write!(f, "failed: {reason}"),
            Self::Failed { reason: None } => f.write_str("failed, the engine does not say why"),
            Self::NoResponse { after } => write!(f, "no response within {after:?}"),
            Self::NoEnd { after } => write!(f, "accepted, but not done within {after:?}"),
            Self::Closed(reason) => write!(f, "the session ended: {reason}"),
        }
    }
}

/// An operation that waits, as [`operations`](super::WorkflowSession::operations) shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation<'a> {
    /// The name of its request.
    pub request: &'static str,
    /// The first target, if it has one.
    pub target: Option<&'a Urn>,
    /// Whether the response is there, so that only the event is missing which really ends it.
    pub accepted: bool,
}

/// One operation that waits.
#[derive(Debug)]
pub(super) struct Pending {
    request: &'static str,
    response_type: &'static str,
    options: RequestOptions,
    /// The first target, to recognise events that do not carry the request's id.
    target: Option<Urn>,
    /// Whether a prompt must still end there.
    plays_on_target: bool,
    /// Further targets where a prompt must still end.
    others: Vec<Urn>,
    /// Name of the interaction being started.
    interaction: Option<String>,
    /// How many prompts must still end: one for each target.
    prompts_left: usize,
    response: Option<Response>,
    responded: bool,
    pub(super) deadline: Option<Timestamp>,
}

impl Pending {
    pub(super) fn new<R: RequestBody>(
        now: Timestamp,
        target: &[Urn],
        body: &R,
        options: RequestOptions,
    ) -> Self {
        let mut pending = Self {
            request: R::NAME,
            response_type: R::RESPONSE,
            interaction: (options.until == Ends::Started)
                .then(|| body.clone().into())
                .and_then(interaction_name),
            options,
            target: target.first().cloned(),
            plays_on_target: true,
            others: match options.until {
                Ends::Prompt => target.iter().skip(1).cloned().collect(),
                _ => Vec::new(),
            },
            prompts_left: target.len().max(1),
            response: None,
            responded: false,
            deadline: None,
        };
        pending.rearm(now);
        pending
    }

    pub(super) fn show(&self) -> Operation<'_> {
        Operation { request: self.request, target: self.target.as_ref(), accepted: self.responded }
    }

    pub(super) fn expects(&self, response: &Response) -> bool {
        !self.responded && response.type_name() == self.response_type
    }

    /// Takes the response. `Some` when it ends the operation.
    pub(super) fn respond(&mut self, now: Timestamp, response: Response) -> Option<Reply> {
        if self.options.until == Ends::Response {
            return Some(Reply { response: Some(response), event: None });
        }
        self.responded = true;
        self.response = Some(response);
        self.rearm(now);
        None
    }

    /// Starts the running deadline anew.
    pub(super) fn rearm(&mut self, now: Timestamp) {
        let time = if self.awaits_event() { self.options.event } else { Some(self.options.response) };
        self.deadline = time.map(|time| now + time);
    }

    /// Whether the response is there, or none will come: `terminate` has none.
    fn awaits_event(&self) -> bool {
        self.responded || self.options.until == Ends::Stop
    }

    pub(super) fn timed_out(&self) -> Failure {
        match self.options.event {
            Some(after) if self.awaits_event() => Failure::NoEnd { after },
            _ => Failure::NoResponse { after: self.options.response },
        }
    }

    /// Ends the operation with the event that it waited for.
    pub(super) fn end(&mut self, event: &Event) -> Outcome {
        match event {
            Event::Prompt(prompt) if prompt.kind == PromptType::Failed => {
                return Err(Failure::Failed { reason: None });
            }
            Event::InteractionLifecycle(lifecycle) if lifecycle.kind == LifecycleType::Failed => {
                return Err(Failure::Failed { reason: lifecycle.reason.clone() });
            }
            _ => {}
        }
        // Only these carry what the caller asked for.
        let event = match self.options.until {
            Ends::Speech | Ends::Started | Ends::Stop => Some(event.clone()),
            _ => None,
        };
        Ok(Reply { response: self.response.take(), event })
    }

    pub(super) fn waits_for(&self, ends: Ends) -> bool {
        self.options.until == ends
    }

    /// Counts a prompt that stopped. True when it was the last: a say to three interactions stops three times.
    pub(super) fn prompt_stopped(&mut self, source: Option<&Urn>) -> bool {
        if let Some(source) = source {
            // What stops there next is another prompt.
            self.plays_on_target &= !self.is_on_target(source);
            self.others.retain(|target| !target.same_resource(source));
        }
        self.prompts_left = self.prompts_left.saturating_sub(1);
        self.prompts_left == 0
    }

    /// Whether `source` is where this operation still plays its prompt.
    pub(super) fn plays_on(&self, source: &Urn) -> bool {
        self.plays_on_target && self.is_on_target(source)
            || self.others.iter().any(|target| target.same_resource(source))
    }

    fn is_on_target(&self, source: &Urn) -> bool {
        self.target.as_ref().is_some_and(|target| target.same_resource(source))
    }

    /// Whether `source` may be the interaction that this operation starts or ends.
    pub(super) fn concerns(&self, source: &Urn) -> bool {
        match &self.interaction {
            Some(name) => {
                source.interaction_name().as_deref() == Some(name)
                    && self.target.as_ref().is_none_or(|target| may_be_on(target, source))
            }
            None => self.is_on_target(source),
        }
    }
}

fn interaction_name(request: Request) -> Option<String> {
    match request {
        Request::StartInteraction(start) => Some(start.name),
        _ => None,
    }
}

/// Whether the interaction `source` may be on the device `target`. A name and an id cannot be compared, nor a group and
/// one of its devices: then it may.
fn may_be_on(target: &Urn, source: &Urn) -> bool {
    if source.is_plainly_on(target) {
        return true;
    }
    let (Some(wanted), Some(found)) = (target.device(), source.device()) else { return true };
    match (wanted.id(), found.id()) {
        (Some(ResourceId::Name(a)), Some(ResourceId::Name(b))) => {
            a == b || a.to_lowercase() == b.to_lowercase()
        }
        (Some(ResourceId::Id(a)), Some(ResourceId::Id(b))) => a == b,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;
    use crate::request::Say;

    fn on(device: &str) -> Urn {
        let text = format!(
            "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3A{device}"
        );
        Urn::parse(text).unwrap()
    }

    #[test]
    fn a_prompt_on_several_is_over_when_it_has_stopped_on_each_wherever_first() {
        let targets = [on("Alice"), on("Bob")];
        for (first, last) in [("Alice", "Bob"), ("Bob", "Alice")] {
            let options = RequestOptions::end_of::<Say>();
            let mut say = Pending::new(Timestamp::ZERO, &targets, &Say::new("hello"), options);
            assert!(say.plays_on(&on(first)) && say.plays_on(&on(last)) && !say.plays_on(&on("Carol")));
            assert!(!say.prompt_stopped(Some(&on(first))));
            assert!(!say.plays_on(&on(first)), "what stops there next is another prompt");
            assert!(say.plays_on(&on(last)));
            assert!(say.prompt_stopped(Some(&on(last))));
        }
    }

    #[test]
    fn an_interaction_is_on_its_device_however_that_is_escaped_and_on_no_other() {
        let device = |name| Urn::parse(format!("urn:relay-resource:name:device:{name}")).unwrap();
        for (name, escaped, same) in [
            ("Alice", "Alice", true),
            ("Alice", "ALICE", true),
            ("Front%20desk", "Front%2520desk", true),
            ("Front%20desk", "Front%20desk", true),
            ("Alice", "Al", false),
            ("Al", "Alice", false),
        ] {
            assert_eq!(may_be_on(&device(name), &on(escaped)), same, "{name} {escaped}");
        }
    }

    #[test]
    fn a_longest_wait_cuts_what_is_longer_or_without_end_and_nothing_else() {
        let second = Duration::from_secs(1);
        let options = RequestOptions::response_to::<Say>().response_within(2 * second).event_within(None);
        let cut = options.no_longer_than(second);
        assert_eq!((cut.response, cut.event), (second, Some(second)));
        assert_eq!(cut.no_longer_than(2 * second), cut);
    }
}
