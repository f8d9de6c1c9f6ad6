//! Events as people read them: who did what, one line each.

use std::fmt;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Event, Names};
use crate::output::{BAD, BOLD, DIM, GOOD, WARN, wrap};

/// Runs of workflows are told apart by these.
const COLORS: [AnsiColor; 5] =
    [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Green, AnsiColor::Yellow];

/// Where the text of a line begins: after the time and the end of an id.
const MARGIN: usize = 18;

/// A line to be shown: `12:04:31.204 3f2a Alice hears "Hello"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// In milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) instance: Option<String>,
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Line {
    pub(crate) fn new(at: i64, text: impl Into<String>) -> Self {
        Self { at, instance: None, text: text.into(), style: Style::new() }
    }

    pub(crate) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Breaks it between words where it is too long, below where its text begins.
    pub(crate) fn fit(mut self, width: Option<usize>) -> Self {
        self.text = wrap(&self.text, width, MARGIN);
        self
    }

    fn of(event: &Event, text: impl Into<String>) -> Self {
        Self { instance: event.instance.clone(), ..Self::new(event.at, text) }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, instance, text, style } = self;
        write!(f, "{DIM}{}{DIM:#} ", clock(*at))?;
        match instance {
            Some(id) => {
                let color = Style::new().fg_color(Some(color(id).into()));
                write!(f, "{color}{}{color:#} ", short(id))?;
            }
            None => f.write_str("     ")?,
        }
        write!(f, "{style}{text}{style:#}")
    }
}

/// The end of an id: what is random in it.
pub(crate) fn short(id: &str) -> &str {
    let from = id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    &id[from..]
}

fn color(id: &str) -> AnsiColor {
    let sum: usize = id.bytes().map(usize::from).sum();
    COLORS[sum % COLORS.len()]
}

fn clock(at: i64) -> String {
    let time = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned_datetime(TimeZone::system());
    time.strftime("%H:%M:%S%.3f").to_string()
}

/// Tells what happens.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// Also what only matters to those who look closer.
    pub(crate) all: bool,
}

impl Story {
    /// The line for an event, if it is worth one.
    pub(crate) fn tell(&self, event: &Event, names: &Names) -> Option<Line> {
        match &*event.kind {
            "device" => self.device(event, names),
            "frame" => self.frame(event, names),
            "instance" => instance(event, names),
            "log" => Some(log(event)),
            "trigger" if self.all => Some(Line::of(event, format!("trigger {}", event.what)).style(DIM)),
            _ => None,
        }
    }

    fn device(&self, event: &Event, names: &Names) -> Option<Line> {
        let who = names.device(event.device.as_deref()?);
        let (text, style) = match &*event.what {
            "sound_started" => match (event.text("text"), event.text("file")) {
                (Some(text), _) => (format!("{who} hears {text:?}"), GOOD),
                (None, file) => (format!("{who} hears the sound {}", file.unwrap_or("?")), GOOD),
            },
            "vibration" => (format!("{who} feels a vibration"), Style::new()),
            "ring" if event.data.is_null() => (format!("{who} sees the ring go dark"), DIM),
            "ring" => (format!("{who} sees the ring: {}", ring(&event.data)), Style::new()),
            "call" => (call(who, event), Style::new()),
            "push" => (format!("{who} is shown {:?}", event.text("text").unwrap_or_default()), GOOD),
            "listening" if event.data["on"] == true => (format!("{who} is listened to"), DIM),
            "spoke" | "asked_assistant" | "tapped" | "acted" => (acted(who, event), BOLD),
            what if self.all => (format!("{who}: {what} {}", plain(&event.data)), DIM),
            _ => return None,
        };
        let instance = event.instance.clone().or_else(|| event.text("by").map(str::to_owned));
        Some(Line { instance, ..Line::new(event.at, text).style(style) })
    }

    /// Of what goes over the wire only what people did: the rest is seen at the devices.
    fn frame(&self, event: &Event, names: &Names) -> Option<Line> {
        let text = event.text("text")?;
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        let said = |key: &str| frame.get(key).and_then(Value::as_str).unwrap_or_default();
        let who = || named(said("source_uri"), names);
        let (text, style) = match said("_type") {
            "wf_api_start_event" => (start(&frame["trigger"], event, names), BOLD),
            "wf_api_speech_event" if said("text").is_empty() => {
                (format!("{} says nothing", who()), Style::new())
            }
            "wf_api_speech_event" => (format!("{} says {:?}", who(), said("text")), Style::new()),
            "wf_api_button_event" => {
                (format!("{} presses {} ({})", who(), said("button"), said("taps")), Style::new())
            }
            "wf_api_error_response" => (format!("refused: {}", plain(&frame)), WARN),
            _ if self.all => {
                let arrow = if event.what == "sent" { "←" } else { "→" };
                (format!("{arrow} {text}"), DIM)
            }
            _ => return None,
        };
        Some(Line::of(event, text).style(style))
    }
}

