//! What went over the wire, for whoever watches and for errors.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

/// Who sent a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// This side.
    Engine,
    /// The workflow.
    Workflow,
}

/// One WebSocket frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text.
    Text(String),
    /// Anything else than a text, by its length in bytes.
    Binary(usize),
    /// Sign of life wanted.
    Ping,
    /// Sign of life.
    Pong,
    /// The last frame of this side. Without a code, none was sent.
    Close(Option<u16>, String),
}

/// One frame of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How long after the WebSocket was open.
    pub at: Duration,
    /// Who sent it.
    pub from: Side,
    /// The frame.
    pub frame: Frame,
}

/// How many lines, and how many characters of each, an error tells.
const TOLD: usize = 40;
const TOLD_CHARS: usize = 240;

type Watch = Box<dyn FnMut(&Line) + Send>;

pub(super) struct Conversation {
    opened: Instant,
    lines: Vec<Line>,
    watch: Option<Watch>,
}

impl Conversation {
    pub(super) fn new() -> Self {
        Self { opened: Instant::now(), lines: Vec::new(), watch: None }
    }

    pub(super) fn watch(&mut self, watch: impl FnMut(&Line) + Send + 'static) {
        self.watch = Some(Box::new(watch));
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.opened.elapsed()
    }

    pub(super) fn note(&mut self, from: Side, message: &Message) {
        let line = Line { at: self.elapsed(), from, frame: Frame::from(message) };
        if let Some(watch) = &mut self.watch {
            watch(&line);
        }
        self.lines.push(line);
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The last lines.
    pub(super) fn tell(&self) -> String {
        let left_out = self.lines.len().saturating_sub(TOLD);
        let mut told = match left_out {
            0 => String::new(),
            n => format!("({n} frames before)\n"),
        };
        for line in &self.lines[left_out..] {
            told.extend(line.to_string().chars().take(TOLD_CHARS));
            told.push('\n');
        }
        told
    }
}

impl From<&Message> for Frame {
    fn from(message: &Message) -> Self {
        match message {
            Message::Text(text) => Self::Text(text.to_string()),
            Message::Ping(_) => Self::Ping,
            Message::Pong(_) => Self::Pong,
            Message::Close(Some(close)) => Self::Close(Some(close.code.into()), close.reason.to_string()),
            Message::Close(None) => Self::Close(None, String::new()),
            Message::Binary(bytes) => Self::Binary(bytes.len()),
            Message::Frame(frame) => Self::Binary(frame.payload().len()),
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Engine => "engine",
            Self::Workflow => "workflow",
        })
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Binary(length) => write!(f, "({length} bytes of binary data)"),
            Self::Ping => f.write_str("(ping)"),
            Self::Pong => f.write_str("(pong)"),
            Self::Close(Some(code), reason) => write!(f, "(close, code {code}) {reason}"),
            Self::Close(None, _) => f.write_str("(close, without a code)"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:9.3} ms  {:8}  {}", self.at.as_secs_f64() * 1e3, self.from, self.frame)
    }
}
