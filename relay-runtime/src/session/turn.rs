//! When the driver's task must be woken, and when it need not be.

use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Waker;

use futures_util::task::AtomicWaker;

/// One poll of the driver's task.
///
/// Nearly all that calls the driver happens in its own turn: an answer that was read wakes the handler that waits for it,
/// and the handler queues its next request. To wake the task for that would poll it once more for nothing. So a call
/// during a turn is noted, and makes the turn longer if its handlers have had their time; and what is queued before the
/// part of the turn that writes it needs no call at all.
#[derive(Debug)]
pub(crate) struct Turn {
    task: AtomicWaker,
    phase: AtomicU8,
}

/// Between turns: a call wakes the task.
const ASLEEP: u8 = 0;
/// What is queued will still be written.
const OPEN: u8 = 1;
/// What is queued is written. Whoever calls now is late.
const OUTPUT: u8 = 2;
/// Somebody called.
const CALLED: u8 = 3;

impl Turn {
    /// The first turn is a called one: everything is to be looked at once.
    pub(super) fn new() -> Self {
        Self { task: AtomicWaker::new(), phase: AtomicU8::new(CALLED) }
    }

    /// The task is polled.
    pub(super) fn begin(&self, task: &Waker) {
        self.task.register(task);
        let _ = self.phase.compare_exchange(ASLEEP, OPEN, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Whether somebody called since this was last asked.
    pub(super) fn take_call(&self) -> bool {
        self.phase.swap(OPEN, Ordering::AcqRel) == CALLED
    }

    /// From here on, what is queued may have come too late.
    pub(super) fn write_output(&self) {
        let _ = self.phase.compare_exchange(OPEN, OUTPUT, Ordering::AcqRel, Ordering::Acquire);
    }

    /// Whether the turn is over; else somebody called, and there is another round.
    pub(super) fn end(&self) -> bool {
        self.phase.compare_exchange(OUTPUT, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// A handler can go on.
    pub(super) fn call(&self) {
        if self.phase.swap(CALLED, Ordering::AcqRel) == ASLEEP {
            self.task.wake();
        }
    }

    /// Something waits to be written. Told after it was queued, so that the output to come sees it, or has begun and
    /// this is late.
    pub(crate) fn queued(&self) {
        if self.phase.load(Ordering::Acquire) != OPEN {
            self.call();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A turn after the first, which is called.
    fn begun() -> (Turn, Arc<Count>) {
        let (turn, count) = (Turn::new(), Arc::new(Count::default()));
        turn.begin(&count.clone().into());
        assert!(turn.take_call());
        (turn, count)
    }

    #[test]
    fn a_call_between_turns_wakes_the_task_once_and_is_noted() {
        let (turn, wakes) = begun();
        turn.write_output();
        assert!(turn.end());
        turn.call();
        turn.queued();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        turn.begin(Waker::noop());
        assert!(turn.take_call());
    }

    #[test]
    fn what_the_turn_still_looks_at_wakes_nobody() {
        let (turn, wakes) = begun();
        turn.call();
        assert!(turn.take_call());
        turn.queued();
        assert!(!turn.take_call());
        turn.write_output();
        assert!(turn.end());
        assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_comes_too_late_in_a_turn_makes_it_longer() {
        for (in_handlers, in_output) in [(true, false), (false, true)] {
            let (turn, wakes) = begun();
            if in_handlers {
                turn.call();
            }
            turn.write_output();
            if in_output {
                turn.queued();
            }
            assert!(!turn.end());
            assert!(turn.take_call());
            turn.write_output();
            assert!(turn.end());
            assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
        }
    }
}
