//! A day with `relay dev`.

use rustix::process::Signal;

use crate::project;
use crate::world::text;

/// How many milliseconds after something it was.
fn millis(line: &str) -> u32 {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words.windows(2).position(|two| two == ["ms", "after"]).unwrap();
    words[at - 1].parse().unwrap()
}

#[test]
fn the_code_changes_under_running_sessions() {
    let world = project::new("greeter");
    // Whoever is asked waits for the compiler too, which takes its time where there is little to be had.
    world.save("src/main.rs", &world.read("src/main.rs").replace("secs(30)", "mins(10)"));
    let mut dev = world.start(&["dev", "--port", "0"]);
    dev.says("keeps its data in target/relay-dev");
    dev.says("say \"hello\"");
    let ready = dev.says("ready");
    let doctor = world.relay(&["doctor"]).output().unwrap();
    assert!(doctor.status.success(), "{}", text(&doctor.stdout));

    world.chats("Alice", "> hello\n< What is your name?\n> Ada\n< Hello Ada\n? end normal\n");
    dev.says("Alice hears \"Hello Ada\"");
    let wrong = world.chat("Alice", "> hello\n< Who are you?\n");
    assert_eq!(wrong.status.code(), Some(6));
    assert_eq!(text(&wrong.stderr), "error: line 2: heard \"What is your name?\", not \"Who are you?\"\n");
    world.chats("Alice", "> Eve\n<~ Eve\n? end\n");

    // Somebody begins a conversation, and somebody else a change.
    world.chats("Bob", "> hello\n< What is your name?\n");
    let code = world.read("src/main.rs");
    world.save("src/main.rs", &code.replace("Hello {heard}\"", "Welcome {heard}"));
    dev.says("error");
    dev.says("it cannot be built: the code from before goes on serving");
    world.chats("Alice", "> hello\n<~ name\n> Ada\n< Hello Ada\n? end normal\n");

    world.save("src/main.rs", &code.replace("Hello {heard}", "Welcome {heard}"));
    let swapped = dev.says("new runs use the new code");
    world.chats("Alice", "> hello\n<~ name\n> Ada\n< Welcome Ada\n? end normal\n");
    // `relay` itself, and two programs, each with its guard.
    assert_eq!(world.processes(), 5);
    world.chats("Bob", "> Bea\n< Hello Bea\n? end normal\n");
    dev.says("stopped");

    dev.signal(Signal::INT);
    assert!(dev.end().success());
    assert_eq!((world.processes(), world.states()), (0, 0));

    let (ready_in, swapped_in) = (millis(&ready), millis(&swapped));
    println!("ready {ready_in} ms after it was built (goal: 150 ms)");
    println!("new code used {swapped_in} ms after it was linked (goal: 100 ms)");
    assert!(ready_in < 1500 && swapped_in < 1000);
}
