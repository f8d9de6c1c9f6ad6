//! How things stand in a simulation, for somebody who wonders why a test failed.

use std::fmt::Write;

use relay_engine::Reason;
use relay_protocol::Urn;
use relay_protocol::session::{Operation, Timestamp};

use super::conversation::Clock;
use super::runs::Run;
use super::state::State;

/// What has happened, and who waits for what.
pub(super) fn of(state: &State, now: Timestamp) -> String {
    let mut text =
        format!("what has happened:\n{}\nwho waits, at {}:\n", state.conversation, Clock(now.elapsed()));
    let mut line = |what: String| {
        let _ = writeln!(text, "  {what}"); // a String takes everything
    };
    for run in &state.runs {
        waits(run).into_iter().for_each(&mut line);
    }
    for senses in state.people.values().filter(|senses| senses.listening) {
        line(format!("{}: is expected to speak", senses.name));
    }
    line(match state.engine.poll_timeout() {
        Some((due, reason)) => format!("the platform: {}, in {:?}", named(reason), due - now),
        None => "the platform: waits for nothing but people and workflows".into(),
    });
    if let Some(seed) = state.engine.config().hostile {
        let _ = writeln!(text, "\nthe platform was difficult on purpose: RELAY_SEED={seed} repeats it");
    }
    text
}

fn waits(run: &Run) -> Vec<String> {
    let Run { name, handlers, session, .. } = run;
    let Some(session) = session else { return vec![format!("{name}: is being connected")] };
    let session = session.lock();
    let operations = session.session.operations();
    let running = match &**handlers {
        [] => "no handler is running".into(),
        handlers => format!("running: {}", handlers.join(", ")),
    };
    let mut lines = vec![match operations.len() {
        0 if !handlers.is_empty() => {
            format!("{name}: {running}, which waits for no answer of the platform, but for something else")
        }
        _ => format!("{name}: {running}"),
    }];
    lines.extend(operations.map(|operation| format!("{name}: waits for {}", shown(operation))));
    lines
}

fn shown(operation: Operation<'_>) -> String {
    let target = operation.target.map(|urn| format!(" on {}", place(urn))).unwrap_or_default();
    let how_far = if operation.accepted { "to be done; it was accepted" } else { "to be answered" };
    format!("`{}`{target} {how_far}", operation.request)
}

/// `hello@Alice` for the interaction hello on Alice.
fn place(urn: &Urn) -> String {
    let device = urn.device().and_then(|device| device.id().map(|id| id.as_str().to_owned()));
    match (urn.interaction_name(), device) {
        (Some(interaction), Some(device)) => format!("{interaction}@{device}"),
        (None, Some(device)) => device,
        (Some(interaction), None) => interaction.into_owned(),
        (None, None) => urn.to_string(),
    }
}

fn named(reason: Reason) -> String {
    match reason {
        Reason::Link => "a connection is pinged or given up".into(),
        Reason::Gap => "an event leaves that waited for a moment after a response".into(),
        Reason::Timer => "a timer of a workflow fires".into(),
        Reason::Prompt => "a device is done with a sound".into(),
        Reason::Listen => "nobody has spoken in time".into(),
        Reason::HomeChannel => "a device falls back to its home channel".into(),
        reason => format!("{reason:?}"),
    }
}
