//! Timers on the Relay server.

use std::time::Duration;

use relay_protocol::event::TimerFired;
use relay_protocol::request::{ClearTimer, SetTimer, StartTimer, StopTimer};
use relay_protocol::types::{TimeoutType, TimerType};

use super::{Action, Context, Next, units};

/// The timers of a session, from [`Context::timers`]. They run on the Relay server and end with the session.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context, alice: Interaction) -> Result<()> {
/// let over = cx.timers().fired("nap");
/// cx.timers().set("nap", mins(20)).await?;
/// over.await?;
/// alice.say("Wake up").await?;
/// # Ok(()) }
/// ```
///
/// All actions wait 5 s for Relay's answer.
#[derive(Debug, Clone, Copy)]
pub struct Timers<'a> {
    cx: &'a Context,
}

impl Context {
    /// Timers that run on the Relay server.
    pub fn timers(&self) -> Timers<'_> {
        Timers { cx: self }
    }
}

impl Timers<'_> {
    /// Sets a timer with a name; by our conclusion, in place of an earlier one of that name. It fires once, as
    /// [`timer_fired`](crate::event::TimerFired), unless made [repeating](Action::repeating).
    ///
    /// Milliseconds are the finest unit; less than one is rounded up.
    pub fn set(self, name: impl Into<String>, time: Duration) -> Action<SetTimer> {
        let (timeout, unit) = in_units(time);
        let body = SetTimer::new(name).kind(TimerType::Timeout).timeout(timeout).timeout_type(unit);
        Action::new(&self.cx.shared, Vec::new(), body)
    }

    /// Stops the timer with this name.
    pub fn clear(self, name: impl Into<String>) -> Action<ClearTimer> {
        Action::new(&self.cx.shared, Vec::new(), ClearTimer::new(name))
    }

    /// The next time that the timer with this name fires. Make it before the timer is set, so as not to miss that.
    pub fn fired(self, name: impl Into<String>) -> Next<TimerFired> {
        let name = name.into();
        self.cx.next().matching(move |timer: &TimerFired| timer.name == name)
    }

    /// Starts the one timer without a name, which fires as [`timer`](crate::event::Timer), by our conclusion again and
    /// again until [stopped](Self::stop). Whole seconds, rounded up.
    pub fn start(self, every: Duration) -> Action<StartTimer> {
        Action::new(&self.cx.shared, Vec::new(), StartTimer::new().timeout(units::seconds(every)))
    }

    /// Stops the timer without a name.
    pub fn stop(self) -> Action<StopTimer> {
        Action::new(&self.cx.shared, Vec::new(), StopTimer::new())
    }
}

/// Options of [`Timers::set`].
impl Action<SetTimer> {
    /// Fires again and again until it is cleared.
    pub fn repeating(self) -> Self {
        self.set(|body| body.kind = TimerType::Interval)
    }
}

/// The coarsest unit that says the time exactly, so that people who read the frames can, too.
fn in_units(time: Duration) -> (u64, TimeoutType) {
    match units::millis(time) {
        m if m > 0 && m % 3_600_000 == 0 => (m / 3_600_000, TimeoutType::Hours),
        m if m > 0 && m % 60_000 == 0 => (m / 60_000, TimeoutType::Minutes),
        m if m > 0 && m % 1_000 == 0 => (m / 1_000, TimeoutType::Seconds),
        m => (m.max(1), TimeoutType::Milliseconds),
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
