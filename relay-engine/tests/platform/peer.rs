//! What one workflow may expect: a model of a run, told everything that is sent, which fails on anything else.

use std::collections::{BTreeMap, BTreeSet};

use relay_protocol::codec::{FromEngine, from_engine};
use relay_protocol::types::{LifecycleType, NotificationType, PromptType, TimerType};
use relay_protocol::{Event, Request, Response, event, request};

/// One run, as its workflow sees it.
#[derive(Debug, Default)]
pub(crate) struct Peer {
    started: bool,
    pub(crate) stopped: bool,
    asked: BTreeMap<String, Asked>,
    /// By the URN of the interaction.
    legs: BTreeMap<String, LifecycleType>,
    unnamed_timer: bool,
    timers: BTreeMap<String, TimerType>,
    alerts: BTreeSet<String>,
    incidents: BTreeSet<String>,
    /// Whether it is over, by id and side.
    calls: BTreeMap<(String, String), bool>,
    inbox_plays: usize,
}

#[derive(Debug)]
struct Asked {
    request: Request,
    expect: Expect,
    answers: usize,
    accepted: bool,
    /// How each prompt ended, by the URN of the interaction.
    prompts: BTreeMap<String, Option<PromptType>>,
    speeches: usize,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expect {
    Answer,
    /// A fault has lost it.
    Silence,
    /// A fault has it refused.
    Refusal,
}

impl Peer {
    pub(crate) fn asks(&mut self, id: String, request: Request, expect: Expect) {
        // Somebody may acknowledge it before all of the others have got it, and so before the answer.
        if let Request::Notification(request::Notification { kind: NotificationType::Alert, name, .. }) =
            &request
        {
            self.alerts.insert(name.clone());
        }
        let (answers, accepted, prompts, speeches) = (0, false, BTreeMap::new(), 0);
        let asked = Asked { request, expect, answers, accepted, prompts, speeches };
        self.asked.insert(id, asked);
    }

    /// The calls that it has heard of and that are not over.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &str> {
        self.calls.iter().filter(|(_, over)| !**over).map(|((id, _), _)| id.as_str())
    }

    pub(crate) fn incidents(&self) -> impl Iterator<Item = &str> {
        self.incidents.iter().map(String::as_str)
    }

    /// Takes a message.
    pub(crate) fn hears(&mut self, frame: &str) {
        assert!(!self.stopped, "after stop: {frame}");
        match from_engine(frame) {
            FromEngine::Event(Event::Start(_)) => {
                assert!(!core::mem::replace(&mut self.started, true), "started twice");
            }
            message => {
                assert!(self.started, "before start: {frame}");
                match message {
                    FromEngine::Event(event) => self.event(&event),
                    FromEngine::Response { id, response } => self.answer(&id, Some(response)),
                    // Requests have ids with an r; what else has one was garbage.
                    FromEngine::Refused { id, .. } | FromEngine::Progress { id } if !id.starts_with('r') => {}
                    FromEngine::Refused { id, error } => {
                        self.answer(&id, None);
                        let refused = self.asked[&*id].expect == Expect::Refusal;
                        assert_eq!(refused, error == "no luck", "{error}");
                    }
                    FromEngine::Progress { id } => assert!(self.asked.contains_key(&*id), "progress of {id}"),
                    FromEngine::Unrecognised(message) => {
                        assert_eq!(message.kind.as_deref(), Some("wf_api_weather_event"), "{frame}");
                    }
                }
            }
        }
    }

