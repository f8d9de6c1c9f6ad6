//! Why a timer cannot be registered.

/// Why a timer cannot be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimerError {
    /// Not a time, or one with a zone of its own.
    #[error("{key} is {text:?}, not a time such as 2027-01-04T08:00:00; the zone stands in timezone")]
    Time {
        /// `start_time` or `until`.
        key: &'static str,
        /// What stood there.
        text: String,
    },
    /// Not a zone that we know.
    #[error("there is no time zone {0:?}; use a name such as Europe/Berlin or UTC")]
    Zone(String),
    /// A number that makes no sense.
    #[error("{key} is {number}, but has to be from 1 to {most}")]
    Number {
        /// `interval` or `count`.
        key: &'static str,
        /// What stood there.
        number: u64,
        /// The greatest that is allowed.
        most: u64,
    },
    /// It says how to repeat, but not what.
    #[error("{0} needs a frequency: minutely, hourly, daily, weekly, monthly or yearly")]
    NoFrequency(&'static str),
    /// All that it says has passed, or never comes.
    #[error("the timer would never fire: after {0} there is no time that fits")]
    Never(String),
}
