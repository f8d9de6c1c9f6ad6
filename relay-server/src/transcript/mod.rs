//! What is kept of each instance: all that was said, bounded in size and age, and without what is personal if so wished.

mod recorder;

pub(crate) use recorder::Recorder;
pub use recorder::TranscriptConfig;
