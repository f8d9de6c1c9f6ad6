//! One log of everything, through restarts.

use rustix::process::Signal;

use crate::project;
use crate::world::{Running, World};

const TALK: &str = "> hello\n< What is your name?\n> Ada\n< Hello Ada\n? end normal\n";

/// The end of the instance's id, by which lines of one run are known. Before it is the time.
fn run(line: &str) -> &str {
    line.split_whitespace().nth(1).unwrap()
}

fn serve(world: &World, program: &str, port: &str) -> (Running, String) {
    let mut dev = world.start(&["dev", "--port", port, "--command", program]);
    let server = dev.says("server ");
    let (_, rest) = server.split_once("127.0.0.1:").unwrap();
    let port = rest.chars().take_while(char::is_ascii_digit).collect();
    dev.says("ready");
    (dev, port)
}

#[test]
fn all_that_belongs_together_has_one_id_before_and_after_a_restart() {
    let (world, program) = project::practice();
    let (dev, port) = serve(&world, &program, "0");
    let mut logs = world.start(&["logs", "--follow"]);
    logs.says("following http://127.0.0.1:");
    let mut told = || {
        world.chats("Alice", TALK);
        let started = logs.says("hello starts: phrase \"hello\" from Alice");
        let id = run(&started).to_owned();
        // The platform, the workflow's program and the device take part in no order that matters.
        let lines: Vec<String> = std::iter::from_fn(|| {
            let line = logs.says(" ");
            (!line.contains("hello ends: normal")).then_some(line)
        })
        .collect();
        let of_the_run = |part: &str| lines.iter().any(|line| line.contains(part) && run(line) == id);
        for part in ["Alice hears \"Hello Ada\"", "Alice says \"Ada\"", "│", "somebody is here"] {
            assert!(of_the_run(part), "{part} in {lines:#?}");
        }
        id
    };
    let first = told();
    dev.signal(Signal::INT);
    assert!(dev.end().success());
    logs.says("the server is away");

    // The same place, and another token.
    let (_dev, _) = serve(&world, &program, &port);
    logs.says("a gap of");
    let mut told = || {
        world.chats("Alice", TALK);
        let started = logs.says("hello starts: phrase \"hello\" from Alice");
        logs.says("hello ends: normal");
        run(&started).to_owned()
    };
    assert_ne!(told(), first);
    let of_one = world.prints(&["logs", "--instance", &first, "--json"]);
    assert_eq!(of_one, "", "the server does not know it any more");
}
