//! Devices, registrations and schedules in a file.

use std::fs;

use rustix::process::Signal;
use serde_json::Value;

use crate::world::World;

/// A server that has no workflow to run.
const SERVER: [&str; 6] = ["dev", "--ephemeral", "--port", "0", "--uri", "wss://localhost:1"];

fn serve(world: &World, args: &[&str], meanwhile: impl FnOnce(&World)) {
    let mut dev = world.start(&[&SERVER[..], args].concat());
    dev.says("ready");
    meanwhile(world);
    dev.signal(Signal::INT);
    assert!(dev.end().success());
}

#[test]
fn what_was_exported_can_be_imported() {
    let world = World::new();
    serve(&world, &["--export", "one.json"], |world| {
        world.prints(&["device", "create", "Zoe"]);
        world.prints(&["group", "create", "Night"]);
        world.prints(&["geofence", "create", "-n", "Yard", "-r", "100", "-t", "35.5", "-g", "-78.1"]);
        let create = ["workflow", "create"];
        let with = |kind: &[&'static str]| world.prints(&[&create[..], kind].concat());
        with(&["phrase", "-n", "hi", "-u", "wss://localhost:1/hi", "--trigger", "hi", "-A", "-a", "x=1"]);
        with(&[
            "timer",
            "-n",
            "nightly",
            "-u",
            "wss://elsewhere.example/n",
            "-A",
            "--trigger",
            "repeat",
            "-f",
            "weekly",
            "-c",
            "9",
        ]);
    });
    let one = world.read("one.json");
    let document: Value = serde_json::from_str(&one).unwrap();
    let count = |key: &str| document[key].as_array().map_or(0, Vec::len);
    assert_eq!((count("devices"), count("groups"), count("geofences"), count("workflows")), (3, 1, 1, 2));
    // What is served by the process has no port, which is another one each time.
    assert!(
        one.contains("\"uri\": \"/hi\"") && one.contains("\"uri\": \"wss://elsewhere.example/n\""),
        "{one}"
    );
    assert!(one.contains("\"x\": \"1\"") && !one.contains("null"), "{one}");

    serve(&world, &["--import", "one.json", "--export", "two.json"], |world| {
        let listed = world.prints(&["workflow", "list", "--csv", "--columns", "name,uri"]);
        assert!(listed.contains("hi,wss://localhost:1/hi"), "{listed}");
    });
    assert_eq!(world.read("two.json"), one);

    let relay = env!("CARGO_BIN_EXE_relay");
    let listed = world.prints(&["exec", "--import", "one.json", "--", relay, "workflow", "list", "--csv"]);
    assert!(listed.contains("nightly") && listed.contains("hi"), "{listed}");
}

#[test]
fn of_a_bad_file_the_place_is_named_and_nothing_is_lost() {
    let world = World::new();
    world.save("good.json", "{}");
    // What is in the kept data before.
    let kept = ["dev", "--port", "0", "--uri", "wss://localhost:1"];
    let mut dev = world.start(&kept);
    dev.says("ready");
    world.prints(&["device", "create", "Zoe"]);
    dev.signal(Signal::INT);
    assert!(dev.end().success());

    for (text, why) in [
        ("{\n  \"devices\": [\n    {\n  ]\n}", "line 4 column 3"),
        ("{\n  \"device\": []\n}", "unknown field `device`, expected one of `users`, `devices`"),
        (
            "{\n  \"devices\": [\n    { \"id\": \"1\", \"name\": 7 }\n  ]\n}",
            "expected a string at line 3 column",
        ),
        ("{\n  \"devices\": [\n    { \"name\": \"Ann\" }\n  ]\n}", "missing field `id` at line 3 column"),
        ("[]", "it holds no object"),
        ("", "EOF while parsing"),
    ] {
        world.save("bad.json", text);
        let (code, error) =
            world.fails(&[&kept[..], &["--import", "bad.json", "--export", "bad.json"]].concat());
        assert_eq!(code, 2, "{error}");
        assert!(error.starts_with("error: bad.json cannot be imported\n  cause: "), "{error}");
        assert!(error.contains(why), "{error}");
        assert_eq!(world.read("bad.json"), text);
    }
    let (code, error) = world.fails(&[&kept[..], &["--import", "gone.json"]].concat());
    assert_eq!((code, error.contains("No such file")), (2, true), "{error}");

    let unfit = r#"{ "devices": [{ "id": "990007560000009", "name": "Ann" }], "workflows": [{ "workflow_id": "wf_1",
        "name": "yard", "config": { "trigger": { "on_geofence": { "geofence_id": "nowhere", "transition": "entry" },
        "start": { "workflow": { "uri": "/yard", "args": {} } } } } }] }"#;
    world.save("unfit.json", unfit);
    let (code, error) = world.fails(&[&kept[..], &["--import", "unfit.json"]].concat());
    assert_eq!(code, 2, "{error}");
    assert!(error.contains("  cause: workflow wf_1: ") && error.contains("nowhere"), "{error}");

    let mut dev = world.start(&kept);
    dev.says("ready");
    let devices = world.prints(&["devices", "--csv", "--no-header", "--columns", "name"]);
    assert!(devices.contains("Zoe"), "{devices}");
    dev.signal(Signal::INT);
    assert!(dev.end().success());
    let left = fs::read_dir(&world.dir).unwrap().flatten().map(|entry| entry.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().ends_with(".new")));
}
