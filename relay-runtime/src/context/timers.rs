//! Timers on the Relay server.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use relay_protocol::request::{self, ClearTimer, StartTimer, StopTimer};
use relay_protocol::types::{TimeoutType, TimerType};

use super::Context;
use super::interaction::action;
use crate::error::Result;
use crate::session::Operation;

/// The timers of a session, from [`Context::timers`]. They run on the Relay server and end with the session.
#[derive(Debug, Clone, Copy)]
pub struct Timers<'a> {
    cx: &'a Context,
}

impl<'a> Timers<'a> {
    pub(super) fn new(cx: &'a Context) -> Self {
        Self { cx }
    }

    /// Sets a timer with a name, in place of an earlier one of that name. It fires once, as `timer_fired`, unless made
    /// [repeating](SetTimer::repeating).
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(cx: Context) -> Result<()> {
    /// cx.timers().set("nap", mins(20)).await?;
    /// cx.timers().set("poll", secs(30)).repeating().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Milliseconds are the finest unit; less than one is rounded up.
    pub fn set(self, name: impl Into<String>, time: Duration) -> SetTimer {
        let (timeout, unit) = in_units(time);
        let body =
            request::SetTimer::new(name.into()).kind(TimerType::Timeout).timeout(timeout).timeout_type(unit);
        SetTimer(self.cx.operation(Vec::new(), body, |_, _| Ok(())))
    }

    /// Stops the timer with this name. One that is not set is no error.
    pub async fn clear(self, name: impl Into<String>) -> Result<()> {
        self.cx.operation(Vec::new(), ClearTimer::new(name.into()), |_, _| Ok(())).await
    }

    /// Starts the one timer without a name, which fires as `timer`, by our conclusion again and again until
    /// [stopped](Self::stop). Whole seconds, rounded up.
    pub async fn start(self, every: Duration) -> Result<()> {
        let seconds = every.as_secs() + u64::from(every.subsec_nanos() > 0);
        self.cx.operation(Vec::new(), StartTimer::new().timeout(seconds), |_, _| Ok(())).await
    }

    /// Stops the timer without a name.
    pub async fn stop(self) -> Result<()> {
        self.cx.operation(Vec::new(), StopTimer::new(), |_, _| Ok(())).await
    }
}

/// The coarsest unit that says the time exactly, so that people who read the frames can, too.
fn in_units(time: Duration) -> (u64, TimeoutType) {
    let millis = u64::try_from(time.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    match millis {
        m if m > 0 && m % 3_600_000 == 0 => (m / 3_600_000, TimeoutType::Hours),
        m if m > 0 && m % 60_000 == 0 => (m / 60_000, TimeoutType::Minutes),
        m if m > 0 && m % 1_000 == 0 => (m / 1_000, TimeoutType::Seconds),
        m => (m.max(1), TimeoutType::Milliseconds),
    }
}

/// A timer being set; await it. Made by [`Timers::set`].
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct SetTimer(Operation<request::SetTimer, ()>);

action!(SetTimer -> ());

impl SetTimer {
    /// Fires again and again until it is cleared.
    pub fn repeating(mut self) -> Self {
        self.0.body.kind = TimerType::Interval;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_the_coarsest_exact_unit() {
        for (time, expected) in [
            (Duration::from_secs(7200), (2, TimeoutType::Hours)),
            (Duration::from_secs(90 * 60), (90, TimeoutType::Minutes)),
            (Duration::from_secs(61), (61, TimeoutType::Seconds)),
            (Duration::from_millis(1500), (1500, TimeoutType::Milliseconds)),
            (Duration::from_micros(1), (1, TimeoutType::Milliseconds)),
            (Duration::ZERO, (1, TimeoutType::Milliseconds)),
        ] {
            assert_eq!(in_units(time), expected, "{time:?}");
        }
    }
}
