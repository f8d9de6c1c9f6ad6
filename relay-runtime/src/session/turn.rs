//! When the driver's task must be woken, and when it need not be.

use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Waker;

use futures_util::task::AtomicWaker;

/// One poll of the driver's task.
///
/// Nearly all that calls the driver happens in its own turn: an answer that was read wakes the handler that waits for it,
/// and the handler queues its next request. To wake the task for that would poll it once more for nothing. So a call
/// during a turn makes the turn longer, and one that comes before the part of the turn that looks at it anyway does
/// nothing.
#[derive(Debug)]
pub(crate) struct Turn {
    task: AtomicWaker,
    phase: AtomicU8,
}

/// Between turns: a call wakes the task.
const ASLEEP: u8 = 0;
/// Handlers run. What they queue is looked at when they have run.
const HANDLERS: u8 = 1;
/// What is queued is written. Whoever calls now is late.
const OUTPUT: u8 = 2;
/// Somebody called; or the turn has only begun, and all is still to come.
const CALLED: u8 = 3;

impl Turn {
    pub(super) fn new() -> Self {
        Self { task: AtomicWaker::new(), phase: AtomicU8::new(ASLEEP) }
    }

    /// The task is polled.
    pub(super) fn begin(&self, task: &Waker) {
        self.task.register(task);
        self.phase.swap(CALLED, Ordering::AcqRel);
    }

    /// From here on, calls of handlers are heard.
    pub(super) fn run_handlers(&self) {
        self.phase.swap(HANDLERS, Ordering::AcqRel);
    }

    /// From here on, what is queued may have come too late.
    pub(super) fn write_output(&self) {
        let _ = self.phase.compare_exchange(HANDLERS, OUTPUT, Ordering::AcqRel, Ordering::Acquire);
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
        if self.phase.load(Ordering::Acquire) != HANDLERS {
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

    fn turn() -> (Turn, Arc<Count>, Waker) {
        let count = Arc::new(Count::default());
        (Turn::new(), count.clone(), count.into())
    }

    #[test]
    fn a_call_between_turns_wakes_the_task_once() {
        let (turn, wakes, task) = turn();
        turn.begin(&task);
        turn.run_handlers();
        turn.write_output();
        assert!(turn.end());
        turn.call();
        turn.queued();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn what_the_turn_still_looks_at_needs_no_call() {
        let (turn, wakes, task) = turn();
        turn.begin(&task);
        turn.call();
        turn.run_handlers();
        turn.queued();
        turn.write_output();
        assert!(turn.end());
        assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_comes_too_late_in_a_turn_makes_it_longer() {
        for (in_handlers, in_output) in [(true, false), (false, true)] {
            let (turn, wakes, task) = turn();
            turn.begin(&task);
            turn.run_handlers();
            if in_handlers {
                turn.call();
            }
            turn.write_output();
            if in_output {
                turn.queued();
            }
            assert!(!turn.end());
            turn.run_handlers();
            turn.write_output();
            assert!(turn.end());
            assert_eq!(wakes.0.load(Ordering::Relaxed), 0);
        }
    }
}
