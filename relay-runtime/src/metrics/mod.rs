//! What a server counts and times, through the [`metrics`](https://docs.rs/metrics) facade.
//!
//! Any recorder of that facade can collect it. Without one, nothing is formatted, and an action or a message allocates
//! nothing for it. Install yours before the server starts to listen: what belongs to a workflow is asked for once, at
//! that moment. With the cargo feature `prometheus`, there is a recorder ready to be installed.
//!
//! | metric | kind | labels | what |
//! | --- | --- | --- | --- |
//! | [`relay_sessions_live`](SESSIONS_LIVE) | gauge | `workflow` | sessions that run now |
//! | [`relay_sessions_started_total`](SESSIONS_STARTED) | counter | `workflow` | sessions, from the finished upgrade on |
//! | [`relay_sessions_ended_total`](SESSIONS_ENDED) | counter | `workflow`, `reason` | sessions that are over |
//! | [`relay_received_bytes_total`](RECEIVED_BYTES) | counter | `workflow` | payload of messages from Relay, in bytes |
//! | [`relay_sent_bytes_total`](SENT_BYTES) | counter | `workflow` | payload of messages to Relay, in bytes |
//! | [`relay_action_duration_seconds`](ACTION_DURATION) | histogram | `action`, `outcome` | from sending a request to the end of its action |
//! | [`relay_handler_errors_total`](HANDLER_ERRORS) | counter | `workflow`, `handler` | handlers that returned an error |
//! | [`relay_handler_panics_total`](HANDLER_PANICS) | counter | `workflow`, `handler` | handlers that panicked |
//!
//! | label | values |
//! | --- | --- |
//! | `workflow` | the workflow's name |
//! | `handler` | the path of the handler's fn; `start` when no trigger matched, `parameters` when making them panicked |
//! | `reason` | `stopped` by Relay, `failed`: stopped because of an error, `disconnected`, `closed` by this side, `ping_timeout`, `message_too_large`, `backlog`, `aborted` by a shutdown, `panicked` outside of its handlers |
//! | `action` | the request's name, such as `say` |
//! | `outcome` | `done`, `refused`, `failed`, `timed_out`, `closed`, `not_sent`, `bad_answer`, `dropped`: nobody waited for the end |
//!
//! No label holds what a device or a caller sent: the program alone bounds the number of series.

mod action;
#[cfg(feature = "prometheus")]
pub mod prometheus;
mod workflow;

use ::metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram};

pub(crate) use action::ActionOutcome;
pub(crate) use workflow::{LiveSession, WorkflowMetrics};

/// Sessions that run now. Gauge by `workflow`.
pub const SESSIONS_LIVE: &str = "relay_sessions_live";
/// Sessions that were started. Counter by `workflow`.
pub const SESSIONS_STARTED: &str = "relay_sessions_started_total";
/// Sessions that are over. Counter by `workflow` and `reason`.
pub const SESSIONS_ENDED: &str = "relay_sessions_ended_total";
/// Payload of messages from Relay, in bytes. Counter by `workflow`.
pub const RECEIVED_BYTES: &str = "relay_received_bytes_total";
/// Payload of messages to Relay, in bytes. Counter by `workflow`.
pub const SENT_BYTES: &str = "relay_sent_bytes_total";
/// Time from sending a request to the end of its action, in seconds. Histogram by `action` and `outcome`.
pub const ACTION_DURATION: &str = "relay_action_duration_seconds";
/// Handlers that returned an error. Counter by `workflow` and `handler`.
pub const HANDLER_ERRORS: &str = "relay_handler_errors_total";
/// Handlers that panicked. Counter by `workflow` and `handler`.
pub const HANDLER_PANICS: &str = "relay_handler_panics_total";

/// Tells the recorder what the names mean.
pub(crate) fn describe() {
    describe_gauge!(SESSIONS_LIVE, "sessions that run now");
    describe_counter!(SESSIONS_STARTED, "sessions, from the finished upgrade on");
    describe_counter!(SESSIONS_ENDED, "sessions that are over");
    describe_counter!(RECEIVED_BYTES, Unit::Bytes, "payload of messages from Relay");
    describe_counter!(SENT_BYTES, Unit::Bytes, "payload of messages to Relay");
    describe_histogram!(ACTION_DURATION, Unit::Seconds, "from sending a request to the end of its action");
    describe_counter!(HANDLER_ERRORS, "handlers that returned an error");
    describe_counter!(HANDLER_PANICS, "handlers that panicked");
}

/// A handler returned an error.
pub(crate) fn handler_failed(workflow: &str, handler: &'static str) {
    counter!(HANDLER_ERRORS, "workflow" => workflow.to_owned(), "handler" => handler).increment(1);
}

/// A handler panicked.
pub(crate) fn handler_panicked(workflow: &str, handler: &'static str) {
    counter!(HANDLER_PANICS, "workflow" => workflow.to_owned(), "handler" => handler).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_has_every_metric() {
        let page = include_str!("../../../docs/reference/metrics.md");
        for name in [
            SESSIONS_LIVE,
            SESSIONS_STARTED,
            SESSIONS_ENDED,
            RECEIVED_BYTES,
            SENT_BYTES,
            ACTION_DURATION,
            HANDLER_ERRORS,
            HANDLER_PANICS,
        ] {
            assert!(page.contains(&format!("| `{name}` |")), "{name} is missing");
        }
    }
}
