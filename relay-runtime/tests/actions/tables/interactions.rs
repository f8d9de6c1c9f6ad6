//! Interactions, one and several.

use std::time::Duration;

use relay_protocol::event::{InteractionLifecycle, Prompt, Speech};
use relay_protocol::types::{HomeChannel, InputType, LedArgs, LedEffect, LifecycleType, PromptType};
use relay_protocol::{Event, Urn, response};
use relay_runtime::types::Language;
use relay_runtime::{Color, LedIndex, Vibration};
use serde_json::{Value, json};

use super::{ALICE, HELLO_ALICE, HELLO_BOB, alice, alice_urn, bob};
use crate::row::Row;

fn on_alice(name: &str, fields: Value) -> Value {
    sends(name, json!([HELLO_ALICE]), fields)
}

fn on_both(name: &str, fields: Value) -> Value {
    sends(name, json!([HELLO_ALICE, HELLO_BOB]), fields)
}

pub(super) fn sends(name: &str, target: Value, fields: Value) -> Value {
    let mut frame = fields;
    frame["_type"] = json!(format!("wf_api_{name}_request"));
    if target != json!([]) {
        frame["_target"] = json!({ "uris": target });
    }
    frame
}

fn prompt(id: &str, on: &str) -> [Event; 2] {
    [PromptType::Started, PromptType::Stopped].map(|kind| {
        let source = Urn::parse(on).unwrap();
        Prompt::new(kind).id(id).source_uri(source).into()
    })
}

fn spoken(id: &str) -> Vec<Event> {
    prompt(id, HELLO_ALICE).into()
}

fn spoken_on_both(id: &str) -> Vec<Event> {
    [prompt(id, HELLO_ALICE), prompt(id, HELLO_BOB)].into_iter().flatten().collect()
}

fn heard(id: &str) -> Vec<Event> {
    vec![Speech::new().request_id(id).text("yes").lang(Language::English).into()]
}

fn recorded(id: &str) -> Vec<Event> {
    vec![Speech::new().request_id(id).audio("T2dnUw==").into()]
}

fn started(_: &str) -> Vec<Event> {
    let source = Urn::parse(HELLO_ALICE).unwrap();
    [LifecycleType::Started, LifecycleType::Resumed]
        .map(|kind| InteractionLifecycle::new(kind, source.clone()).into())
        .into()
}

const ALICES: &str = r#"Interaction(InteractionUrn("urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice"))"#;

pub(super) fn rows() -> Vec<Row> {
    [starting(), speaking(), listening(), leds(), rest()].into_iter().flatten().collect()
}

fn starting() -> Vec<Row> {
    let answer = response::StartInteraction::new;
    vec![
        Row::new(
            |cx| cx.start_interaction(alice_urn(), "hello"),
            sends("start_interaction", json!([ALICE]), json!({ "name": "hello" })),
            answer(),
        )
        .then(started)
        .brings(ALICES),
        Row::new(
            |cx| {
                cx.start_interaction(alice_urn(), "hello")
                    .color(Color::GREEN)
                    .inputs([InputType::ActionButtonSingleTap, InputType::ActionButtonLongPress])
                    .home_channel(HomeChannel::Suspend)
            },
            sends(
                "start_interaction",
                json!([ALICE]),
                json!({ "name": "hello", "options": {
                    "color": "00FF00",
                    "input_types": ["action_button_single_tap", "action_button_long_press"],
                    "home_channel": "suspend",
                } }),
            ),
            answer(),
        )
        .then(started)
        .brings(ALICES),
        Row::new(
            |cx| alice(cx).end(),
            on_alice("end_interaction", json!({})),
            response::EndInteraction::new(),
        ),
    ]
}

fn speaking() -> Vec<Row> {
    let said = || response::Say::new().id("a1");
    let played = || response::Play::new().id("a1");
    vec![
        Row::new(
            |cx| alice(cx).say("hello"),
            on_alice("say", json!({ "text": "hello", "lang": "en-US" })),
            said(),
        )
        .then(spoken),
        Row::new(
            |cx| alice(cx).say("cześć").lang(Language::Polish),
            on_alice("say", json!({ "text": "cześć", "lang": "pl-PK" })),
            said(),
        )
        .then(spoken),
        Row::new(
            |cx| alice(cx).say("hello").in_background(),
            on_alice("say", json!({ "text": "hello", "lang": "en-US" })),
            said(),
        )
        .brings(r#"Playback("a1")"#),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).say("hello"),
            on_both("say", json!({ "text": "hello", "lang": "en-US" })),
            said(),
        )
        .then(spoken_on_both),
        Row::new(
            |cx| alice(cx).play("relay-static://emergency"),
            on_alice("play", json!({ "filename": "relay-static://emergency" })),
            played(),
        )
        .then(spoken),
        Row::new(
            |cx| alice(cx).play("chime").in_background(),
            on_alice("play", json!({ "filename": "chime" })),
            played(),
        )
        .brings(r#"Playback("a1")"#),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).play("chime"),
            on_both("play", json!({ "filename": "chime" })),
            played(),
        )
        .then(spoken_on_both),
        Row::new(
            |cx| alice(cx).stop_playback(),
            on_alice("stop_playback", json!({})),
            response::StopPlayback::new(),
        ),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).stop_playback(),
            on_both("stop_playback", json!({})),
            response::StopPlayback::new(),
        ),
    ]
}

