//! What needs no target: variables, timers, analytics, translation, text messages.

use std::collections::BTreeMap;
use std::time::Duration;

use relay_protocol::response;
use relay_runtime::request::Translate;
use relay_runtime::types::Language;
use serde_json::{Value, json};

use super::interactions::sends as sends_to;
use super::{ALICE, alice};
use crate::row::Row;

fn sends(name: &str, fields: Value) -> Value {
    sends_to(name, json!([]), fields)
}

pub(super) fn rows() -> Vec<Row> {
    [variables(), timers(), analytics(), rest()].into_iter().flatten().collect()
}

fn variables() -> Vec<Row> {
    let get = || sends("get_var", json!({ "name": "count" }));
    let value = |value: &str| response::GetVar::new().value(value);
    let unset = response::GetVar::new;
    let set = |value: &str| sends("set_var", json!({ "name": "count", "value": value }));
    vec![
        Row::new(|cx| cx.vars().get::<String>("count"), get(), value("one")).brings(r#"Some("one")"#),
        Row::new(|cx| cx.vars().get::<u32>("count"), get(), value("1")).brings("Some(1)"),
        Row::new(|cx| cx.vars().get::<bool>("count"), get(), value("true")).brings("Some(true)"),
        Row::new(|cx| cx.vars().get::<u32>("count"), get(), unset()).brings("None"),
        Row::new(|cx| cx.vars().get_or("count", 7), get(), unset()).brings("7"),
        Row::new(|cx| cx.vars().get_or("count", 7), get(), value("1")).brings("1"),
        Row::new(|cx| cx.vars().get_json::<BTreeMap<String, u8>>("count"), get(), value(r#"{"a":1}"#))
            .brings(r#"Some({"a": 1})"#),
        Row::new(|cx| cx.vars().get_list::<u8>("count"), get(), value("1,2,3")).brings("[1, 2, 3]"),
        Row::new(|cx| cx.vars().get_list::<u8>("count"), get(), unset()).brings("[]"),
        Row::new(|cx| cx.vars().set("count", 1), set("1"), response::SetVar::new()),
        Row::new(
            |cx| cx.vars().set_json("count", &json!({ "a": [1, null] })),
            set(r#"{"a":[1,null]}"#),
            response::SetVar::new(),
        ),
        Row::new(
            |cx| cx.vars().unset("count"),
            sends("unset_var", json!({ "name": "count" })),
            response::UnsetVar::new(),
        ),
    ]
}

fn timers() -> Vec<Row> {
    fn set(kind: &str, timeout: u64, unit: &str) -> Value {
        let fields = json!({ "type": kind, "name": "nap", "timeout": timeout, "timeout_type": unit });
        sends("set_timer", fields)
    }
    vec![
        Row::new(
            |cx| cx.timers().set("nap", Duration::from_secs(1200)),
            set("timeout", 20, "mins"),
            response::SetTimer::new(),
        ),
        Row::new(
            |cx| cx.timers().set("nap", Duration::from_millis(1500)).repeating(),
            set("interval", 1500, "ms"),
            response::SetTimer::new(),
        ),
        Row::new(
            |cx| cx.timers().clear("nap"),
            sends("clear_timer", json!({ "name": "nap" })),
            response::ClearTimer::new(),
        ),
        Row::new(
            |cx| cx.timers().start(Duration::from_millis(59_001)),
            sends("start_timer", json!({ "timeout": 60 })),
            response::StartTimer::new(),
        ),
        Row::new(|cx| cx.timers().stop(), sends("stop_timer", json!({})), response::StopTimer::new()),
    ]
}

fn analytics() -> Vec<Row> {
    fn log(category: &str, content_type: &str, content: &str) -> Value {
        let fields = json!({ "category": category, "content_type": content_type, "content": content });
        sends("log_analytics_event", fields)
    }
    const PARAMETERS: &str = "application/vnd.relay.event.parameters+json";
    let answer = response::LogAnalyticsEvent::new;
    let mut about_alice = log("cleaning", "text/plain", "213 is clean");
    about_alice["device_uri"] = json!(ALICE);
    vec![
        Row::new(
            |cx| cx.analytics().message("213 is clean"),
            log("default", "text/plain", "213 is clean"),
            answer(),
        ),
        Row::new(
            |cx| cx.analytics().message("213 is clean").category("cleaning").device(alice(cx)),
            about_alice,
            answer(),
        ),
        Row::new(
            |cx| cx.analytics().event("cleaning", &json!({ "room": 213 })),
            log("cleaning", PARAMETERS, r#"{"room":213}"#),
            answer(),
        ),
        Row::new(
            |cx| {
                cx.analytics().set_defaults(&json!({ "room": 1, "site": "north" })).unwrap();
                cx.analytics().event("cleaning", &json!({ "room": 213 }))
            },
            log("cleaning", PARAMETERS, r#"{"room":213,"site":"north"}"#),
            answer(),
        ),
        Row::new(
            |cx| cx.analytics().sdk_info(),
            log(
                "sdk-info",
                "application/vnd.relay.sdk.info.v1+json",
                concat!(r#"{"language":"relay-rust","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#),
            ),
            answer(),
        ),
    ]
}

fn rest() -> Vec<Row> {
    let translate =
        sends("translate", json!({ "text": "guten Morgen", "from_lang": "de-DE", "to_lang": "es-ES" }));
    vec![
        Row::new(
            |cx| cx.translate("guten Morgen", Language::Spanish).from(Language::German),
            translate.clone(),
            response::Translate::new("buenos días"),
        )
        .brings(r#""buenos días""#),
        Row::new(
            |cx| {
                let body = Translate::new("guten Morgen").from_lang(Language::German);
                cx.request([], body.to_lang(Language::Spanish))
            },
            translate,
            response::Translate::new("buenos días"),
        )
        .brings("Translate { text: <12 redacted> }"),
        Row::new(
            |cx| cx.sms("tel:+15550100", "Ready").kind("text"),
            sends("sms", json!({ "type": "text", "text": "Ready", "uri": "tel:+15550100" })),
            response::Sms::new().message_id("msg-9"),
        )
        .brings(r#""msg-9""#),
    ]
}
