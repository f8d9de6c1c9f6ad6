//! A conversation with whoever sits at the terminal.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::thread;

use console::{Key, Term, measure_text_width};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::act::{ACTS, Act};
use super::mode::Mode;
use super::person::{Person, Taken};
use crate::dev::Signals;
use crate::error::Result;
use crate::output::{BOLD, DIM, Out, WARN, wrap};
use crate::stream::Story;

/// Ctrl-D.
const LEAVE: Key = Key::Char('\u{4}');

/// Until Ctrl-C or Ctrl-D.
pub(crate) async fn converse(out: &Out, person: &mut Person) -> Result<()> {
    let mode = Mode::new();
    let _restored = mode.restored();
    let mut signals = Signals::new()?;
    let mut keys = keys(mode);
    let mut line = Input { who: person.name.clone(), text: String::new() };
    out.note(format_args!("{BOLD}{}{BOLD:#} is yours. Type and press Enter to speak.", person.name));
    let keys_are = "Enter alone taps Talk, ↑ twice; Tab taps Assistant; /help shows the rest; Ctrl-C leaves.";
    out.note(format_args!("{DIM}{}{DIM:#}", wrap(keys_are, out.live_width(), 0)));
    let story = Story::default();
    loop {
        line.show();
        tokio::select! {
            _ = signals.next() => {
                line.hide();
                return Ok(());
            }
            event = person.next() => {
                if let Some(told) = story.tell(&event?, &person.names) {
                    line.hide();
                    out.line(told.fit(out.live_width()))?;
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
                    for (act, what) in ACTS {
                        out.note(format_args!("  /{act:18} {}", wrap(what, out.live_width(), 22)));
                    }
                }
                Pressed::Wrong(why) => {
                    line.hide();
                    out.note(format_args!("{WARN}{why}{WARN:#}"));
                }
                Pressed::Act(act) => {
                    line.hide();
                    // What was typed stays to be seen above what comes of it.
                    out.note(format_args!("{DIM}{}> {act}{DIM:#}", person.name));
                    match person.act(&act).await {
                        Ok(Taken::Somebody) => {}
                        Ok(Taken::NotNow) => out.note(format_args!("{WARN}no workflow listens now{WARN:#}")),
                        Ok(Taken::Nobody) => out.note(format_args!("{WARN}no workflow takes it{WARN:#}")),
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
                "/leave" => Pressed::Leave,
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
        let room = Term::stderr().size_checked().map_or(80, |(_, columns)| usize::from(columns));
        let text = end_of(&self.text, room.saturating_sub(measure_text_width(&self.who) + 3));
        let _ = write!(terminal, "\r\x1b[K{BOLD}{}>{BOLD:#} {text}", self.who);
        let _ = terminal.flush();
    }

    fn hide(&self) {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}

/// As much of the end as fits in one line: of a line that the terminal has broken, only the last part could be erased.
fn end_of(text: &str, room: usize) -> Cow<'_, str> {
    let total = measure_text_width(text);
    if total <= room {
        return text.into();
    }
    let mut width = 0;
    let end = text.char_indices().rev().take_while(|(_, c)| {
        width += measure_text_width(c.encode_utf8(&mut [0; 4]));
        width < room
    });
    let from = end.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", &text[from..]).into()
}

/// Keys are read by a thread of their own, which ends with the process.
fn keys(mode: Mode) -> UnboundedReceiver<Key> {
    let (tell, keys) = unbounded_channel();
    thread::spawn(move || {
        let terminal = Term::stderr();
        while let Some(Ok(key)) = mode.when_typed(|| terminal.read_key()) {
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
    io::stdin().is_terminal() && Term::stderr().is_term() && console::user_attended()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_line_the_end_is_shown() {
        assert_eq!(end_of("hello", 5), "hello");
        assert_eq!(end_of("hello you", 5), "… you");
        assert_eq!(end_of("你好你好", 5), "…你好");
        assert_eq!(end_of("hello", 1), "…");
    }
}
