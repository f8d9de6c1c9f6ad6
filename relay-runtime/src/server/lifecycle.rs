//! The phases of a server and the count of its sessions, kept together so that "draining and empty" is one look.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{info, warn};

use super::Limits;
use crate::session::Closing;

/// Where a server is in its life. Phases only move forward; some may be skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// New sessions are taken.
    Serving,
    /// New sessions are refused with HTTP 503; running ones go on, for at most [`Limits::drain_timeout`].
    Draining,
    /// The port is closed; running sessions are being closed with code 1001, for at most [`Limits::close_timeout`].
    Closing,
    /// What still runs is cut off.
    Aborting,
    /// No session runs any more and `serve` has returned or is about to.
    Stopped,
}

#[derive(Debug, Clone, Copy)]
struct State {
    phase: Phase,
    sessions: usize,
}

/// Shared by the accept loop, every connection and every handle.
#[derive(Debug)]
pub(super) struct Lifecycle {
    state: watch::Sender<State>,
    closing: Closing,
}

impl Lifecycle {
    pub(super) fn new() -> Arc<Self> {
        let state = State { phase: Phase::Serving, sessions: 0 };
        Arc::new(Self { state: watch::Sender::new(state), closing: Closing::default() })
    }

    pub(super) fn phase(&self) -> Phase {
        self.state.borrow().phase
    }

    pub(super) fn sessions(&self) -> usize {
        self.state.borrow().sessions
    }

    /// Said when [`Phase::Closing`] begins.
    pub(super) fn closing(&self) -> &Closing {
        &self.closing
    }

    /// Moves on to `phase`, unless the server is already there or further.
    pub(super) fn advance_to(&self, phase: Phase) {
        self.state.send_if_modified(|state| {
            let forward = phase > state.phase;
            state.phase = state.phase.max(phase);
            forward
        });
        if phase >= Phase::Closing {
            self.closing.say();
        }
    }

    /// Moves on by one step, up to [`Phase::Aborting`]: what a signal does.
    pub(super) fn advance(&self) {
        match self.phase() {
            Phase::Serving => self.advance_to(Phase::Draining),
            Phase::Draining => self.advance_to(Phase::Closing),
            Phase::Closing | Phase::Aborting | Phase::Stopped => self.advance_to(Phase::Aborting),
        }
    }

    /// Counts one more session, if the server takes any and has room.
    pub(super) fn admit(self: &Arc<Self>, max_sessions: usize) -> Result<Slot, NotAdmitted> {
        let mut verdict = Ok(());
        self.state.send_if_modified(|state| {
            verdict = match state {
                State { phase, .. } if *phase > Phase::Serving => Err(NotAdmitted::Draining),
                State { sessions, .. } if *sessions >= max_sessions => Err(NotAdmitted::Full),
                State { sessions, .. } => {
                    *sessions += 1;
                    Ok(())
                }
            };
            false // Nobody waits for sessions to begin.
        });
        verdict.map(|()| Slot { lifecycle: self.clone() })
    }

    /// Completes when the server is in `phase` or further.
    pub(super) async fn reached(&self, phase: Phase) {
        self.until(|state| state.phase >= phase).await;
    }

    /// Waits for the shutdown to begin and leads it through its phases. Completes when no session is left or those
    /// that are left have to be aborted.
    pub(super) async fn shut_down(&self, limits: &Limits) {
        self.reached(Phase::Draining).await;
        let sessions = Sessions(self.sessions());
        match self.phase() {
            Phase::Draining if sessions.0 > 0 => info!(
                "shutting down: new sessions are refused, {sessions} may go on for {:?}; the next signal closes them",
                limits.drain_timeout
            ),
            _ => info!("shutting down"),
        }
        if self.settle(Phase::Closing, limits.drain_timeout).await {
            return;
        }
        let sessions = Sessions(self.sessions());
        if self.phase() == Phase::Closing {
            info!(
                "closing {sessions} with code 1001, for at most {:?}; the next signal aborts them",
                limits.close_timeout
            );
        }
        if self.settle(Phase::Aborting, limits.close_timeout).await {
            return;
        }
        warn!("aborting {}", Sessions(self.sessions()));
    }

