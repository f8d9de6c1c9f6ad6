//! `relay dev` with what it has not built itself.

use std::fs;

use rustix::process::Signal;

use crate::project;
use crate::world::Running;

const TALK: &str = "> hello\n< What is your name?\n> Ada\n< Hello Ada\n? end normal\n";

/// What nobody in the program waits for ends there at once, which shows that it was dialled.
const REACHED: &str = "> me too\n? end normal\n";

#[test]
fn a_program_that_says_what_it_offers_is_registered() {
    let (world, program) = project::practice();
    let mut dev = world.start(&["dev", "--port", "0", "--command", &program]);
    dev.says("keeps its data in .relay-dev");
    dev.says("say \"metronome\"");
    dev.says("ready");
    world.chats("Alice", TALK);
    // What people add for the same process stays, also when the process is another one.
    let listed = world.prints(&["workflow", "list", "--csv", "--no-header", "--columns", "name,uri"]);
    let hello = listed
        .lines()
        .find_map(|line| line.strip_prefix("hello,"))
        .unwrap()
        .replace("localhost", "127.0.0.1");
    world.prints(&["workflow", "create", "phrase", "-n", "mine", "-u", &hello, "--trigger", "me too", "-A"]);
    fs::write(world.dir.join("saved"), "").unwrap();
    dev.says("new runs use the new code");
    world.chats("Alice", REACHED);
    dev.signal(Signal::INT);
    assert!(dev.end().success());

    let mut dev = world.start(&["dev", "--port", "0", "--command", &program]);
    dev.says("ready");
    world.chats("Alice", REACHED);
    dev.signal(Signal::TERM);
    assert!(dev.end().success());
    assert_eq!((world.processes(), world.states()), (0, 0));
}

#[test]
fn a_server_that_runs_already_is_dialled() {
    let (world, program) = project::practice();
    world.prints(&["cert", "dev"]);
    let certificates = world.config().join("dev-certs");
    let mut server = world.command(&program);
    server.env("PORT", "0").env("RELAY_BIND", "127.0.0.1");
    server
        .env("RELAY_TLS_CERT", certificates.join("cert.pem"))
        .env("RELAY_TLS_KEY", certificates.join("key.pem"));
    let mut server = Running::start(server);
    let listening = server.says("listening on wss://");
    let (_, rest) = listening.split_once("127.0.0.1:").unwrap();
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();

    let base = format!("wss://localhost:{port}");
    let mut dev = world.start(&["dev", "--ephemeral", "--port", "0", "--uri", &base]);
    dev.says("none yet");
    dev.says(&format!("--uri {base}/PATH"));
    dev.says("ready");
    let uri = format!("{base}/hello");
    world.prints(&["workflow", "create", "phrase", "-n", "hi", "-u", &uri, "--trigger", "hello", "-A"]);
    world.chats("Bob", TALK);
    dev.signal(Signal::INT);
    assert!(dev.end().success());
    // It is not ours to end: only this one is left.
    assert_eq!(world.processes(), 1);
    server.signal(Signal::TERM);
    assert!(server.end().success());
}

#[test]
fn a_program_that_cannot_serve_is_explained() {
    let world = crate::world::World::new();
    let dev = |command: &str| {
        let args = ["dev", "--ephemeral", "--port", "0", "--no-watch", "--command", command];
        world.fails(&args)
    };
    let (code, error) = dev("sh -c 'echo oops >&2; exit 9'");
    assert_eq!(code, 1);
    assert!(error.contains("error: the workflow's program has ended with exit code 9"), "{error}");
    let (code, error) = dev("./no-such-program");
    assert_eq!(code, 1);
    assert!(error.contains("has ended with exit code 127"), "{error}");
    let (code, error) = world.fails(&["dev", "--uri", "localhost"]);
    assert_eq!(code, 2);
    assert!(error.contains("no URI of a workflow"), "{error}");
    assert_eq!(world.processes(), 0);
}
