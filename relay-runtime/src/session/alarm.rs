//! What wakes a session when nothing comes.

use std::pin::Pin;
use std::task::{Context, Waker};

use relay_protocol::session::Timestamp;
use tokio::time::Sleep;

use super::Shared;

/// Armed for the session's next deadline, or earlier: a wake-up too many is cheaper than arming it for each request.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<(Timestamp, Pin<Box<Sleep>>)>);

impl Alarm {
    /// Whether it is time to look at the deadlines, of which `due` is the next; else wakes `waker` when it is.
    pub(super) fn rings(&mut self, due: Timestamp, shared: &Shared, waker: &Waker) -> bool {
        let sleep = match &mut self.0 {
            // It knows the waker already.
            Some((armed, sleep)) if *armed <= due => return sleep.is_elapsed() && self.0.take().is_some(),
            Some((armed, sleep)) => {
                *armed = due;
                sleep.as_mut().reset(shared.instant(due));
                sleep
            }
            none => &mut none.insert((due, Box::pin(tokio::time::sleep_until(shared.instant(due))))).1,
        };
        sleep.as_mut().poll(&mut Context::from_waker(waker)).is_ready() && self.0.take().is_some()
    }

    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}
