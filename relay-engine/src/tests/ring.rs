//! LEDs and vibration.

use relay_protocol::request;
use relay_protocol::types::{LedArgs, LedEffect};

use super::scene::{Scene, on, strict};
use crate::{Channel, LEDS, Rgb};

fn flash(color: &str) -> request::SetLed {
    let args = LedArgs::new().count(3).colors([("ring".into(), color.into())].into());
    request::SetLed::new(LedEffect::Flash).args(args)
}

#[test]
fn the_ring_goes_back_to_the_device_when_the_interaction_ends() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], flash("FF0000"));
    scene.expect(&["Alice: ring flash ff0000", "run < set_led"]);
    let light = scene.engine.light(alice).unwrap();
    assert_eq!((light.times, light.colors), (Some(3), [Rgb { r: 255, g: 0, b: 0 }; LEDS]));
    scene.ask(run, &[on("x", "Alice")], flash("FF0000"));
    scene.expect(&["Alice: ring flash ff0000", "run < set_led"]);
    scene.ask(run, &[], request::Terminate::new());
    scene.expect(&[
        "Alice: on Talk(\"Home\")",
        "Alice: ring off",
        "run < ended x@Alice",
        "run < stop normal",
    ]);
}

#[test]
fn a_suspended_interaction_lights_the_ring_when_it_is_resumed() {
    let mut scene = Scene::new(&["Alice"]);
    let alice = scene.device("Alice");
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.engine.turn_to(scene.now, alice, Channel::Assistant).unwrap();
    scene.expect(&["run < suspended x@Alice", "Alice: on Assistant"]);
    scene.ask(run, &[on("x", "Alice")], flash("00ff00"));
    scene.expect(&["run < set_led"]);
    scene.engine.turn_to(scene.now, alice, Channel::Interaction("x".into())).unwrap();
    scene.expect(&["Alice: on Interaction(\"x\")", "Alice: ring flash 00ff00", "run < resumed x@Alice"]);
}

#[test]
fn vibration_is_felt() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], request::Vibrate::new().pattern([100, 500, 500, 500]));
    scene.expect(&["Alice: feels [100, 500, 500, 500]", "run < vibrate"]);
}

#[test]
fn strict_mode_knows_its_colours_and_effects() {
    let mut scene = Scene::with(strict(), &["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    scene.ask(run, &[on("x", "Alice")], flash("red"));
    scene.ask(run, &[on("x", "Alice")], request::SetLed::new("sparkle"));
    scene.ask(run, &[on("x", "Alice")], request::Vibrate::new());
    scene.expect(&[
        "run < set_led invalid_value: colours are written RRGGBB, got \"red\"",
        "run < set_led invalid_value: \"sparkle\" is no effect, which are rainbow, rotate, flash, breathe, static and off",
        "run < vibrate invalid_value: a pattern is pauses and pulses in turn, in milliseconds, so it has at least two \
         numbers",
    ]);
}

#[test]
fn every_effect_is_shown() {
    let mut scene = Scene::new(&["Alice"]);
    let run = scene.start("run", "Alice");
    scene.open(run, "x", "Alice");
    for effect in LedEffect::ALL {
        scene.ask(run, &[on("x", "Alice")], request::SetLed::new(effect.clone()));
        let shown = scene.engine.light(scene.device("Alice")).map(|light| light.effect.clone());
        let expected = Some(effect.clone()).filter(|effect| *effect != LedEffect::Off);
        assert_eq!(shown.filter(|effect| *effect != LedEffect::Off), expected);
    }
}
