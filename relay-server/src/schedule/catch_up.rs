//! What is made up for when the server was down, or late.

use std::collections::VecDeque;
use std::time::Duration;

use super::Timer;
use crate::model::{Schedule, UnixMs};

/// What is made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long ago a time may be. Default: one hour.
    pub window: Duration,
    /// How many times at once, the latest of them. Default: 10.
    pub most: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { window: Duration::from_secs(3600), most: 10 }
    }
}

/// What becomes of the times that have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatchUp {
    /// Those that fire, in order.
    pub fire: Vec<UnixMs>,
    /// Those that were missed, if any were.
    pub missed: Option<Missed>,
    /// Where the timer is then.
    pub then: Schedule,
}

/// Times that were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// The first of them.
    pub first: UnixMs,
    /// The last of them.
    pub last: UnixMs,
    /// How many they are.
    pub count: u64,
}

impl Timer {
    /// What becomes of the times up to now, of which `at` is the first that has not been dealt with.
    pub fn catch_up(&self, at: Schedule, now: UnixMs, patience: Patience) -> CatchUp {
        let (mut fire, mut missed, mut then) = (VecDeque::new(), None, at);
        while let Some(due) = then.next
            && due <= now
        {
            let over = if due < now - patience.window {
                Some(due)
            } else {
                fire.push_back(due);
                if fire.len() > patience.most { fire.pop_front() } else { None }
            };
            if let Some(over) = over {
                missed = Some(Missed::and(missed, over));
            }
            then = self.step(due, then.past);
        }
        CatchUp { fire: fire.into(), missed, then }
    }
}

impl Missed {
    fn and(earlier: Option<Self>, last: UnixMs) -> Self {
        match earlier {
            None => Self { first: last, last, count: 1 },
            Some(earlier) => Self { last, count: earlier.count + 1, ..earlier },
        }
    }
}

impl std::fmt::Display for Missed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { first, last, count } = self;
        match count {
            1 => write!(f, "{first} had passed"),
            count => write!(f, "{count} times had passed, from {first} to {last}"),
        }
    }
}
