//! The schema files, read and checked. `relay-protocol/schema/README.md` explains the keys.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use heck::ToUpperCamelCase;
use serde::Deserialize;
use serde::de::DeserializeOwned;

mod check;
mod ty;

pub use ty::Ty;

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

impl Value {
    /// The Rust variant.
    pub fn variant(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.wire.to_upper_camel_case())
    }
}

impl Schema {
    /// Reads and checks the schema below `root`.
    pub fn read(root: &Path) -> Result<Self> {
        let schema = Self {
            enums: file(root, "enums")?,
            objects: file(root, "objects")?,
            events: file(root, "events")?,
            requests: file(root, "requests")?,
            triggers: file(root, "triggers")?,
        };
        schema.check()?;
        Ok(schema)
    }

    pub fn is_enum(&self, name: &str) -> bool {
        self.find_enum(name).is_some()
    }

    pub fn find_enum(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|e| e.name == name)
    }

    pub fn find_object(&self, name: &str) -> Option<&Object> {
        self.objects.iter().find(|o| o.name == name)
    }
}

/// `enums.toml` holds tables named `enum`, and so on.
fn file<T: DeserializeOwned>(root: &Path, name: &str) -> Result<Vec<T>> {
    let path = root.join("relay-protocol/schema").join(name).with_extension("toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut tables: BTreeMap<String, Vec<T>> =
        toml::from_str(&text).with_context(|| format!("{} does not fit the schema", path.display()))?;
    let entry = name.trim_end_matches('s');
    let all = tables.remove(entry).unwrap_or_default();
    ensure!(tables.is_empty(), "{} may hold nothing but `{entry}`", path.display());
    Ok(all)
}

#[cfg(test)]
impl Schema {
    /// The schema of this workspace.
    pub fn of_workspace() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies below the root")?;
        Self::read(root)
    }
}
