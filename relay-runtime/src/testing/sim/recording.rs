//! What has been said between the platform and the workflows.

use std::path::PathBuf;

use relay_protocol::transcript::Transcript;

use super::Sim;
use crate::testing::expect::Expectation;
use crate::testing::runtime::idle;
use crate::testing::{fail, golden};

impl Sim {
    /// The sessions so far, written down, in the order in which they began. `to_string` makes a file of one.
    pub fn transcripts(&self) -> Vec<Transcript> {
        self.world().recorder.transcripts()
    }

    /// Expects the only run of a workflow in this simulation to have done what stands in this file: the same
    /// requests, as [`Transcript::diff`] compares them. With `UPDATE_GOLDEN=1` in the environment, the file is written
    /// instead. A relative path begins at the folder of the package.
    ///
    /// What the platform sent stands in the file as well, for people. Let it be
    /// [well behaved](Self::well_behaved), or they read its jokes.
    ///
    /// ```no_run
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::testing::{Sim, StopReason};
    /// # #[workflow(phrase = "hello")]
    /// # async fn hello(cx: Context) -> Result<()> { Ok(()) }
    /// # relay_runtime::testing::run(async {
    /// let sim = Sim::new().well_behaved().workflow(hello);
    /// sim.device("Alice").speak_to_assistant("hello").await;
    /// sim.expect_stop(StopReason::Normal).await;
    /// sim.assert_golden("tests/golden/hello.jsonl").await;
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// When the run has done something else, with the difference; when there was none, or more than one.
    #[track_caller]
    pub fn assert_golden(&self, path: impl Into<PathBuf>) -> Expectation {
        let (world, path) = (self.world().clone(), path.into());
        Expectation::new(async move {
            idle().await;
            match &*world.recorder.transcripts() {
                [transcript] => golden::compare(transcript, &path),
                transcripts => fail(format!(
                    "a golden transcript is of one run, and this simulation has seen {}",
                    transcripts.len()
                )),
            }
        })
    }
}
