//! Interactions, speech, LEDs.

use std::time::Duration;

use relay_runtime::types::{HomeChannel, Language};
use relay_runtime::types::{LedArgs, LedEffect};
use relay_runtime::{Color, Context, Interaction, Interactions, LedIndex, Leds, Playback, Vibration};

use super::{Section, row};
use crate::tables::alice_urn;

const RED: Color = Color::RED;

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section { title: "Interactions, speech and sound", rows: interactions() },
        Section { title: "LEDs", rows: leds() },
    ]
}

fn interactions() -> Vec<super::Row> {
    vec![
        row!(
            "start an interaction",
            [
                "startInteraction",
                "start_interaction",
                "StartInteraction",
                "startInteraction",
                "StartInteraction"
            ],
            [
                Context::start_interaction(alice_urn(), "hello"),
                Context::start_interactions([alice_urn()], "hello"),
            ],
            "theirs return at once, and the handler of the `started` event goes on; ours are done when the device is \
             ready."
        ),
        row!(
            "its options",
            ["", "interaction_options", "", "", ""],
            [
                Context::start_interaction(alice_urn(), "hello").color(RED),
                Context::start_interaction(alice_urn(), "hello").inputs([]),
                Context::start_interaction(alice_urn(), "hello").home_channel(HomeChannel::Suspend),
            ],
            "in JavaScript, Java and C# they are a plain object or map; in Go there are none."
        ),
        row!(
            "end an interaction",
            ["endInteraction", "end_interaction", "EndInteraction", "endInteraction", "EndInteraction"],
            [Interaction::end(), Interactions::end()]
        ),
        row!(
            "say, and go on",
            ["say", "say", "Say", "say", "Say"],
            [Interaction::say("hello").in_background()]
        ),
        row!(
            "say, and wait",
            ["sayAndWait", "say_and_wait", "SayAndWait*", "sayAndWait*", "SayAndWait"],
            [Interaction::say("hello"), Interactions::say("hello")],
            "in Go it ends with whatever stops anywhere in the process, in Java with the first message after the \
             response, which is usually the beginning. All give up after about half a minute, which cuts long texts \
             short."
        ),
        row!(
            "play, and go on",
            ["play", "play", "Play", "play", "Play"],
            [Interaction::play("x").in_background()]
        ),
        row!(
            "play, and wait",
            ["playAndWait", "play_and_wait", "PlayAndWait*", "playAndWait*", "PlayAndWait"],
            [Interaction::play("x"), Interactions::play("x")],
            "as for saying."
        ),
        row!(
            "stop what is said or played",
            ["", "stop_playback", "StopPlayback", "stopPlayback", "StopPlayback"],
            [Interaction::stop_playback(), Playback::stop()]
        ),
        row!(
            "listen",
            ["listen*", "listen", "Listen", "listen*", "Listen"],
            [
                Interaction::listen(),
                Interaction::listen().phrases([""]),
                Interaction::listen().timeout(Duration::ZERO),
                Interaction::listen().audio(),
            ],
            "JavaScript waits 32 s and Java 10 s, whatever timeout was asked for. Nobody speaking \
             ends in an error in most, and is a value here."
        ),
        row!(
            "translate",
            ["translate", "translate", "Translate", "translate", "Translate"],
            [Context::translate("", Language::Spanish)]
        ),
        row!(
            "vibrate",
            ["vibrate", "vibrate", "Vibrate", "vibrate", "Vibrate"],
            [Interaction::vibrate(Vibration::new()), Interactions::vibrate(Vibration::default())]
        ),
    ]
}

fn leds() -> Vec<super::Row> {
    vec![
        row!(
            "any effect",
            ["ledAction", "led_action", "", "", "SetLed"],
            [Leds::effect(LedEffect::Off, LedArgs::new())]
        ),
        row!(
            "its details",
            ["", "led_info", "LedInfo", "LedInfo", "LedInfo"],
            [
                Leds::flash(RED).times(1),
                Leds::flash(RED).duration(Duration::ZERO),
                Leds::flash(RED).repeat_delay(Duration::ZERO),
                Leds::flash(RED).pattern_repeats(1),
            ],
            "in JavaScript a plain object."
        ),
        row!(
            "one on",
            ["switchLedOn", "switch_led_on", "SwitchLedOn", "switchLedOn", "SwitchLedOn"],
            [Leds::one(LedIndex::all().next().unwrap(), RED), Leds::each([])]
        ),
        row!(
            "all on",
            ["switchAllLedOn", "switch_all_led_on", "SwitchAllLedOn", "switchAllLedOn", "SwitchAllLedOn"],
            [Leds::on(RED)]
        ),
        row!(
            "all off",
            [
                "switchAllLedOff",
                "switch_all_led_off",
                "SwitchAllLedOff",
                "switchAllLedOff",
                "SwitchAllLedOff"
            ],
            [Leds::off()]
        ),
        row!("rainbow", ["rainbow", "rainbow", "Rainbow", "rainbow", "Rainbow"], [Leds::rainbow()]),
        row!("rotate", ["rotate", "rotate", "Rotate", "rotate", "Rotate"], [Leds::rotate(RED)]),
        row!("flash", ["flash", "flash", "Flash", "flash", "Flash"], [Leds::flash(RED)]),
        row!("breathe", ["breathe", "breathe", "Breathe", "breathe", "Breathe"], [Leds::breathe(RED)]),
    ]
}
