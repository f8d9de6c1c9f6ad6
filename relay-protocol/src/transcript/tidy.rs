//! Transcripts for files that people review.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::frame::replace_ids;
use super::{Entry, Head, Requests, Side, Transcript, What};

impl Transcript {
    /// The same conversation without what differs from run to run: requests are numbered, keys are sorted, and who wrote it
    /// down and when is left out.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let mut requests = Requests::default();
        let ids = self.frames(Side::Workflow).filter_map(|(_, text)| Some(requests.read(text)?.id));
        let numbered: BTreeMap<String, String> =
            ids.zip(1..).map(|(id, number)| (id, format!("request-{number}"))).collect();
        let entries = self.entries.iter().map(|Entry { at, what }| {
            let what = match what {
                What::Frame { from, text } => {
                    What::Frame { from: *from, text: replace_ids(text, |id| numbered.get(id).cloned()) }
                }
                other => other.clone(),
            };
            Entry { at: *at, what }
        });
        let Head { workflow, path, redacted, .. } = self.head.clone();
        Self { head: Head { workflow, path, redacted, ..Head::default() }, entries: entries.collect() }
    }
}
