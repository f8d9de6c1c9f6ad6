//! The schema files, read and checked. `relay-protocol/schema/README.md` explains the keys.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The whole wire.
#[derive(Debug)]
pub struct Schema {
    pub enums: Vec<Enum>,
    pub objects: Vec<Object>,
    pub events: Vec<Event>,
    pub requests: Vec<Request>,
    pub triggers: Vec<Trigger>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    Captured,
    Reproduced,
    Code,
    Documented,
    Inferred,
    Unconfirmed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Rust name.
    pub name: String,
    pub doc: String,
    pub evidence: Evidence,
    /// Compare input without regard to case.
    #[serde(default)]
    pub ignore_case: bool,
    pub values: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    pub wire: String,
    /// Rust variant, where the wire word makes a poor one.
    pub name: Option<String>,
    pub doc: String,
    /// Other spellings accepted on input.
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object {
    pub name: String,
    pub doc: String,
    pub evidence: Evidence,
    /// Read keys without regard to case (one official SDK capitalises some).
    #[serde(default)]
    pub ignore_case: bool,
    /// Keys that are not listed are data too: lists of printable code points among them are read as text.
    #[serde(default)]
    pub open: bool,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    Required,
    Default,
    Optional,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Key on the wire.
    pub name: String,
    /// Rust field, where the key is a keyword.
    pub rust: Option<String>,
    #[serde(rename = "type")]
    pub ty: String,
    pub presence: Presence,
    /// With `presence = "default"`; without it, the type's own default (empty text, 0, false, empty list or object).
    pub default: Option<toml::Value>,
    pub doc: String,
    pub unit: Option<String>,
    /// The entry's evidence, if none is given here.
    pub evidence: Option<Evidence>,
    /// What the documentation shows. An optional field without one is left out of example frames.
    pub example: Option<toml::Value>,
    /// Older keys accepted on input.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// `Debug` shows only the length.
    #[serde(default)]
    pub personal: bool,
    /// A `#[on(event, key = value)]` filter.
    #[serde(default)]
    pub filter: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// `prompt` for `wf_api_prompt_event`.
    pub name: String,
    /// Other names accepted on input.
    #[serde(default)]
    pub aliases: Vec<String>,
    pub doc: String,
    pub evidence: Evidence,
    /// `source_uri` may name an interaction, so `#[on(.., interaction = "name")]` filters it.
    #[serde(default)]
    pub of_interaction: bool,
    /// Names for this event with one filter preset: `interaction_started`.
    #[serde(default)]
    pub narrow: Vec<Narrow>,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrow {
    pub name: String,
    pub field: String,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    None,
    Interaction,
    Device,
    DeviceOrGroup,
    Members,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Targets {
    One,
    Many,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    #[default]
    Response,
    Prompt,
    Speech,
    Started,
    Ended,
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    Live,
    /// Kept by official SDKs in commented-out code.
    Dormant,
    /// Of an older generation of the protocol, still sent by some peer.
    Legacy,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// `say` for `wf_api_say_request` and `wf_api_say_response`.
    pub name: String,
    pub doc: String,
    pub evidence: Evidence,
    #[serde(default)]
    pub status: Status,
    pub target: Target,
    pub targets: Option<Targets>,
    #[serde(default)]
    pub ends: Ends,
    /// Seconds until the response is given up.
    pub timeout: Option<u64>,
    /// Seconds from the response until the ending event is given up.
    pub event_timeout: Option<u64>,
    /// Names of the events that may follow.
    #[serde(default)]
    pub follows: Vec<String>,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    #[serde(default, rename = "response")]
    pub response: Vec<Field>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// `phrase` in `#[trigger(phrase = "hello")]`.
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Rust type of the trigger: `Phrase`.
    pub rust: String,
    pub doc: String,
    pub evidence: Evidence,
    /// `trigger.type` of the start event.
    pub wire: String,
    /// The keys of the registration that this trigger becomes, `on_phrases`; the first is the one we write.
    #[serde(default)]
    pub registration: Vec<String>,
    /// What the attribute accepts beside the name.
    #[serde(default, rename = "option")]
    pub options: Vec<TriggerOption>,
    /// Which keys of `TriggerArgs` this trigger fills.
    #[serde(default)]
    pub args: Vec<String>,
    /// What may stand between the brackets of the attribute: `phrase = "hello"`.
    pub example: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerOption {
    pub key: String,
    /// Key in the registration, where it is not the same.
    pub wire: Option<String>,
    /// `text`, `texts` (one or a list), `int`, or the words allowed: `single|double`.
    #[serde(rename = "type")]
    pub ty: String,
    pub required: bool,
    pub doc: String,
    /// The word an identifier stands for in the registration: `single=action_button_single_tap`. With `texts`, a
    /// list of these identifiers is meant.
    #[serde(default)]
    pub words: Vec<String>,
}

impl Schema {
    /// Reads and checks the schema below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Enums {
            #[serde(rename = "enum")]
            all: Vec<Enum>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Objects {
            #[serde(rename = "object")]
            all: Vec<Object>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Events {
            #[serde(rename = "event")]
            all: Vec<Event>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Requests {
            #[serde(rename = "request")]
            all: Vec<Request>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Triggers {
            #[serde(rename = "trigger")]
            all: Vec<Trigger>,
        }
        let schema = Self {
            enums: file::<Enums>(root, "enums")?.all,
            objects: file::<Objects>(root, "objects")?.all,
            events: file::<Events>(root, "events")?.all,
            requests: file::<Requests>(root, "requests")?.all,
            triggers: file::<Triggers>(root, "triggers")?.all,
        };
        schema.check()?;
        Ok(schema)
    }

    /// The rules that the shape of the files cannot say.
    fn check(&self) -> Result<()> {
        let mut types = BTreeSet::new();
        for name in self.enums.iter().map(|e| &e.name).chain(self.objects.iter().map(|o| &o.name)) {
            ensure!(types.insert(name.as_str()), "type `{name}` is defined twice");
        }
        for e in &self.enums {
            let mut words = BTreeSet::new();
            for word in e.values.iter().flat_map(|v| core::iter::once(&v.wire).chain(&v.aliases)) {
                ensure!(words.insert(word), "`{}`: the word `{word}` stands twice", e.name);
            }
        }
        let mut names = BTreeSet::new();
        for name in self.events.iter().flat_map(|e| core::iter::once(&e.name).chain(&e.aliases)) {
            ensure!(names.insert(name), "event `{name}` is defined twice");
        }
        let mut names = BTreeSet::new();
        for r in &self.requests {
            ensure!(names.insert(&r.name), "request `{}` is defined twice", r.name);
            ensure!(
                (r.target == Target::None) == r.targets.is_none(),
                "request `{}`: `targets` belongs to a request with a target",
                r.name
            );
            for event in &r.follows {
                ensure!(
                    self.events.iter().any(|e| e.name == *event),
                    "request `{}`: no event `{event}`",
                    r.name
                );
            }
        }
        let lists = (self.objects.iter().map(|o| (&o.name, &o.fields)))
            .chain(self.events.iter().map(|e| (&e.name, &e.fields)))
            .chain(self.requests.iter().map(|r| (&r.name, &r.fields)))
            .chain(self.requests.iter().map(|r| (&r.name, &r.response)));
        for (owner, fields) in lists {
            let mut keys = BTreeSet::new();
            for f in fields {
                for key in core::iter::once(&f.name).chain(&f.aliases) {
                    ensure!(keys.insert(key), "`{owner}`: the key `{key}` stands twice");
                    ensure!(!key.starts_with('_'), "`{owner}`: `{key}` would be an envelope key");
                }
                ensure!(
                    f.default.is_none() || f.presence == Presence::Default,
                    "`{owner}.{}`: a default needs `presence = \"default\"`",
                    f.name
                );
                Ty::parse(&f.ty, &types).with_context(|| format!("`{owner}.{}`", f.name))?;
            }
        }
        for e in &self.events {
            for n in &e.narrow {
                ensure!(
                    e.fields.iter().any(|f| f.name == n.field && f.filter),
                    "event `{}`: `{}` narrows by `{}`, which is no filter",
                    e.name,
                    n.name,
                    n.field
                );
            }
        }
        Ok(())
    }

    pub fn is_enum(&self, name: &str) -> bool {
        self.enums.iter().any(|e| e.name == name)
    }
}

fn file<T: DeserializeOwned>(root: &Path, name: &str) -> Result<T> {
    let path = root.join("relay-protocol/schema").join(name).with_extension("toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} does not fit the schema", path.display()))
}

/// A parsed `type = ".."`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    Text,
    Urn,
    Int,
    Uint,
    Float,
    Bool,
    Count,
    Json,
    JsonMap,
    TextMap,
    List(Box<Ty>),
    /// A name from `enums.toml` or `objects.toml`.
    Named(String),
}

impl Ty {
    pub fn parse(text: &str, types: &BTreeSet<&str>) -> Result<Self> {
        Ok(match text {
            "text" => Self::Text,
            "urn" => Self::Urn,
            "int" => Self::Int,
            "uint" => Self::Uint,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "count" => Self::Count,
            "json" => Self::Json,
            "map<json>" => Self::JsonMap,
            "map<text>" => Self::TextMap,
            _ => {
                if let Some(inner) = text.strip_prefix("list<").and_then(|t| t.strip_suffix('>')) {
                    return Ok(Self::List(Box::new(Self::parse(inner, types)?)));
                }
                if !types.contains(text) {
                    bail!("`{text}` is no type of the schema (see relay-protocol/schema/README.md)");
                }
                Self::Named(text.to_owned())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies below the root");
        Schema::read(root).unwrap()
    }

    #[test]
    fn the_wire_is_whole() {
        let schema = schema();
        let requests = |status| schema.requests.iter().filter(|r| r.status == status).count();
        assert_eq!(schema.events.len(), 22);
        assert_eq!(requests(Status::Live), 38);
        assert_eq!(requests(Status::Dormant), 2);
        assert_eq!(requests(Status::Legacy), 1);
        assert_eq!(schema.triggers.len(), 11);
        let languages = schema.enums.iter().find(|e| e.name == "Language").unwrap();
        assert_eq!(languages.values.len(), 35);
    }
}
