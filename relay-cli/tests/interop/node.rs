//! A day with `relay dev --command "node app.mjs"`.

use std::os::unix::fs::symlink;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::world::{Running, World};

const APP: &str = include_str!("app.mjs");

fn with_app() -> World {
    let world = World::new();
    world.save("app.mjs", APP);
    let sdk = PathBuf::from(std::env::var_os("RELAY_INTEROP_JS").expect("run `cargo xtask interop`"));
    symlink(sdk.join("node_modules"), world.dir.join("node_modules")).unwrap();
    world
}

fn serve(world: &World, args: &[&str]) -> Running {
    let mut dev = world.start(&[&["dev", "--port", "0", "--command", "node app.mjs"], args].concat());
    dev.says("│ serving");
    dev
}

/// Greets Ada in these words.
fn greets(world: &World, word: &str) {
    let script = format!("> hello\n< What is your name?\n> Ada\n< {word} Ada\n? end normal\n");
    world.chats("Alice", &script);
}

#[test]
#[ignore = "needs node and the official JS SDK: cargo xtask interop"]
fn the_code_changes_under_running_sessions() {
    let world = with_app();
    let mut dev = serve(&world, &["--export", "relay.json"]);
    // It says nothing about itself, so that whoever wrote it has to.
    let create = dev.says("--uri wss://localhost:");
    let uri = create.trim().strip_prefix("--uri ").unwrap().replace("PATH", "hello");
    dev.says("ready");
    world.prints(&["workflow", "create", "phrase", "-n", "hello", "-A", "--trigger", "hello", "--uri", &uri]);
    greets(&world, "Hello");

    world.chats("Bob", "> hello\n< What is your name?\n");
    world.save("app.mjs", &APP.replace("createWorkflow(wf", "createWorkflow((wf"));
    dev.says("SyntaxError");
    dev.says("it cannot be started: the code from before goes on serving");
    greets(&world, "Hello");

    world.save("app.mjs", &APP.replace("Hello ${", "Welcome ${"));
    dev.says("new runs use the new code");
    greets(&world, "Welcome");
    world.chats("Bob", "> Bea\n< Hello Bea\n? end normal\n");
    dev.signal(Signal::INT);
    assert!(dev.end().success());
    assert_eq!(world.processes(), 0);

    // What was registered is known the next time, and from the file.
    for args in [&[] as &[&str], &["--ephemeral", "--import", "relay.json"]] {
        let mut dev = serve(&world, args);
        dev.says("say \"hello\"");
        dev.says("ready");
        greets(&world, "Welcome");
        dev.signal(Signal::TERM);
        assert!(dev.end().success());
        assert_eq!((world.processes(), world.states()), (0, 0));
    }
}
