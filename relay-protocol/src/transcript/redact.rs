//! Transcripts that can be shown to others.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde_json::Value;

use super::frame::kind;
use super::{Entry, Head, Transcript, What};
use crate::Urn;
use crate::codec::JsonMap;
use crate::generated::known::KNOWN;

/// Takes out of the messages of one session what people said, where they were, and who they are.
///
/// - Of texts only the shape stays: letters become `x` and digits `0`. So do those in fields that the protocol does not
///   know, and numbers there become 0.
/// - A device or group gets another name, the same wherever it appears: `device-1`.
/// - What the workflow is registered for stays, or no handler would be found: phrases, geofences, venues and positions.
///   So do names that the workflow itself gives: of interactions, timers and variables.
///
/// A transcript stays one: it can be replayed, as far as the workflow does not depend on what was said.
#[derive(Default)]
pub struct Redactor {
    stand_ins: BTreeMap<String, String>,
    /// How many there are of a kind.
    counts: BTreeMap<String, u32>,
    /// All of a kind get the same name.
    nameless: bool,
}

/// Constants of the registration.
const KEPT: [&str; 4] =
    ["trigger.args.phrase", "trigger.args.geofence_id", "trigger.args.venue_id", "trigger.args.position_id"];

/// Who somebody is, in whatever message.
const NAMES: [&str; 10] = [
    "device_id",
    "device_name",
    "device_names",
    "device_uris",
    "group_name",
    "channel_name",
    "uri",
    "uris",
    "member_uris",
    "notification_state",
];

/// Who somebody is, where the field means something else elsewhere.
const NAMES_IN: [(&str, &str); 4] = [
    ("wf_api_get_device_info_response", "name"),
    ("wf_api_get_device_info_response", "id"),
    ("wf_api_set_device_info_request", "value"),
    ("wf_api_create_group_request", "name"),
];

impl Redactor {
    /// For one session.
    pub fn new() -> Self {
        Self::default()
    }

    /// Such that a transcript which is redacted already and one which is not can be compared: whoever is meant in the
    /// first, the name is not known any more.
    pub(super) fn nameless() -> Self {
        Self { nameless: true, ..Self::default() }
    }

    /// The head of the transcript, which then says so.
    #[must_use]
    pub fn head(&mut self, head: Head) -> Head {
        Head { redacted: true, ..head }
    }

    /// An entry of the transcript.
    #[must_use]
    pub fn entry(&mut self, entry: Entry) -> Entry {
        let what = match entry.what {
            What::Frame { from, text } => What::Frame { from, text: self.frame(&text) },
            What::Failed { handler, why } => What::Failed { handler, why: shape(&why) },
            other => other,
        };
        Entry { what, ..entry }
    }

    /// A message.
    #[must_use]
    pub fn frame(&mut self, text: &str) -> String {
        let Ok(mut map) = serde_json::from_str::<JsonMap>(text) else { return shape(text) };
        let kind = kind(&map).unwrap_or_default().to_owned();
        let shown = KNOWN.iter().find(|known| known.message == kind).map_or(&[][..], |known| known.shown);
        let fields = map.iter_mut().filter(|(key, _)| !matches!(key.as_str(), "_id" | "_type"));
        for (key, value) in fields {
            self.field(&Place { message: &kind, shown, path: key.clone() }, value);
        }
        Value::Object(map).to_string()
    }

    fn field(&mut self, place: &Place<'_>, value: &mut Value) {
        if let Some(text) = code_points(value).filter(|_| !place.is_shown()) {
            *value = Value::String(text);
        }
        match value {
            Value::String(text) => {
                if let Some(other) = self.text(place, text) {
                    *text = other;
                }
            }
            Value::Number(_) if !place.is_shown() => *value = 0.into(),
            Value::Array(list) => list.iter_mut().for_each(|value| self.field(place, value)),
            Value::Object(map) => {
                map.iter_mut().for_each(|(key, value)| self.field(&place.inside(key), value))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What stands in the place of a text, if it does not stay.
    fn text(&mut self, place: &Place<'_>, text: &str) -> Option<String> {
        if let Ok(urn) = Urn::parse(text) {
            return Some(urn.renamed(&mut |resource, name| self.stand_in(resource, name)).to_string());
        }
        if let Some(known) = self.stand_ins.get(text) {
            return Some(known.clone());
        }
        if matches!(text, "" | "true" | "false") || KEPT.contains(&&*place.path) {
            return None;
        }
        if place.is_name() {
            return Some(self.stand_in("device", text));
        }
        (!place.is_shown()).then(|| shape(text))
    }

    fn stand_in(&mut self, resource: &str, name: &str) -> String {
        if matches!(resource, "interaction" | "server") || self.stand_ins.values().any(|known| known == name)
        {
            return name.to_owned();
        }
        if self.nameless {
            return resource.to_owned();
        }
        if let Some(known) = self.stand_ins.get(name) {
            return known.clone();
        }
        let count = self.counts.entry(resource.to_owned()).or_default();
        *count += 1;
        let stand_in = format!("{resource}-{count}");
        self.stand_ins.insert(name.to_owned(), stand_in.clone());
        stand_in
    }
}

/// A field of a message.
struct Place<'a> {
    message: &'a str,
    shown: &'static [&'static str],
    /// With a dot before the name of a nested field.
    path: String,
}

impl Place<'_> {
    fn inside(&self, key: &str) -> Self {
        Self { path: format!("{}.{key}", self.path), ..*self }
    }

    /// Whether the schema says that there is nothing personal in it.
    fn is_shown(&self) -> bool {
        let path = &*self.path;
        self.shown.iter().any(|shown| {
            path.strip_prefix(shown).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn is_name(&self) -> bool {
        self.path.split('.').any(|part| NAMES.contains(&part))
            || NAMES_IN.contains(&(self.message, &*self.path))
    }
}

/// The text that old engines spelled as a list of code points.
fn code_points(value: &Value) -> Option<String> {
    let list = value.as_array().filter(|list| list.len() > 8)?;
    let text: Option<String> =
        list.iter().map(|n| char::from_u32(u32::try_from(n.as_u64()?).ok()?)).collect();
    text.filter(|text| !text.contains(char::is_control))
}

fn shape(text: &str) -> String {
    let shape = text.chars().map(|c| match c {
        c if c.is_alphabetic() => 'x',
        c if c.is_numeric() => '0',
        c => c,
    });
    shape.collect()
}

impl Transcript {
    /// The same session as others may see it; see [`Redactor`].
    #[must_use]
    pub fn redacted(self) -> Self {
        if self.head.redacted {
            return self;
        }
        let mut redactor = Redactor::new();
        let Self { head, entries } = self;
        Self {
            head: redactor.head(head),
            entries: entries.into_iter().map(|entry| redactor.entry(entry)).collect(),
        }
    }
}

/// Without the names that it knows.
impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").field("counts", &self.counts).finish_non_exhaustive()
    }
}
