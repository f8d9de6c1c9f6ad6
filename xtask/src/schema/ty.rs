//! The types of fields.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Result, bail};

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
        let ty = Self::read(text);
        match ty.name() {
            Some(name) if !types.contains(name) => {
                bail!("`{text}` is no type of the schema (see relay-protocol/schema/README.md)")
            }
            _ => Ok(ty),
        }
    }

    /// Parses a type of a schema that was checked.
    pub fn read(text: &str) -> Self {
        match text {
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
            _ => match text.strip_prefix("list<").and_then(|t| t.strip_suffix('>')) {
                Some(inner) => Self::List(Box::new(Self::read(inner))),
                None => Self::Named(text.to_owned()),
            },
        }
    }

    /// The entry of `enums.toml` or `objects.toml` that it refers to.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) => inner.name(),
            _ => None,
        }
    }
}

/// The Rust type.
impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("String"),
            Self::Urn => f.write_str("Urn"),
            Self::Int => f.write_str("i64"),
            Self::Uint | Self::Count => f.write_str("u64"),
            Self::Float => f.write_str("f64"),
            Self::Bool => f.write_str("bool"),
            Self::Json => f.write_str("serde_json::Value"),
            Self::JsonMap => f.write_str("serde_json::Map"),
            Self::TextMap => f.write_str("BTreeMap<String, String>"),
            Self::List(inner) => write!(f, "Vec<{inner}>"),
            Self::Named(name) => f.write_str(name),
        }
    }
}
