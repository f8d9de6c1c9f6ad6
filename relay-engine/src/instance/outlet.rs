//! The one place where messages leave an instance: whatever is to go wrong on purpose can go wrong here.
//!
//! Some official SDKs begin to wait for the event that follows a response only after they have handled the response, and
//! miss it if both arrive in one read. So after each response the events that follow are held back for a moment. They
//! never overtake each other, and never wait longer than that moment.

use alloc::collections::VecDeque;
use alloc::format;
use core::time::Duration;

use relay_protocol::Event;
use relay_protocol::session::{EngineSession, Misuse, Timestamp, Token, Transmit};

use super::{Instance, Reply};
use crate::action::{Action, Observation};
use crate::deadlines::{Deadline, DeadlineKey, Deadlines};
use crate::engine::Engine;
use crate::key::InstanceKey;
use crate::refusal::Refusal;

/// Events on their way out.
#[derive(Debug, Default)]
pub(super) struct Outlet {
    held: VecDeque<(Timestamp, Event)>,
    /// No event leaves before this, the time of the last response and a bit.
    quiet_until: Timestamp,
    /// A request that is being carried out: its response leaves before any event.
    answering: Option<Token>,
    opens: Option<DeadlineKey>,
}

impl Outlet {
    /// Keeps events back until the response is out, and for `gap` longer.
    pub(super) fn answering(&mut self, now: Timestamp, request: Token, gap: Duration) {
        self.answering = Some(request);
        self.quiet_until = now + gap;
    }

    fn ready(&self, now: Timestamp) -> bool {
        self.answering.is_none() && self.held.is_empty() && self.quiet_until <= now
    }
}

impl Instance {
    /// Sends what was held long enough, and sees to it that the rest is sent in time.
    pub(super) fn open_outlet(&mut self, now: Timestamp, key: InstanceKey, deadlines: &mut Deadlines) {
        if self.outlet.answering.is_some() {
            return;
        }
        while self.outlet.held.front().is_some_and(|(at, _)| *at <= now)
            && let Some((_, event)) = self.outlet.held.pop_front()
        {
            self.send(now, event);
        }
        if let (None, Some((at, _))) = (self.outlet.opens, self.outlet.held.front()) {
            self.outlet.opens = Some(deadlines.set(*at, Deadline::Gap(key)));
        }
    }

    /// Sends everything at once: nothing comes after it.
    pub(super) fn drain_outlet(&mut self, now: Timestamp, deadlines: &mut Deadlines) {
        for (_, event) in core::mem::take(&mut self.outlet.held) {
            self.send(now, event);
        }
        if let Some(opens) = self.outlet.opens.take() {
            deadlines.cancel(opens);
        }
    }

    /// Takes back events that are held. A response does not wait for what was held before it, so that without this a
    /// timer could fire after the answer to the request that stopped it.
    pub(crate) fn retract(&mut self, which: impl Fn(&Event) -> bool) {
        self.outlet.held.retain(|(_, event)| !which(event));
    }

    pub(super) fn gap_over(&mut self, now: Timestamp, key: InstanceKey, deadlines: &mut Deadlines) {
        self.outlet.opens = None;
        self.open_outlet(now, key, deadlines);
    }

    fn send(&mut self, now: Timestamp, event: Event) {
        // Refused only when the session is over, which makes the event worthless, or for an event above the message
        // limit, which no event reaches: each is smaller than a request that was below it.
        let _ = self.running_mut().map(|session| session.emit(now, event));
    }
}

impl Engine {
    /// Tells a running workflow something of which the engine does not know by itself: what nobody knows the cause of, as
    /// `audio` and `resume`, or what somebody else carries out. In order with the other events.
    pub fn report(&mut self, now: Timestamp, instance: InstanceKey, event: impl Into<Event>) {
        self.emit(now, instance, event);
    }

    /// Tells the workflow that something happened.
    pub(crate) fn emit(&mut self, now: Timestamp, key: InstanceKey, event: impl Into<Event>) {
        let Some(instance) = self.instances.get_mut(key).filter(|instance| instance.is_running()) else {
            return;
        };
        let outlet = &mut instance.outlet;
        if outlet.ready(now) {
            instance.send(now, event.into());
            return self.flush(key);
        }
        let at = outlet.held.back().map_or(outlet.quiet_until, |(at, _)| outlet.quiet_until.max(*at));
        outlet.held.push_back((at, event.into()));
        if outlet.answering.is_none() && outlet.opens.is_none() {
            outlet.opens = Some(self.deadlines.set(at, Deadline::Gap(key)));
        }
    }

    /// Answers a request, at once or later.
    pub(crate) fn respond(
        &mut self,
        now: Timestamp,
        key: InstanceKey,
        token: Token,
        answer: Result<Reply, Refusal>,
    ) {
        let gap = self.config.response_gap;
        let Some(instance) = self.instances.get_mut(key) else { return };
        let Some(session) = instance.running_mut() else { return };
        let sent = match answer {
            Ok(Reply::Now(response)) => session.respond(now, token, *response),
            Ok(Reply::Later) => Ok(()),
            Err(refusal) => session.refuse(now, token, &format!("{refusal}")),
        };
        instance.outlet.quiet_until = now + gap;
        instance.outlet.answering.take_if(|request| *request == token);
        instance.open_outlet(now, key, &mut self.deadlines);
        if let Err(Misuse::TooLarge { bytes, limit }) = sent {
            let refusal =
                Refusal::limit_exceeded(format!("the answer has {bytes} bytes, {limit} are allowed"));
            return self.respond(now, key, token, Err(refusal));
        }
        self.flush(key);
    }

    /// Says that a request is still being worked on.
    pub(crate) fn progress(&mut self, now: Timestamp, key: InstanceKey, token: Token) {
        if let Some(session) = self.instances.get_mut(key).and_then(Instance::running_mut) {
            let _ = session.progress(now, token); // refused only when the session is over
        }
        self.flush(key);
    }

    /// Hands what the session has to say to the driver.
    pub(super) fn flush(&mut self, key: InstanceKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        while let Some(transmit) = instance.session_mut().and_then(EngineSession::poll_transmit) {
            let transmit = match transmit {
                Transmit::Text(frame) if !instance.old_spelling.is_empty() => {
                    Transmit::Text(instance.spelled(frame))
                }
                other => other,
            };
            match (&mut instance.hostile, transmit) {
                (Some(hostile), Transmit::Text(frame)) => {
                    let frames = hostile.disturb(frame).into_iter().map(Transmit::Text);
                    let send = |transmit| Action::Transmit { instance: key, transmit };
                    self.actions.extend(frames.map(send));
                }
                (_, transmit) => self.actions.push_back(Action::Transmit { instance: key, transmit }),
            }
        }
    }

    pub(crate) fn log(&mut self, instance: InstanceKey, message: alloc::string::String) {
        self.actions.push_back(Action::Observed(Observation::Log { instance, message }));
    }
}
