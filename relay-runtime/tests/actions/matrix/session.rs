//! What belongs to the session.

use std::time::Duration;

use relay_runtime::extract::Start;
use relay_runtime::{Analytics, Context, Device, Incident, Timers, Variables};

use super::{Section, row};
use crate::tables::alice_urn;

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section { title: "Variables", rows: variables() },
        Section { title: "Timers", rows: timers() },
        Section { title: "Incidents and analytics", rows: records() },
        Section { title: "The session", rows: rest() },
    ]
}

fn variables() -> Vec<super::Row> {
    vec![
        row!(
            "read",
            ["getVar", "get_var", "GetVar", "getVar", "GetVar"],
            [Variables::get::<String>("x"), Variables::get_or("x", 1)]
        ),
        row!(
            "read a number",
            ["getNumberVar", "get_number_var", "GetNumberVar", "getNumberVar", "GetNumberVar"],
            [Variables::get::<f64>("x")],
            "any type that can be parsed. What is no number is an error, not 0 or `NaN`."
        ),
        row!(
            "read a list",
            ["getArrayVar getNumberArrayVar", "", "", "", ""],
            [Variables::get_list::<f64>("x"), Variables::get_json::<Vec<f64>>("x")]
        ),
        row!(
            "read with a conversion, read several",
            ["getMappedVar get", "", "", "", ""],
            [Variables::get::<bool>("x"), Variables::get_json::<Vec<String>>("x"), Variables::get_all(["x"])]
        ),
        row!(
            "set, one or several",
            ["setVar set", "set_var", "SetVar", "setVar", "SetVar"],
            [Variables::set("x", 1), Variables::set_json("x", &[1]), Variables::set_all([("x", 1)])]
        ),
        row!(
            "take away, one or several",
            ["unsetVar unset", "unset_var", "UnsetVar", "unsetVar", "UnsetVar"],
            [Variables::unset("x"), Variables::unset_all(["x"])]
        ),
    ]
}

fn timers() -> Vec<super::Row> {
    vec![
        row!(
            "start the timer without a name",
            ["startTimer", "start_timer", "StartTimer", "startTimer", "StartTimer"],
            [Timers::start(Duration::ZERO)]
        ),
        row!(
            "stop it",
            ["stopTimer", "stop_timer", "StopTimer*", "stopTimer", "StopTimer"],
            [Timers::stop()],
            "in Go it cannot be reached."
        ),
        row!(
            "set a timer",
            ["setTimer", "set_timer", "SetTimer", "setTimer", "SetTimer"],
            [
                Timers::set("nap", Duration::ZERO),
                Timers::set("nap", Duration::ZERO).repeating(),
                Timers::fired("nap"),
            ]
        ),
        row!(
            "clear it",
            ["clearTimer", "clear_timer", "ClearTimer", "clearTimer", "ClearTimer"],
            [Timers::clear("nap")]
        ),
    ]
}

fn records() -> Vec<super::Row> {
    vec![
        row!(
            "open an incident",
            ["createIncident", "create_incident", "CreateIncident", "createIncident", "CreateIncident"],
            [Device::create_incident("spill"), Incident::closed()]
        ),
        row!(
            "close it",
            ["resolveIncident", "resolve_incident", "ResolveIncident", "resolveIncident", "ResolveIncident"],
            [Incident::resolve("cleaned"), Context::incident("inc-42")]
        ),
        row!(
            "record a message",
            ["logMessage", "log_message", "LogMessage", "logMessage", "LogMessage"],
            [Analytics::message("hello"), Analytics::message("hello").category("room")]
        ),
        row!(
            "record a message about a device",
            ["logUserMessage", "log_user_message", "LogUserMessage", "logUserMessage", "LogUserMessage"],
            [Analytics::message("hello").device(alice_urn())]
        ),
        row!(
            "record an event",
            ["trackEvent", "", "", "", ""],
            [Analytics::event("room", &std::collections::BTreeMap::from([("room", 213)]))]
        ),
        row!(
            "record an event about a device",
            ["trackUserEvent*", "", "", "", ""],
            [Analytics::event("room", &std::collections::BTreeMap::from([("room", 213)]))
                .device(alice_urn())],
            "JavaScript sends the parameters under a key of before 2021."
        ),
        row!(
            "parameters of all events",
            ["setDefaultAnalyticEventParameters", "", "", "", ""],
            [Analytics::set_defaults(&std::collections::BTreeMap::from([("site", "north")]))]
        ),
        row!(
            "tell which SDK this is",
            ["", "", "", "", ""],
            [Analytics::sdk_info()],
            "JavaScript does so by itself at the start of each session, and crashes where it is not answered."
        ),
    ]
}

fn rest() -> Vec<super::Row> {
    vec![
        row!(
            "terminate",
            ["terminate", "terminate", "Terminate", "terminate", "Terminate"],
            [Context::terminate(), Context::finish()],
            "Python, Go and C# do not wait for the end. A workflow that is one async fn terminates by itself."
        ),
        row!(
            "the device that started it",
            [
                "",
                "get_source_uri_from_trigger",
                "GetSourceUri",
                "getSourceUriFromStartEvent",
                "GetSourceUriFromStartEvent"
            ],
            [Start::source()],
            "in JavaScript, a field of the event."
        ),
        row!(
            "a target from the trigger",
            ["", "make_target_uris", "", "", ""],
            [Start::source()],
            "URNs and handles of devices and groups are targets as they are, alone and in lists."
        ),
    ]
}
