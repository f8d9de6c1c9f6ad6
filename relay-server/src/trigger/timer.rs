//! Timers: fires what the clock starts.

use super::runner::Runner;

impl Runner {
    pub(super) async fn run_timers(self) {
        self.0.stopping.cancelled().await;
    }
}
