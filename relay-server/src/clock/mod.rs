//! Time, real or virtual.
//!
//! Everything in the server that waits, waits here; so a server on a virtual clock does in a moment what takes a week.

mod simulated;
mod sleep;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use relay_protocol::session::Timestamp;

use self::simulated::Simulated;
pub use self::simulated::Waiting;
pub use self::sleep::{Awake, Sleep};
use crate::model::UnixMs;

/// How long a real clock sleeps towards a time on the wall before it looks again: somebody may have set the wall clock.
const GLANCE: Duration = Duration::from_secs(30);

/// A clock. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Real { begun: Instant },
    Virtual(Arc<Simulated>),
}

impl Clock {
    /// The clock of the machine.
    pub fn real() -> Self {
        Self(Kind::Real { begun: Instant::now() })
    }

    /// A clock that shows this time until it is moved.
    pub fn virtual_at(start: UnixMs) -> Self {
        Self(Kind::Virtual(Arc::new(Simulated::new(start))))
    }

    /// The time since this clock began, which only goes forward.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::Real { begun } => Timestamp::new(begun.elapsed()),
            Kind::Virtual(clock) => clock.now(),
        }
    }

    /// The time of day, which people set.
    pub fn wall(&self) -> UnixMs {
        match &self.0 {
            Kind::Real { .. } => {
                let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                UnixMs::new(0) + since
            }
            Kind::Virtual(clock) => clock.wall(),
        }
    }

    /// Waits for a time of [`now`](Self::now).
    #[track_caller]
    pub fn sleep_until(&self, at: Timestamp) -> Sleep {
        match &self.0 {
            Kind::Real { begun } => Sleep::real(begun.checked_add(at.elapsed())),
            Kind::Virtual(clock) => Sleep::on(Arc::clone(clock), at),
        }
    }

    /// Waits for so long.
    #[track_caller]
    pub fn sleep(&self, duration: Duration) -> Sleep {
        self.sleep_until(self.now() + duration)
    }

    /// Waits for a time of [`wall`](Self::wall), also if somebody sets the wall clock meanwhile. Safe to cancel.
    pub async fn sleep_until_wall(&self, at: UnixMs) -> Awake {
        let glance = if self.is_virtual() { Duration::MAX } else { GLANCE };
        loop {
            let awake = self.sleep((at - self.wall()).min(glance)).await;
            if self.wall() >= at {
                return awake;
            }
        }
    }

    /// Whether it stands still until it is moved.
    pub fn is_virtual(&self) -> bool {
        matches!(self.0, Kind::Virtual(_))
    }

    /// Keeps a virtual clock from moving until the guard is dropped, because there is something to do at this moment.
    /// Nothing must sleep on the clock while it holds one.
    pub fn hold(&self) -> Awake {
        match &self.0 {
            Kind::Real { .. } => Awake::real(),
            Kind::Virtual(clock) => Awake::on(Arc::clone(clock)),
        }
    }

    /// Moves a virtual clock on by so long; see [`advance_to`](Self::advance_to).
    ///
    /// # Errors
    ///
    /// [`NotVirtual`].
    pub async fn advance(&self, by: Duration) -> Result<(), NotVirtual> {
        self.simulated()?.advance_to(self.now() + by).await;
        Ok(())
    }

    /// Moves a virtual clock on to this time on the wall, or leaves it if that is past.
    ///
    /// Who sleeps until then is woken in order, each at its time, and the clock goes on when it has dropped its [`Awake`].
    /// So whoever sleeps again before the end is woken again.
    ///
    /// # Errors
    ///
    /// [`NotVirtual`].
    pub async fn advance_to(&self, at: UnixMs) -> Result<(), NotVirtual> {
        self.simulated()?.advance_to(self.now() + (at - self.wall())).await;
        Ok(())
    }

    /// Who sleeps on a virtual clock, the first to wake first.
    ///
    /// # Errors
    ///
    /// [`NotVirtual`].
    pub fn waiting(&self) -> Result<Vec<Waiting>, NotVirtual> {
        Ok(self.simulated()?.waiting())
    }

    fn simulated(&self) -> Result<&Simulated, NotVirtual> {
        match &self.0 {
            Kind::Real { .. } => Err(NotVirtual),
            Kind::Virtual(clock) => Ok(clock),
        }
    }
}

/// The real clock cannot be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server runs on the real clock, which nobody can move; start it with a virtual one")]
pub struct NotVirtual;
