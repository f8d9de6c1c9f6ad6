//! When a timer fires: pure functions of a registration and a time.
//!
//! What the registration says is a first time, a zone, and perhaps a repetition, in the words of iCalendar. How we read
//! it where it leaves a choice:
//!
//! - Days, weeks, months and years are counted on the calendar: 08:00 stays 08:00 when the clocks change. Minutes and
//!   hours are counted by elapsed time: each hour is one hour after the one before.
//! - A time that the clocks skip is moved on by as much as they skip: 02:30 becomes 03:30. Of a time that comes twice, the
//!   first is meant.
//! - What a month or a year does not have is left out: the 31st comes seven times a year.
//! - Weekdays limit minutes, hours and days. In weeks, months and years each of them comes. All seven mean that none were
//!   chosen, since the official command line always sends all seven, and its weekly timers would be daily ones.
//! - Weeks begin on Monday. The last time, `until`, is included.
//! - `count` counts from the first time on, whether the server ran or not.
//! - Without a zone, times are UTC.

mod catch_up;
mod error;
mod rule;
mod timer;

pub use catch_up::{CatchUp, Missed, Patience};
pub use error::TimerError;
pub use timer::Timer;