    /// Waits until no session is left, which is the answer `true`, or until `next` begins, which it does by itself
    /// after `limit`.
    async fn settle(&self, next: Phase, limit: Duration) -> bool {
        let over = self.until(|state| state.sessions == 0 || state.phase >= next);
        if timeout(limit, over).await.is_err() {
            self.advance_to(next);
        }
        self.sessions() == 0
    }

    async fn until(&self, condition: impl Fn(&State) -> bool) {
        // It fails only if the sender is gone, and the sender is `self`.
        let _ = self.state.subscribe().wait_for(|state| condition(state)).await;
    }
}

/// Why a session cannot begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotAdmitted {
    Draining,
    Full,
}

/// The place of one session in the count; dropping it, in whatever way the session ends, frees it.
#[derive(Debug)]
pub(super) struct Slot {
    lifecycle: Arc<Lifecycle>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.lifecycle.state.send_if_modified(|state| {
            state.sessions -= 1;
            state.sessions == 0
        });
    }
}

/// "1 session", "2 sessions".
struct Sessions(usize);

impl std::fmt::Display for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} session{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// The default limits: 30 s to drain, 5 s to close.
    fn limits() -> Limits {
        Limits::default()
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_get_their_time_to_drain_and_to_close_and_no_more() {
        let lifecycle = Lifecycle::new();
        let _session = lifecycle.admit(1).unwrap();
        let start = Instant::now();
        let watcher = tokio::spawn({
            let lifecycle = lifecycle.clone();
            async move {
                lifecycle.reached(Phase::Draining).await;
                let draining = start.elapsed().as_secs();
                lifecycle.closing().said().await;
                let closing = start.elapsed().as_secs();
                lifecycle.reached(Phase::Aborting).await;
                [draining, closing, start.elapsed().as_secs()]
            }
        });

        lifecycle.advance_to(Phase::Draining);
        lifecycle.shut_down(&limits()).await;

        assert_eq!(watcher.await.unwrap(), [0, 30, 35]);
        assert_eq!((lifecycle.phase(), lifecycle.sessions()), (Phase::Aborting, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn the_drain_ends_with_the_last_session() {
        let lifecycle = Lifecycle::new();
        let sessions = [lifecycle.admit(9).unwrap(), lifecycle.admit(9).unwrap()];
        let start = Instant::now();
        tokio::spawn(async move {
            for session in sessions {
                tokio::time::sleep(Duration::from_secs(7)).await;
                drop(session);
            }
        });

        lifecycle.advance_to(Phase::Draining);
        lifecycle.shut_down(&limits()).await;

        assert_eq!(start.elapsed(), Duration::from_secs(14));
        assert_eq!(lifecycle.phase(), Phase::Draining);
        assert!(!lifecycle.closing().is_said());
    }

    #[tokio::test(start_paused = true)]
    async fn each_further_signal_skips_a_wait() {
        let lifecycle = Lifecycle::new();
        let _session = lifecycle.admit(1).unwrap();
        let start = Instant::now();
        let mut shutdown = tokio::spawn({
            let lifecycle = lifecycle.clone();
            async move { lifecycle.shut_down(&limits()).await }
        });

        for phase in [Phase::Draining, Phase::Closing, Phase::Aborting] {
            assert!(timeout(Duration::from_millis(1), &mut shutdown).await.is_err());
            lifecycle.advance();
            assert_eq!(lifecycle.phase(), phase);
        }
        shutdown.await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn phases_never_go_back() {
        let lifecycle = Lifecycle::new();
        lifecycle.advance_to(Phase::Closing);
        lifecycle.advance_to(Phase::Draining);
        assert_eq!(lifecycle.phase(), Phase::Closing);
        assert!(lifecycle.closing().is_said());
    }

    #[test]
    fn a_session_is_admitted_while_there_is_room_and_until_the_shutdown() {
        let lifecycle = Lifecycle::new();
        let first = lifecycle.admit(1).unwrap();
        assert_eq!(lifecycle.admit(1).unwrap_err(), NotAdmitted::Full);
        drop(first);
        let _second = lifecycle.admit(1).unwrap();
        lifecycle.advance_to(Phase::Draining);
        assert_eq!(lifecycle.admit(9).unwrap_err(), NotAdmitted::Draining);
        assert_eq!(lifecycle.sessions(), 1);
    }
}
