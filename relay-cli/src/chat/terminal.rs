//! A conversation with whoever sits at the terminal.

use std::io::{self, Write};
use std::thread;

use console::{Key, Term};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::act::{ACTS, Act};
use super::person::Person;
use crate::error::Result;
use crate::output::{BOLD, DIM, Out, WARN};
use crate::stream::Story;

/// Ctrl-D.
const LEAVE: Key = Key::Char('\u{4}');

/// Until Ctrl-C or Ctrl-D.
pub(crate) async fn converse(out: &Out, person: &mut Person<'_>) -> Result<()> {
    let _mode = mode::Restored::new();
    let mut keys = keys();
    let mut line = Input { who: person.name.clone(), text: String::new() };
    out.note(format_args!(
        "{BOLD}{}{BOLD:#} is yours. Type and press Enter to speak.\n\
         {DIM}Enter alone taps Talk, ↑ twice; Tab taps Assistant; /help shows the rest; Ctrl-C leaves.{DIM:#}",
        person.name
    ));
    let story = Story::default();
    loop {
        line.show();
        tokio::select! {
            event = person.next() => {
                if let Some(told) = story.tell(&event?, &person.names) {
                    line.hide();
                    out.line(told)?;
                }
            }
            key = keys.recv() => match line.press(key) {
                Pressed::More => {}
                Pressed::Leave => {
                    line.hide();
                    return Ok(());
                }
                Pressed::Help => {
                    line.hide();
                    out.note(ACTS.lines().map(|line| format!("  {line}\n")).collect::<String>());
                }
                Pressed::Wrong(why) => {
                    line.hide();
                    out.note(format_args!("{WARN}{why}{WARN:#}"));
                }
                Pressed::Act(act) => {
                    line.hide();
                    match person.act(&act).await {
                        Ok(true) => {}
                        Ok(false) => out.note(format_args!("{WARN}no workflow listens now{WARN:#}")),
                        Err(error) => out.error(&error),
                    }
                }
            },
        }
    }
}

/// What is being typed.
struct Input {
    who: String,
    text: String,
}

enum Pressed {
    /// Nothing yet.
    More,
    Act(Act),
    Help,
    Wrong(String),
    Leave,
}

impl Input {
    fn press(&mut self, key: Option<Key>) -> Pressed {
        let tap = |button: &str, taps: &str| {
            Pressed::Act(Act::Do("tap", serde_json::json!({ "button": button, "taps": taps })))
        };
        match key {
            None | Some(Key::CtrlC | LEAVE) => Pressed::Leave,
            Some(Key::Char(c)) if !c.is_control() => {
                self.text.push(c);
                Pressed::More
            }
            Some(Key::Backspace) => {
                self.text.pop();
                Pressed::More
            }
            Some(Key::Escape) => {
                self.text.clear();
                Pressed::More
            }
            Some(Key::Tab) => tap("channel", "single"),
            Some(Key::ArrowUp) => tap("action", "double"),
            Some(Key::Enter) => match std::mem::take(&mut self.text).trim() {
                "" => tap("action", "single"),
                "/help" | "/?" | "/" => Pressed::Help,
                text => match text.strip_prefix('/').map(str::parse) {
                    Some(Ok(act)) => Pressed::Act(act),
                    Some(Err(why)) => Pressed::Wrong(format!("{why}; see /help")),
                    None => Pressed::Act(Act::Say(text.into())),
                },
            },
            Some(_) => Pressed::More,
        }
    }

    fn show(&self) {
        let mut terminal = anstream::stderr();
        // A terminal that is gone will end us.
        let _ = write!(terminal, "\r\x1b[K{BOLD}{}{BOLD:#} {}", format_args!("{}>", self.who), self.text);
        let _ = terminal.flush();
    }

    fn hide(&self) {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// Keys are read by a thread of their own, which ends with the process.
fn keys() -> UnboundedReceiver<Key> {
    let (tell, keys) = unbounded_channel();
    thread::spawn(move || {
        let terminal = Term::stderr();
        while let Ok(key) = terminal.read_key() {
            let last = matches!(key, Key::CtrlC | LEAVE);
            if tell.send(key).is_err() || last {
                return;
            }
        }
    });
    keys
}

/// Whether somebody sits there.
pub(crate) fn is_there() -> bool {
    Term::stderr().is_term() && console::user_attended()
}

/// Keys are read one by one, for which the terminal is switched over while we wait for one. However we leave, it is as
/// it was.
#[cfg(unix)]
mod mode {
    use std::io::stdin;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    pub(super) struct Restored(Option<Termios>);

    impl Restored {
        pub(super) fn new() -> Self {
            Self(tcgetattr(stdin()).ok())
        }
    }

    impl Drop for Restored {
        fn drop(&mut self) {
            if let Some(mode) = &self.0 {
                let _ = tcsetattr(stdin(), OptionalActions::Now, mode);
            }
        }
    }
}

#[cfg(not(unix))]
mod mode {
    pub(super) struct Restored;

    impl Restored {
        pub(super) fn new() -> Self {
            Self
        }
    }
}