fn listening() -> Vec<Row> {
    let answer = response::Listen::new;
    vec![
        Row::new(
            |cx| alice(cx).listen(),
            on_alice("listen", json!({ "phrases": [], "transcribe": true, "timeout": 60 })),
            answer(),
        )
        .then(heard)
        .brings("Heard { text: <3 redacted>, audio: None, lang: Some(English) }"),
        Row::new(
            |cx| {
                let timeout = Duration::from_millis(19_001);
                alice(cx).listen().phrases(["ja", "nein"]).timeout(timeout).lang(Language::German).audio()
            },
            on_alice(
                "listen",
                json!({ "phrases": ["ja", "nein"], "transcribe": false, "timeout": 20, "alt_lang": "de-DE" }),
            ),
            answer(),
        )
        .then(recorded)
        .brings("Heard { text: <0 redacted>, audio: Some(8), lang: Some(English) }"),
    ]
}

fn leds() -> Vec<Row> {
    fn row(
        call: fn(relay_runtime::Leds) -> relay_runtime::Action<relay_protocol::request::SetLed>,
        effect: &str,
        args: Value,
    ) -> Row {
        let sent = on_alice("set_led", json!({ "effect": effect, "args": args }));
        Row::new(move |cx| call(alice(cx).leds()), sent, response::SetLed::new())
    }
    let ring = json!({ "ring": "FF0000" });
    vec![
        row(|leds| leds.on(Color::RED), "static", json!({ "colors": ring })),
        row(|leds| leds.off(), "off", json!({})),
        row(
            |leds| leds.one(LedIndex::new(3).unwrap(), Color::RED),
            "static",
            json!({ "colors": { "3": "FF0000" } }),
        ),
        row(
            |leds| leds.each(LedIndex::all().take(2).zip([Color::RED, Color::BLUE])),
            "static",
            json!({ "colors": { "1": "FF0000", "2": "0000FF" } }),
        ),
        row(|leds| leds.flash(Color::RED), "flash", json!({ "count": -1, "colors": ring })),
        row(|leds| leds.flash(Color::RED).times(3), "flash", json!({ "count": 3, "colors": ring })),
        row(|leds| leds.breathe(Color::RED).times(2), "breathe", json!({ "count": 2, "colors": ring })),
        row(
            |leds| leds.rotate(Color::WHITE),
            "rotate",
            json!({ "rotations": -1, "colors": { "1": "FFFFFF" } }),
        ),
        row(|leds| leds.rainbow(), "rainbow", json!({ "rotations": -1 })),
        row(
            |leds| {
                let ms = Duration::from_millis;
                leds.rainbow().times(2).duration(ms(300)).repeat_delay(ms(50)).pattern_repeats(4)
            },
            "rainbow",
            json!({ "rotations": 2, "duration": 300, "repeat_delay": 50, "pattern_repeats": 4 }),
        ),
        row(|leds| leds.effect(LedEffect::Unknown("sparkle".into()), LedArgs::new()), "sparkle", json!({})),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).leds().off(),
            on_both("set_led", json!({ "effect": "off", "args": {} })),
            response::SetLed::new(),
        ),
    ]
}

fn rest() -> Vec<Row> {
    let pattern = json!({ "pattern": [100, 500, 500, 500, 500, 500] });
    vec![
        Row::new(
            |cx| alice(cx).vibrate(Vibration::default()),
            on_alice("vibrate", pattern.clone()),
            response::Vibrate::new(),
        ),
        Row::new(
            |cx| {
                let ms = Duration::from_millis;
                alice(cx).vibrate(Vibration::new().pulse(ms(200)).pause(ms(100)).pulse(ms(300)))
            },
            on_alice("vibrate", json!({ "pattern": [0, 200, 100, 300] })),
            response::Vibrate::new(),
        ),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).vibrate(Vibration::default()),
            on_both("vibrate", pattern),
            response::Vibrate::new(),
        ),
        Row::new(
            |cx| cx.interactions([alice(cx), bob(cx)]).end(),
            on_both("end_interaction", json!({})),
            response::EndInteraction::new(),
        ),
    ]
}
