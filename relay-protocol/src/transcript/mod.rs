//! Sessions, written down: to look at, to keep, to run again.
//!
//! A transcript is a text file with a JSON object on each line: first what ran, then each message with its time and who sent
//! it, and in the end how the session ended. All of a session's messages are in it, as they were on the wire.
//!
//! ```json
//! {"relay_transcript":1,"workflow":"hello","path":"/hello","sdk":"relay-runtime 0.1.0","session":"17"}
//! {"us":0,"engine":{"_type":"wf_api_start_event","trigger":{"type":"http","args":{}}}}
//! {"us":812,"workflow":{"_id":"1","_type":"wf_api_terminate_request"}}
//! {"us":2950,"engine":{"_type":"wf_api_stop_event","reason":"normal"}}
//! {"us":3001,"ended":"stopped (normal)"}
//! ```
//!
//! Written line by line, as a session goes: `to_string` of a [`Head`], then of each [`Entry`], each a line of its own. Read
//! as a whole: `parse` gives a [`Transcript`]. A file that was cut off in the middle of a line is read up to there.
//!
//! ```
//! use relay_protocol::transcript::{Entry, Head, Side, Transcript, What};
//!
//! let mut transcript = Transcript::new(Head::new("hello", "/hello"));
//! let frame = r#"{"_type":"wf_api_timer_fired_event","name":"nap"}"#;
//! transcript.entries.push(Entry::frame(core::time::Duration::ZERO, Side::Engine, frame));
//!
//! let text = transcript.to_string();
//! assert_eq!(text.parse::<Transcript>()?, transcript);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What people said, and who they are, can be taken out with a [`Redactor`], such that the transcript still runs. Two
//! transcripts are compared by what the workflow did, with [`Transcript::diff`].

mod align;
mod diff;
mod error;
mod frame;
mod lines;
mod record;
mod redact;
mod request;
mod script;
mod show;
mod tidy;

pub use diff::Diff;
pub use error::TranscriptError;
pub use frame::replace_ids;
pub use record::{Entry, Head, Side, Transcript, What};
pub use redact::Redactor;
pub use request::{Asked, Requests};
pub use script::{Cue, Script};
