//! Transcripts for files that people review.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

use serde_json::Value;

use super::frame::{read, replace_texts, requests};
use super::{Entry, Head, Transcript, What};

impl Transcript {
    /// The same conversation without what differs from run to run: requests are numbered, keys are sorted, and who wrote it
    /// down and when is left out.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let ids = requests(self).into_iter().map(|(id, _)| id);
        let numbered: BTreeMap<String, String> =
            ids.zip(1..).map(|(id, number)| (id, format!("request-{number}"))).collect();
        let frame = |text: &str| match read(text) {
            Some(map) => {
                let mut value = Value::Object(map);
                replace_texts(&mut value, &mut |text| numbered.get(text).cloned());
                value.to_string()
            }
            None => text.to_string(),
        };
        let entries = self.entries.iter().map(|Entry { at, what }| {
            let what = match what {
                What::Frame { from, text } => What::Frame { from: *from, text: frame(text) },
                other => other.clone(),
            };
            Entry { at: *at, what }
        });
        let Head { workflow, path, redacted, .. } = self.head.clone();
        Self { head: Head { workflow, path, redacted, ..Head::default() }, entries: entries.collect() }
    }
}