fn instance(event: &Event, names: &Names) -> Option<Line> {
    let workflow = event.workflow.as_deref().map(|id| names.workflow(id)).unwrap_or("the workflow");
    let (text, style) = match &*event.what {
        "dial_failed" => {
            (format!("{workflow} cannot be reached: {}", event.text("why").unwrap_or_default()), BAD)
        }
        "ended" => {
            let reason = event.text("reason").unwrap_or_default();
            let style = if matches!(reason, "normal" | "") { DIM } else { BAD };
            (format!("{workflow} ends: {reason}"), style)
        }
        "notification" => (format!("notification {}", plain(&event.data)), DIM),
        "sms" => (format!("text message {}", plain(&event.data)), GOOD),
        "incident_opened" | "incident_closed" => {
            (format!("{} {}", event.what.replace('_', " "), plain(&event.data)), WARN)
        }
        _ => return None,
    };
    Some(Line::of(event, text).style(style))
}

fn log(event: &Event) -> Line {
    let message = event.text("message").unwrap_or_default();
    match &*event.what {
        "workflow" => Line::of(event, format!("│ {message}")),
        _ => Line::of(event, message).style(WARN),
    }
}

fn start(trigger: &Value, event: &Event, names: &Names) -> String {
    let workflow = event.workflow.as_deref().map(|id| names.workflow(id)).unwrap_or("a workflow");
    let args = &trigger["args"];
    let kind = trigger["type"].as_str().unwrap_or("?");
    let detail = match kind {
        "phrase" => {
            let [phrase, rest] = ["phrase", "spillover"].map(|key| args[key].as_str().unwrap_or_default());
            format!(" {:?}", format!("{phrase} {rest}").trim())
        }
        _ => String::new(),
    };
    let by = args["source_uri"].as_str().map(|uri| format!(" from {}", named(uri, names)));
    format!("{workflow} starts: {kind}{detail}{}", by.unwrap_or_default())
}

/// What a URN names, as people call it.
fn named(uri: &str, names: &Names) -> String {
    let Ok(urn) = relay_protocol::Urn::parse(uri) else { return uri.to_owned() };
    let id = urn.device().and_then(|device| device.id().map(|id| id.as_str().to_owned()));
    id.map_or_else(|| uri.to_owned(), |id| names.device(&id).to_owned())
}

fn acted(who: &str, event: &Event) -> String {
    match (event.text("text"), &*event.what) {
        (Some(text), "asked_assistant") => format!("{who} says to the Assistant: {text:?}"),
        (Some(text), _) => format!("{who} says {text:?}"),
        (None, what) => format!("{who} {what} {}", plain(&event.data)),
    }
}

fn call(who: &str, event: &Event) -> String {
    let other = event.text("name").unwrap_or_default();
    match event.text("status").unwrap_or_default() {
        "calling" => format!("{who} calls {other}"),
        "ringing" => format!("{who} is called by {other}"),
        "connected" => format!("{who} talks with {other}"),
        _ => format!("{who}: the call is over ({})", event.text("reason").unwrap_or_default()),
    }
}

fn ring(light: &Value) -> String {
    let effect = light["effect"].as_str().unwrap_or("?");
    if effect == "rainbow" {
        return effect.to_owned(); // it has them all
    }
    let mut colors: Vec<&str> =
        light["colors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    colors.dedup();
    format!("{effect} {}", colors.join(" ")).trim().to_owned()
}

/// `name=Bob status=ended`: the fields of an object.
fn plain(value: &Value) -> String {
    let Value::Object(map) = value else {
        return if value.is_null() { String::new() } else { value.to_string() };
    };
    let fields = map.iter().filter(|(key, value)| !key.starts_with('_') && !value.is_null());
    let fields = fields.map(|(key, value)| match value {
        Value::String(text) => format!("{key}={text}"),
        other => format!("{key}={other}"),
    });
    fields.collect::<Vec<_>>().join(" ")
}
