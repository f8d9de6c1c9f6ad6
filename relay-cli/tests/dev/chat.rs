//! A device in a terminal.

use rustix::process::Signal;

use crate::project;
use crate::screen::Screen;
use crate::world::{Running, World};

fn served() -> (World, Running) {
    let (world, program) = project::practice();
    let mut dev = world.start(&["dev", "--ephemeral", "--port", "0", "--command", &program]);
    dev.says("ready");
    (world, dev)
}

#[test]
fn somebody_types_and_sees_what_comes_of_it() {
    let (world, _dev) = served();
    let mut screen = Screen::start(&world.relay(&["chat", "Alice"]), 24, 80);
    screen.shows("Alice is yours. Type and press Enter to speak.");
    screen.shows("Alice>");
    screen.types("hello\r");
    let heard = screen.shows("Alice hears \"What is your name?\"");
    assert_eq!(heard.matches("Alice> hello").count(), 1, "{heard}");
    screen.shows("Alice is listened to");
    screen.types("Adax\x7f\r");
    screen.shows("Alice hears \"Hello Ada\"");
    screen.shows("hello ends: normal");

    screen.types("lights\r");
    screen.shows("Alice sees the ring: rainbow");
    screen.shows("Alice feels a vibration");
    screen.shows("Alice hears \"Tap\"");
    screen.types("\x1b[A");
    screen.shows("Alice presses action (double)");
    screen.shows("It was double on action");
    screen.shows("lights ends: normal");

    screen.types("/jump\r");
    screen.shows("nobody can `jump`; see /help");
    screen.types("\t");
    screen.shows("no workflow takes it");
    screen.types("/help\r");
    screen.shows("/discharge PERCENT");
    screen.types("/offline\rhello\r");
    screen.shows("the device is offline");
}

#[test]
fn however_it_ends_the_terminal_is_as_it_was() {
    let (world, _dev) = served();
    for leave in ["\x03", "\x04", "/leave\r", ""] {
        let script = format!("{} chat Alice; echo ended with $?", env!("CARGO_BIN_EXE_relay"));
        let mut shell = world.command("sh");
        shell.args(["-c", &script]);
        let mut screen = match leave {
            "" => Screen::start(&world.relay(&["chat", "Alice"]), 24, 80),
            _ => Screen::start(&shell, 24, 80),
        };
        let before = screen.mode();
        screen.shows("Alice>");
        match leave {
            "" => screen.signal(Signal::TERM),
            keys => {
                screen.types(keys);
                screen.shows("ended with 0");
            }
        }
        assert!(screen.end().success());
        assert_eq!(screen.mode(), before, "{leave:?}");
    }
}

#[test]
fn in_a_narrow_terminal_words_stay_whole_and_one_line_is_typed_on() {
    let (world, _dev) = served();
    let mut screen = Screen::start(&world.relay(&["chat", "Alice"]), 30, 40);
    let said = screen.shows("leaves.");
    assert!(said.contains("Tab taps\nAssistant; /help shows the rest; Ctrl-C\nleaves."), "{said}");
    screen.shows("Alice>");
    screen.types("a sentence that is a good deal longer than one line of it");
    let typed = screen.shows("longer than one line of it");
    let lines: Vec<&str> = typed.lines().filter(|line| line.starts_with("Alice>")).collect();
    assert_eq!(lines, ["Alice> …deal longer than one line of it"], "{typed}");
    screen.types("\x1b");
    screen.shows_when(|text| text.trim_end().ends_with("Alice>"), "an empty line");
    screen.types("hello\r");
    let heard = screen.shows("your name?\"");
    assert!(heard.contains("Alice hears \"What is\n                  your name?\""), "{heard}");
}

#[test]
fn what_comes_from_a_file_is_a_script_at_a_terminal_too() {
    let (world, _dev) = served();
    world.save("talk", "> hello\n< What is your name?\n> Ada\n< Hello Ada\n");
    let mut shell = world.command("sh");
    shell.args(["-c", &format!("{} chat Alice < talk; echo ended with $?", env!("CARGO_BIN_EXE_relay"))]);
    let mut screen = Screen::start(&shell, 24, 80);
    screen.shows("all 2 expectations came true");
    screen.shows("ended with 0");
}
