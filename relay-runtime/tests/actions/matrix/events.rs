//! What handlers are for.

use relay_runtime::event;
use relay_runtime::types::{
    ButtonName, CallDirection, InboxAction, IncidentStatus, LifecycleType, NotificationEvent, PromptType,
    StopReason, Taps,
};
use relay_runtime::workflow::{Any, EventKind, Filter, Unknown};

use super::{Row, Section};

pub(super) fn sections() -> Vec<Section> {
    vec![Section { title: "Handlers", rows: rows() }]
}

/// A row. Ours are the word in `#[on(..)]`, the event's type, and its filters.
macro_rules! row {
    (
        $what:literal, [$($theirs:literal),*],
        $word:ident $(($($filter:ident),*))?: $event:ty $(, $method:ident($value:expr))* $(; $note:literal)?
    ) => {{
        assert_eq!(<$event as EventKind>::NAME, stringify!($word));
        super::used(Filter::<$event>::new()$(.$method($value))*);
        Row {
            what: $what,
            theirs: [$($theirs),*],
            ours: &[(concat!("#[on(", stringify!($word), ")]"), &[$($(stringify!($filter)),*)?])],
            note: concat!($($note)?),
        }
    }};
}

fn rows() -> Vec<Row> {
    vec![
        Row {
            what: "the start",
            theirs: ["start", "on_start", "OnStart", "onStart", "OnStart"],
            ours: &[("#[trigger(..)]", &[])],
            note: "a handler, and a type of `Start`, for each kind of trigger.",
        },
        row!("the end", ["stop", "on_stop", "OnStop*", "onStop", "OnStop"],
            stop(reason): event::Stop, reason(StopReason::Normal);
            "Go sets it, and never calls it. `Context::closed` waits for it."),
        row!("changes of interactions",
            ["interaction_lifecycle", "on_interaction_lifecycle", "OnInteractionLifecycle", "onInteractionLifecycle",
             "OnInteractionLifecycle"],
            interaction_lifecycle(type, interaction): event::InteractionLifecycle, kind(LifecycleType::Started),
            interaction("hello")),
        Row {
            what: "one such change",
            theirs: [
                "interaction_started interaction_resumed interaction_suspended interaction_ended interaction_failed",
                "",
                "",
                "isTypeStarted isTypeEnded isTypeResumed isTypeSuspended",
                "InteractionLifecycleType",
            ],
            ours: &[
                ("#[on(interaction_started)]", &[]),
                ("#[on(interaction_resumed)]", &[]),
                ("#[on(interaction_suspended)]", &[]),
                ("#[on(interaction_ended)]", &[]),
                ("#[on(interaction_failed)]", &[]),
            ],
            note: "",
        },
        row!("speech and sound", ["prompt", "on_prompt", "OnPrompt", "onPrompt", "OnPrompt"],
            prompt(type, interaction): event::Prompt, kind(PromptType::Stopped), interaction("hello")),
        row!("buttons", ["button", "on_button", "OnButton", "onButton", "OnButton"],
            button(button, taps, interaction): event::Button, button(ButtonName::Action), taps(Taps::Double),
            interaction("hello"); "only Python has filters, too."),
        row!("the timer without a name", ["timer", "on_timer", "OnTimer", "onTimer", "OnTimer"],
            timer: event::Timer),
        row!("timers", ["timer_fired", "on_timer_fired", "OnTimerFired", "onTimerFired", "OnTimerFired"],
            timer_fired(name): event::TimerFired, name("nap")),
        row!("notifications",
            ["notification", "on_notification", "OnNotification", "onNotification", "OnNotification"],
            notification(name, event): event::Notification, name("lunch"), event(NotificationEvent::Acknowledged);
            "only Python has filters, too."),
        row!("incidents", ["incident", "on_incident", "OnIncident", "onIncident", "OnIncident"],
            incident(type, incident_id): event::Incident, kind(IncidentStatus::Resolved), incident_id("inc-2")),
        row!("what is said", ["speech", "on_speech", "OnSpeech*", "onSpeech", "OnSpeech"],
            speech(interaction): event::Speech, interaction("hello"); "Go sets it, and never calls it."),
        row!("a wish to call",
            ["call_start_request", "on_call_start_request", "OnCallStartRequest", "onCallStartRequest",
             "OnCallStartRequest"],
            call_start_request: event::CallStartRequest),
        row!("an incoming call",
            ["call_received", "on_call_received", "OnCallReceived", "onCallReceived", "OnCallReceived"],
            call_received(direction): event::CallReceived, direction(CallDirection::Inbound)),
        row!("it rings at the other end",
            ["call_ringing", "on_call_ringing", "OnCallRinging", "onCallRinging", "OnCallRinging"],
            call_ringing(direction): event::CallRinging, direction(CallDirection::Outbound)),
        row!("a call is on its way",
            ["call_progressing", "on_call_progressing", "OnCallProgressing*", "onCallProgressing",
             "OnCallProgressing"],
            call_progressing(direction): event::CallProgressing, direction(CallDirection::Outbound);
            "Go sets it, and never calls it."),
        row!("a call is connected",
            ["call_connected", "on_call_connected", "OnCallConnected", "onCallConnected", "OnCallConnected"],
            call_connected(direction): event::CallConnected, direction(CallDirection::Outbound)),
        row!("a call is over",
            ["call_disconnected", "on_call_disconnected", "OnCallDisconnected", "onCallDisconnected",
             "OnCallDisconnected"],
            call_disconnected(direction): event::CallDisconnected, direction(CallDirection::Outbound)),
        row!("a call came to nothing",
            ["call_failed", "on_call_failed", "OnCallFailed", "onCallFailed", "OnCallFailed"],
            call_failed(direction): event::CallFailed, direction(CallDirection::Outbound)),
        row!("missed messages have been played",
            ["", "on_play_inbox_message", "OnPlayInboxMessages*", "onPlayInboxMessage*", "OnPlayInboxMessage"],
            play_inbox_message(action): event::PlayInboxMessage, action(InboxAction::Complete);
            "in Go and Java it is never called."),
        row!("text messages", ["", "on_sms", "OnSms*", "onSms", "OnSms"],
            sms: event::Sms; "Go sets it, and never calls it."),
        row!("audio", ["", "", "", "", "OnAudio"], audio: event::Audio),
        Row {
            what: "progress of a request",
            theirs: ["", "on_progress", "OnProgress*", "", ""],
            ours: &[],
            note: "starts the deadline of the action anew, and needs no handler.",
        },
        row!("the session is resumed", ["", "on_resume", "OnResume*", "", ""],
            resume: event::Resume; "Go sets it, and never calls it."),
        Row {
            what: "an error on this side",
            theirs: ["error", "", "", "", ""],
            ours: &[("ServerBuilder::on_handler_error", &[])],
            note: "actions bring their errors themselves; this is for those that handlers return.",
        },
        row!("whatever else comes", ["", "", "", "", ""], any: Any; "in JavaScript, a handler of that name."),
        row!("what nobody knows", ["", "", "", "", ""], unknown: Unknown; "in JavaScript, a handler of that name."),
    ]
}