    fn answer(&mut self, id: &str, response: Option<Response>) {
        let asked = self.asked.get_mut(id).unwrap_or_else(|| panic!("nobody asked {id}"));
        asked.answers += 1;
        assert_eq!(asked.answers, 1, "answered again: {asked:?}");
        assert_ne!(asked.expect, Expect::Silence, "{asked:?}");
        let Some(response) = response else { return };
        asked.accepted = true;
        assert_eq!(response.name(), asked.request.name());
        match (&asked.request, response) {
            (Request::PlayInboxMessages(_), _) => self.inbox_plays += 1,
            (Request::StartTimer(_), _) => self.unnamed_timer = true,
            (Request::StopTimer(_), _) => self.unnamed_timer = false,
            (Request::SetTimer(set), _) => _ = self.timers.insert(set.name.clone(), set.kind.clone()),
            (Request::ClearTimer(clear), _) => _ = self.timers.remove(&clear.name),
            (_, Response::CreateIncident(created)) => _ = self.incidents.insert(created.incident_id),
            (Request::ResolveIncident(resolve), _) => _ = self.incidents.remove(&resolve.incident_id),
            _ => {}
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Stop(_) => {
                let open: Vec<_> = self.legs.iter().filter(|(_, kind)| is_open(kind)).collect();
                assert!(open.is_empty(), "still open at the stop: {open:?}");
                let ignored = |asked: &&Asked| asked.answers == 0 && asked.expect != Expect::Silence;
                let ignored: Vec<_> = self.asked.values().filter(ignored).collect();
                assert!(ignored.is_empty(), "never answered: {ignored:?}");
                self.stopped = true;
            }
            Event::InteractionLifecycle(event) => self.lifecycle(event),
            Event::Prompt(prompt) => self.prompt(prompt),
            Event::Speech(speech) => {
                let asked = self.asked.get_mut(speech.request_id.as_ref().unwrap()).unwrap();
                asked.speeches += 1;
                assert_eq!((asked.answers, asked.speeches), (1, 1), "{asked:?}");
            }
            Event::Button(button) => {
                let source = button.source_uri.as_ref().unwrap().to_string();
                assert_eq!(self.legs.get(&source), Some(&LifecycleType::Resumed), "{source}");
            }
            Event::Timer(_) => assert!(self.unnamed_timer, "no timer is set"),
            Event::TimerFired(fired) => match self.timers.get(&fired.name) {
                Some(TimerType::Interval) => {}
                Some(_) => _ = self.timers.remove(&fired.name),
                None => panic!("no timer {:?} is set", fired.name),
            },
            Event::Notification(news) => {
                let state = &news.notification_state;
                assert!(self.alerts.contains(&news.name), "{news:?}");
                assert!(!state.acknowledged.is_empty(), "{news:?}");
                let closed = [&state.acknowledged, &state.cancelled, &state.timed_out];
                let mut closed: Vec<_> = closed.into_iter().flatten().collect();
                assert!(closed.iter().all(|name| state.created.contains(name)), "{news:?}");
                let all = closed.len();
                closed.sort();
                closed.dedup();
                assert_eq!(closed.len(), all, "each has reacted once: {news:?}");
            }
            Event::Incident(incident) => {
                assert!(self.incidents.remove(&incident.incident_id), "{incident:?}")
            }
            Event::PlayInboxMessage(_) => {
                self.inbox_plays = self.inbox_plays.checked_sub(1).expect("nobody asked for it");
            }
            Event::CallReceived(call) => self.call(&call.call_id, call.direction.as_str(), false),
            Event::CallProgressing(call) => self.call(&call.call_id, call.direction.as_str(), false),
            Event::CallRinging(call) => self.call(&call.call_id, call.direction.as_str(), false),
            Event::CallConnected(call) => self.call(&call.call_id, call.direction.as_str(), false),
            Event::CallDisconnected(call) => self.call(&call.call_id, call.direction.as_str(), true),
            Event::CallFailed(call) => self.call(&call.call_id, call.direction.as_str(), true),
            Event::CallStartRequest(_) => {}
            event => panic!("{event:?}"),
        }
    }

    fn lifecycle(&mut self, event: &event::InteractionLifecycle) {
        let source = event.source_uri.to_string();
        let before = self.legs.insert(source, event.kind.clone());
        let fits = match event.kind {
            LifecycleType::Started | LifecycleType::Failed => {
                before.as_ref().is_none_or(|kind| !is_open(kind))
            }
            LifecycleType::Resumed => {
                matches!(before, Some(LifecycleType::Started | LifecycleType::Suspended))
            }
            LifecycleType::Suspended => before == Some(LifecycleType::Resumed),
            LifecycleType::Ended => before.as_ref().is_some_and(is_open),
            _ => false,
        };
        assert!(fits, "{before:?} and then {event:?}");
    }

    fn prompt(&mut self, prompt: &event::Prompt) {
        // Of the others nobody knows which they are.
        let Some(id) = &prompt.id else { return };
        let asked = self.asked.get_mut(id).unwrap_or_else(|| panic!("a prompt of nobody: {prompt:?}"));
        assert_eq!(asked.answers, 1, "before the answer: {prompt:?}");
        let source = prompt.source_uri.as_ref().unwrap().to_string();
        let now = (prompt.kind != PromptType::Started).then(|| prompt.kind.clone());
        let before = asked.prompts.insert(source, now);
        let over = before.clone().flatten().is_some();
        let again = before.is_some() && prompt.kind == PromptType::Started;
        assert!(!over && !again, "{before:?} and then {prompt:?}");
    }

    fn call(&mut self, id: &str, side: &str, over: bool) {
        let before = self.calls.insert((id.into(), side.into()), over);
        assert_ne!(before, Some(true), "the call {id} is over");
    }

    /// Time enough has passed for everything to be over, and the run still goes on.
    pub(crate) fn at_rest(&self) {
        for asked in self.asked.values() {
            let answered = usize::from(asked.expect != Expect::Silence);
            assert_eq!(asked.answers, answered, "{asked:?}");
            assert!(asked.prompts.values().all(Option::is_some), "{asked:?}");
            let listened = asked.accepted && matches!(asked.request, Request::Listen(_));
            assert_eq!(asked.speeches, usize::from(listened), "{asked:?}");
        }
        assert_eq!(self.inbox_plays, 0, "inbox");
    }
}

fn is_open(kind: &LifecycleType) -> bool {
    matches!(kind, LifecycleType::Started | LifecycleType::Resumed | LifecycleType::Suspended)
}
