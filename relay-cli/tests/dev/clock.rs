//! Time that passes when it is told to.

use rustix::process::Signal;
use serde_json::Value;

use crate::project;
use crate::world::{Running, World, text};

fn served(args: &[&str]) -> (World, Running) {
    let (world, program) = project::practice();
    let mut dev =
        world.start(&[&["dev", "--ephemeral", "--port", "0", "--command", &program], args].concat());
    dev.says("ready");
    (world, dev)
}

/// Seconds since 1970.
fn now(world: &World) -> i64 {
    let clock: Value = serde_json::from_str(&world.prints(&["clock", "--json"])).unwrap();
    clock["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn an_hour_passes_at_once() {
    let (world, mut dev) = served(&["--virtual-time"]);
    let begun = now(&world);
    assert!(world.prints(&["clock", "until-idle"]).contains("(virtual time)"));
    assert_eq!(now(&world), begun, "nobody has anything to do");

    world.prints(&["device", "speak", "Alice", "--assistant", "nap"]);
    world.prints(&["clock", "until-idle"]);
    dev.says("Alice hears \"Good morning\"");
    dev.says("nap ends: normal");
    let passed = now(&world) - begun;
    assert!((3600..3700).contains(&passed), "{passed} s have passed");

    world.prints(&["clock", "advance", "1h30m"]);
    assert_eq!(now(&world) - begun - passed, 5400);
    let (code, error) = world.fails(&["clock", "advance", "--", "-5m"]);
    assert_eq!((code, error.contains("time does not go back")), (2, true), "{error}");
}

#[test]
fn what_never_ends_is_left_alone_at_some_time() {
    let (world, dev) = served(&["--virtual-time"]);
    let begun = now(&world);
    world.prints(&["device", "speak", "Alice", "--assistant", "metronome"]);
    let output = world.relay(&["clock", "until-idle", "--most", "10m"]).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    let error = text(&output.stderr);
    assert!(error.starts_with("error: it is not idle yet\n  cause: the run wfi_"), "{error}");
    assert!(error.contains("10m have passed, as many as may"), "{error}");
    assert_eq!(now(&world) - begun, 600);
    dev.signal(Signal::INT);
    assert!(dev.end().success());
}

#[test]
fn a_schedule_without_end_is_not_waited_for() {
    let (world, mut dev) = served(&["--virtual-time"]);
    let listed = world.prints(&["workflow", "list", "--csv", "--no-header", "--columns", "name,uri"]);
    let uri = listed.lines().find_map(|line| line.strip_prefix("lights,")).unwrap();
    world.prints(&[
        "workflow",
        "create",
        "timer",
        "-n",
        "tick",
        "-u",
        uri,
        "-A",
        "--trigger",
        "repeat",
        "-f",
        "minutely",
        "-c",
        "100000",
    ]);
    let begun = now(&world);
    world.prints(&["clock", "until-idle"]);
    assert_eq!(now(&world), begun);
    world.prints(&["clock", "advance", "2h"]);
    dev.says("tick");
}

#[test]
fn on_real_time_there_is_nothing_to_advance() {
    let (world, _dev) = served(&[]);
    assert!(world.prints(&["clock"]).contains("(real time)"));
    for args in [&["clock", "until-idle"] as &[&str], &["clock", "advance", "1h"]] {
        let (code, error) = world.fails(args);
        assert_eq!(code, 1, "{error}");
        assert!(error.contains("real time") && error.contains("relay dev --virtual-time"), "{error}");
    }
}
