//! Anything in any order: what each [`Scene`] asserts at its end holds, and the same happens again.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::time::Duration;

use proptest::prelude::*;
use relay_protocol::request;
use relay_protocol::types::{ButtonName, HomeChannel, InteractionOptions, LedEffect, Taps, TimerType};

use super::scene::{Scene, device, on};
use crate::{Channel, Config, InstanceKey, Mode, Workflow};

const DEVICES: [&str; 4] = ["Alice", "Bob", "Carol", "Dora"];
const INTERACTIONS: [&str; 2] = ["x", "y"];

#[derive(Debug, Clone)]
enum Step {
    Start { device: usize, transient: bool },
    Ask { run: usize, device: usize, interaction: usize, request: usize, at_once: bool },
    Cut { run: usize },
    Stop { run: usize },
    Online { device: usize, online: bool },
    Turn { device: usize, to: usize },
    Tap { device: usize, taps: usize },
    Speak { device: usize },
    Remove { device: usize },
    Rename { device: usize, to: usize },
    Wait { millis: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..DEVICES.len();
    let run = 0..4usize;
    prop_oneof![
        2 => (device.clone(), any::<bool>()).prop_map(|(device, transient)| Step::Start { device, transient }),
        20 => (run.clone(), device.clone(), 0..2usize, 0..16usize, any::<bool>()).prop_map(
            |(run, device, interaction, request, at_once)| {
                Step::Ask { run, device, interaction, request, at_once }
            }
        ),
        1 => run.clone().prop_map(|run| Step::Cut { run }),
        1 => run.prop_map(|run| Step::Stop { run }),
        2 => (device.clone(), any::<bool>()).prop_map(|(device, online)| Step::Online { device, online }),
        3 => (device.clone(), 0..4usize).prop_map(|(device, to)| Step::Turn { device, to }),
        3 => (device.clone(), 0..4usize).prop_map(|(device, taps)| Step::Tap { device, taps }),
        3 => device.clone().prop_map(|device| Step::Speak { device }),
        1 => device.clone().prop_map(|device| Step::Remove { device }),
        2 => (device.clone(), device).prop_map(|(device, to)| Step::Rename { device, to }),
        5 => (0..3000u64).prop_map(|millis| Step::Wait { millis }),
    ]
}

fn ask(scene: &mut Scene, run: InstanceKey, who: &str, interaction: &str, request: usize) {
    let urn = &[on(interaction, who)];
    match request {
        0..4 => {
            let home_channel = if request == 0 { HomeChannel::Normal } else { HomeChannel::Suspend };
            let options = InteractionOptions::new().color("ff0000").home_channel(home_channel);
            scene.send(run, &[device(who)], request::StartInteraction::new(interaction).options(options))
        }
        4 => scene.send(run, urn, request::EndInteraction::new()),
        5..8 => scene.send(run, urn, request::Say::new("good morning")),
        8 => scene.send(run, urn, request::StopPlayback::new()),
        9 => scene.send(run, urn, request::Listen::new().timeout(1)),
        10 => scene.send(run, urn, request::SetLed::new(LedEffect::Rainbow)),
        11 => scene.send(run, &[], request::StartTimer::new().timeout(1)),
        12 => scene.send(run, &[], request::SetTimer::new("t").kind(TimerType::Interval).timeout(1)),
        13 => scene.send(run, &[], request::ClearTimer::new("t")),
        14 => scene.send(run, &[device(who)], request::SetChannel::new("Sales")),
        _ => scene.send(run, &[], request::Terminate::new()),
    };
}

fn play(mode: Mode, steps: &[Step]) -> Vec<String> {
    let home_channel_timeout = Some(Duration::from_secs(2));
    let mut scene = Scene::with(Config { mode, home_channel_timeout, ..Config::default() }, &DEVICES[..3]);
    for step in steps {
        let now = scene.now;
        let key = |scene: &Scene, device: usize| scene.engine.directory().device_named(DEVICES[device]);
        let run = |scene: &Scene, run: usize| scene.running().get(run).copied();
        match *step {
            Step::Start { device, transient } => {
                scene
                    .launch(Workflow::new("run", "wss://example.com/").transient(transient), DEVICES[device]);
            }
            Step::Ask { run: at, device, interaction, request, at_once } => {
                if let Some(run) = run(&scene, at) {
                    ask(&mut scene, run, DEVICES[device], INTERACTIONS[interaction], request);
                    if at_once {
                        continue;
                    }
                }
            }
            Step::Cut { run: at } => {
                if let Some(run) = run(&scene, at) {
                    scene.cut(run);
                }
            }
            Step::Stop { run: at } => {
                if let Some(run) = run(&scene, at) {
                    scene.engine.stop(now, run, "stopped");
                }
            }
            Step::Online { device, online } => {
                let _ = key(&scene, device).map(|device| scene.engine.set_online(now, device, online));
            }
            Step::Turn { device, to } => {
                let to = match to {
                    0 => Channel::Assistant,
                    1 => Channel::Talk("Sales".into()),
                    to => Channel::Interaction(INTERACTIONS[to - 2].into()),
                };
                let _ = key(&scene, device).map(|device| scene.engine.turn_to(now, device, to));
            }
            Step::Tap { device, taps } => {
                let taps = [Taps::Single, Taps::Double, Taps::Triple, Taps::Long][taps].clone();
                let _ = key(&scene, device)
                    .map(|device| scene.engine.tap(now, device, ButtonName::Channel, taps));
            }
            Step::Speak { device } => {
                let _ = key(&scene, device).map(|device| scene.engine.speak(now, device, "yes"));
            }
            Step::Remove { device } => {
                if let Some(device) = key(&scene, device) {
                    scene.engine.remove_device(now, device);
                }
            }
            Step::Rename { device, to } => {
                let _ = key(&scene, device).map(|device| scene.engine.rename_device(device, DEVICES[to]));
            }
            Step::Wait { millis } => scene.wait(Duration::from_millis(millis)),
        }
        scene.pump();
    }
    scene.lines()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_and_the_same_happens_again(
        strict in any::<bool>(),
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mode = if strict { Mode::Strict } else { Mode::Compatible };
        prop_assert_eq!(play(mode, &steps), play(mode, &steps));
    }
}
