//! Frames to typed messages and back.
//!
//! One frame is one JSON object. Decoding makes one pass over it when `_type` comes before the payload, as it does from
//! every known engine (Erlang sorts keys, and `_` sorts first), and a second one when it does not.
//!
//! What comes in is taken leniently: null is absent, a list of code points is text where text is due, numbers may be
//! text, old field names are known, keys that nobody knows are kept in [`Extra`], and a message that nobody knows comes
//! back as [`Unrecognised`] with its frame. What goes out is exact.
//!
//! ```
//! use relay_protocol::codec::{self, FromEngine};
//! use relay_protocol::Event;
//!
//! let frame = r#"{"_type":"wf_api_timer_fired_event","name":"nap"}"#;
//! match codec::from_engine(frame) {
//!     FromEngine::Event(Event::TimerFired(timer)) => assert_eq!(timer.name, "nap"),
//!     other => panic!("not a timer: {other:?}"),
//! }
//! ```

mod decode;
mod encode;
mod envelope;
mod extra;
pub(crate) mod redact;
pub(crate) mod wire;

pub use decode::{FromEngine, FromWorkflow, Unrecognised, Why, from_engine, from_workflow};
pub(crate) use encode::append_request;
pub use encode::{
    encode_any_request, encode_error, encode_event, encode_progress, encode_request, encode_response,
};
pub use extra::Extra;
pub use wire::JsonMap;
