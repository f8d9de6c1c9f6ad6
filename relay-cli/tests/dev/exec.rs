//! A command beside a server of its own.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;

use rustix::process::Signal;

use crate::world::{Running, World, text};

const RELAY: &str = env!("CARGO_BIN_EXE_relay");

#[test]
fn the_exit_code_is_passed_on_and_nothing_is_left() {
    let world = World::new();
    let tmp = world.dir.join("tmp");
    fs::create_dir(&tmp).unwrap();
    let script = "echo $RELAY_HOST; test -r $RELAY_TLS_CERT && test -r $RELAY_TLS_KEY || exit 1
        test -n \"$RELAY_API_KEY$RELAY_SUBSCRIBER_ID\" && $0 api /v1/devices && exit 7";
    let mut exec = world.relay(&["exec", "--device", "Zoe", "--", "sh", "-c", script, RELAY]);
    let output = exec.env("TMPDIR", &tmp).output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(said.contains("\"Zoe\""), "{said}");
    let host: SocketAddr = said.lines().next().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
    assert!(TcpStream::connect(host).is_err(), "the server is still there");
    assert_eq!((world.processes(), world.states(), fs::read_dir(&tmp).unwrap().count()), (0, 0, 0));
}

#[test]
fn each_has_a_server_of_its_own() {
    let world = World::new();
    let script =
        "$0 device create Zoe >&2; $0 exec -- $0 devices --csv --columns name --no-header; $0 devices";
    let output = world.relay(&["exec", "--", "sh", "-c", script, RELAY]).output().unwrap();
    assert!(text(&output.stdout).starts_with("Alice\nBob\n"), "{}", text(&output.stdout));
    assert_eq!(text(&output.stdout).matches("Zoe").count(), 1);
}

#[test]
fn signals_are_passed_on() {
    let world = World::new();
    let script = "trap 'kill $!; exit 3' INT TERM HUP; sleep 1000 & echo ready; wait $!";
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let mut exec = world.relay(&["exec", "--", "bash", "-c", script]);
        // Of a group in front of a terminal the terminal takes care itself.
        exec.process_group(0);
        let mut exec = Running::start(exec);
        exec.says("ready");
        exec.signal(signal);
        assert_eq!(exec.end().code(), Some(3), "{signal:?}");
        assert_eq!(world.processes(), 0);
    }
}

#[test]
fn the_end_by_a_signal_is_told_as_shells_do() {
    let world = World::new();
    let output = world.relay(&["exec", "--", "sh", "-c", "kill -TERM $$"]).output().unwrap();
    assert_eq!(output.status.code(), Some(143));
    let (code, why) = world.fails(&["exec", "--", "./no-such-program"]);
    assert_eq!(code, 2);
    assert!(why.starts_with("error: cannot run ./no-such-program\n  cause: "), "{why}");
    assert_eq!(world.states(), 0);
}
