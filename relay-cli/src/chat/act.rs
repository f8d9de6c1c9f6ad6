//! What a person does with a device, in the words that are typed.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

/// Something that a person does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// Says it to the workflow that listens; to the Assistant where no workflow has the device.
    Say(String),
    /// Says it to the Assistant.
    Ask(String),
    /// Anything else: the last part of the path, and the body.
    Do(&'static str, Value),
}

/// What can be done beside speaking, for people.
pub(crate) const ACTS: [(&str, &str); 15] = [
    ("tap [2|3]", "taps Talk"),
    ("hold", "holds Talk"),
    ("assistant [2|3]", "taps Assistant"),
    ("ask TEXT", "says it to the Assistant, whoever listens"),
    ("alarm", "raises the alarm"),
    ("call NAME", "calls somebody"),
    ("answer, hang-up", "takes a call, ends it"),
    ("charge PERCENT", "the battery rises to it"),
    ("discharge PERCENT", "the battery sinks to it"),
    ("move LAT LONG", "is somewhere else"),
    ("scan UID", "is held to a tag"),
    ("offline, online", "loses and finds the network"),
    ("quiet, loud", "do not disturb, on and off"),
    ("help", "shows this"),
    ("leave", "ends it, as Ctrl-C does"),
];

impl FromStr for Act {
    type Err = String;

    /// Reads `tap 2`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let verb = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let act = match (verb, &rest[..]) {
            ("tap", taps) => Self::Do("tap", json!({ "button": "action", "taps": count(taps)? })),
            ("assistant", taps) => Self::Do("tap", json!({ "button": "channel", "taps": count(taps)? })),
            ("hold", []) => Self::Do("tap", json!({ "button": "action", "taps": "long" })),
            ("alarm", []) => Self::Do("alarm", json!({})),
            ("call", [_, ..]) => Self::Do("call", json!({ "to": rest.join(" ") })),
            ("answer", []) => Self::Do("answer", json!({})),
            ("hang-up", []) => Self::Do("hang-up", json!({})),
            ("charge", [percent]) => Self::battery(percent, true)?,
            ("discharge", [percent]) => Self::battery(percent, false)?,
            ("move", [lat, long]) => {
                Self::Do("move", json!({ "latitude": degrees(lat)?, "longitude": degrees(long)? }))
            }
            ("scan", [uid]) => Self::Do("scan", json!({ "uid": uid })),
            ("offline", []) => Self::Do("online", json!({ "online": false })),
            ("online", []) => Self::Do("online", json!({ "online": true })),
            ("quiet", []) => Self::Do("do-not-disturb", json!({ "on": true })),
            ("loud", []) => Self::Do("do-not-disturb", json!({ "on": false })),
            ("ask", [_, ..]) => Self::Ask(rest.join(" ")),
            _ => return Err(format!("nobody can `{text}`")),
        };
        Ok(act)
    }
}

/// As it is typed, nearly.
impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say(text) | Self::Ask(text) => f.write_str(text),
            Self::Do(verb, body) => {
                f.write_str(verb)?;
                let mut values = body.as_object().into_iter().flatten().map(|(_, value)| value);
                values.try_for_each(|value| match value.as_str() {
                    Some(text) => write!(f, " {text}"),
                    None => write!(f, " {value}"),
                })
            }
        }
    }
}

impl Act {
    fn battery(percent: &str, charging: bool) -> Result<Self, String> {
        let percent = percent.trim_end_matches('%').parse::<u8>().ok().filter(|percent| *percent <= 100);
        let percent = percent.ok_or("a battery has from 0 to 100 percent")?;
        Ok(Self::Do("charge", json!({ "battery": percent, "charging": charging })))
    }
}

fn count(taps: &[&str]) -> Result<&'static str, String> {
    match taps {
        [] | ["1"] => Ok("single"),
        ["2"] => Ok("double"),
        ["3"] => Ok("triple"),
        _ => Err("one, two or three taps".into()),
    }
}

fn degrees(text: &str) -> Result<f64, String> {
    text.trim_end_matches(',').parse().map_err(|_| format!("`{text}` is no number of degrees"))
}
