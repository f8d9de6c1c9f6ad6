//! Transcripts for files that people review.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use super::frame::replace_ids;
use super::{Entry, Head, Requests, Side, Transcript, What};

impl Transcript {
    /// The same conversation without what differs from run to run: requests are numbered, as are texts that seem to be made
    /// by chance; keys are sorted; and who wrote it down and when is left out.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let mut requests = Requests::default();
        let asked = self.frames(Side::Workflow).filter_map(|(_, text)| requests.read(text));
        let mut numbered: BTreeMap<String, String> = BTreeMap::new();
        for (number, asked) in (1..).zip(asked) {
            let random = asked.random.into_iter().zip(1..);
            numbered.extend(random.map(|(text, n)| (text, format!("random-{number}-{n}"))));
            numbered.insert(asked.id, format!("request-{number}"));
        }
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
