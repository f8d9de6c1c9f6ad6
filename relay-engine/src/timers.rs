//! The timers that workflows set.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::sync::Arc;
use core::time::Duration;

use relay_protocol::session::Timestamp;
use relay_protocol::types::{TimeoutType, TimerType};
use relay_protocol::{Event, event, request, response};

use crate::deadlines::{Deadline, DeadlineKey};
use crate::engine::Engine;
use crate::instance::{Ask, Instance};
use crate::key::InstanceKey;
use crate::refusal::Refusal;

/// The timers of one instance.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    unnamed: Option<Running>,
    named: BTreeMap<Arc<str>, Running>,
}

#[derive(Debug)]
struct Running {
    due: DeadlineKey,
    /// For those that fire again and again.
    period: Option<Duration>,
}

impl Engine {
    pub(crate) fn start_timer(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        start: request::StartTimer,
    ) -> Result<response::StartTimer, Refusal> {
        let period = self.period(start.timeout, &TimeoutType::Seconds)?;
        self.stop_timer(ask);
        let due = self.deadlines.set(now + period, Deadline::Unnamed(ask.instance));
        if let Some(instance) = self.instances.get_mut(ask.instance) {
            // Official samples start it once and count: by our conclusion it goes on until it is stopped.
            instance.timers.unnamed = Some(Running { due, period: Some(period) });
        }
        Ok(response::StartTimer::new())
    }

    pub(crate) fn stop_timer(&mut self, ask: &Ask) -> response::StopTimer {
        if let Some(instance) = self.instances.get_mut(ask.instance) {
            if let Some(running) = instance.timers.unnamed.take() {
                self.deadlines.cancel(running.due);
            }
            instance.retract(|event| matches!(event, Event::Timer(_)));
        }
        response::StopTimer::new()
    }

    pub(crate) fn set_timer(
        &mut self,
        now: Timestamp,
        ask: &Ask,
        set: request::SetTimer,
    ) -> Result<response::SetTimer, Refusal> {
        let strict = self.config.strict();
        if let (TimerType::Unknown(word), true) = (&set.kind, strict) {
            return Err(Refusal::invalid_value(format!("a timer is a timeout or an interval, got {word:?}")));
        }
        let time = self.period(set.timeout, &set.timeout_type)?;
        let limit = self.config.max_timers;
        let Some(instance) = self.instances.get_mut(ask.instance) else {
            return Ok(response::SetTimer::new());
        };
        let named = &mut instance.timers.named;
        if named.len() >= limit && !named.contains_key(&*set.name) {
            return Err(Refusal::limit_exceeded(format!("{limit} named timers are running")));
        }
        instance.retract_timer(&set.name);
        let named = &mut instance.timers.named;
        let name: Arc<str> = set.name.into();
        let due = self.deadlines.set(now + time, Deadline::Named(ask.instance, Arc::clone(&name)));
        let period = (set.kind == TimerType::Interval).then_some(time);
        if let Some(replaced) = named.insert(name, Running { due, period }) {
            self.deadlines.cancel(replaced.due);
        }
        Ok(response::SetTimer::new())
    }

    pub(crate) fn clear_timer(&mut self, ask: &Ask, clear: &request::ClearTimer) -> response::ClearTimer {
        // One that fired a moment ago is as good as cleared, so that a missing one is no error.
        if let Some(instance) = self.instances.get_mut(ask.instance) {
            if let Some(running) = instance.timers.named.remove(&*clear.name) {
                self.deadlines.cancel(running.due);
            }
            instance.retract_timer(&clear.name);
        }
        response::ClearTimer::new()
    }

    /// Stops all timers of an instance.
    pub(crate) fn stop_timers(&mut self, key: InstanceKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        let Timers { unnamed, named } = core::mem::take(&mut instance.timers);
        for running in unnamed.into_iter().chain(named.into_values()) {
            self.deadlines.cancel(running.due);
        }
    }

    pub(crate) fn unnamed_due(&mut self, now: Timestamp, key: InstanceKey, due: DeadlineKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        let Some(running) = &mut instance.timers.unnamed else { return };
        if let Some(next) = running.next(now, due) {
            running.due = self.deadlines.set(next, Deadline::Unnamed(key));
        }
        // Without a name: the official Java SDK loses an event that has one.
        self.emit(now, key, Event::from(event::Timer::new()));
    }

    pub(crate) fn named_due(&mut self, now: Timestamp, key: InstanceKey, name: Arc<str>, due: DeadlineKey) {
        let Some(instance) = self.instances.get_mut(key) else { return };
        let Some(running) = instance.timers.named.get_mut(&*name) else { return };
        match running.next(now, due) {
            Some(next) => running.due = self.deadlines.set(next, Deadline::Named(key, Arc::clone(&name))),
            None => _ = instance.timers.named.remove(&*name),
        }
        self.emit(now, key, event::TimerFired::new(&*name));
    }

    /// How long a timer runs.
    fn period(&self, timeout: u64, unit: &TimeoutType) -> Result<Duration, Refusal> {
        let strict = self.config.strict();
        if strict && timeout == 0 {
            return Err(Refusal::invalid_value("a timer runs for at least 1, got 0"));
        }
        let time = match unit {
            TimeoutType::Milliseconds => Duration::from_millis(timeout),
            TimeoutType::Minutes => Duration::from_secs(timeout.saturating_mul(60)),
            TimeoutType::Hours => Duration::from_secs(timeout.saturating_mul(3600)),
            TimeoutType::Unknown(word) if strict => {
                return Err(Refusal::invalid_value(format!(
                    "the unit of a timer is ms, secs, mins or hrs, got {word:?}"
                )));
            }
            _ => Duration::from_secs(timeout),
        };
        Ok(time.max(self.config.min_timer).max(Duration::from_millis(1)))
    }
}

impl Instance {
    fn retract_timer(&mut self, name: &str) {
        self.retract(|event| matches!(event, Event::TimerFired(fired) if fired.name == name));
    }
}

impl Running {
    /// When it fires next, having fired for `due`. It keeps its rhythm, but does not make up for what it missed.
    fn next(&self, now: Timestamp, due: DeadlineKey) -> Option<Timestamp> {
        let period = self.period?;
        let next = due.due() + period;
        Some(if next > now { next } else { now + period })
    }
}
