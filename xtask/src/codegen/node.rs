//! Plain values whose keys keep their order, to be written as JSON or YAML.

use std::fmt::Write;

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Map),
}

/// A [`Node::Map`] in the making.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map(pub Vec<(String, Node)>);

impl Map {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with(mut self, key: impl Into<String>, value: impl Into<Node>) -> Self {
        self.0.push((key.into(), value.into()));
        self
    }

    pub fn with_some(self, key: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// One line, or a line for each key where that would be too long.
    pub fn json(self) -> String {
        let line = Node::Map(self.clone()).json();
        if line.len() <= 100 {
            return line;
        }
        let lines: Vec<_> =
            self.0.iter().map(|(key, value)| format!("  {}: {}", quoted(key), value.json())).collect();
        format!("{{\n{}\n}}", lines.join(",\n"))
    }

    pub fn yaml(self) -> String {
        let mut out = String::new();
        yaml(&Node::Map(self), 0, &mut out);
        out
    }
}

impl Node {
    pub fn json(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Text(text) => quoted(text),
            Self::List(items) => format!("[{}]", items.iter().map(Self::json).collect::<Vec<_>>().join(", ")),
            Self::Map(map) => {
                let pairs = map.0.iter().map(|(key, value)| format!("{}: {}", quoted(key), value.json()));
                format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Writes what stands on lines of its own; the caller writes what stands beside a key.
fn yaml(node: &Node, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match node {
        Node::Map(Map(pairs)) => {
            for (key, value) in pairs {
                let key = if is_plain(key) { key.clone() } else { quoted(key) };
                let _ = write!(out, "{pad}{key}:");
                beside(value, indent, out);
            }
        }
        Node::List(items) => {
            for item in items {
                match item {
                    // The first key stands beside the dash.
                    Node::Map(map) if !map.0.is_empty() => {
                        let mut lines = String::new();
                        yaml(item, indent + 2, &mut lines);
                        let _ = write!(out, "{pad}- {}", lines.trim_start());
                    }
                    _ => {
                        let _ = write!(out, "{pad}-");
                        beside(item, indent, out);
                    }
                }
            }
        }
        _ => unreachable!("a scalar stands beside its key"),
    }
}

fn beside(node: &Node, indent: usize, out: &mut String) {
    let text = match node {
        Node::Map(map) if !map.0.is_empty() => {
            out.push('\n');
            return yaml(node, indent + 2, out);
        }
        Node::List(items) if !items.is_empty() => {
            out.push('\n');
            return yaml(node, indent + 2, out);
        }
        Node::Text(text) if text.contains('\n') => {
            let pad = " ".repeat(indent + 2);
            let lines = text.lines().map(|l| if l.is_empty() { "\n".into() } else { format!("\n{pad}{l}") });
            format!("|-{}", lines.collect::<String>())
        }
        Node::Text(text) if is_plain(text) => text.clone(),
        other => other.json(),
    };
    let _ = writeln!(out, " {text}");
}

/// Whether YAML reads it as the same text without quotes. Rather too strict than too clever.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '$' | '/'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _$/.,()-".contains(c))
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Node {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Map> for Node {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_nests_and_quotes() {
        let item = Map::new().with("name", "a: b").with("on", true);
        let tree = Map::new()
            .with("plain", "two words")
            .with("text", "first\n\nsecond")
            .with("items", vec![item])
            .with("words", vec!["no", "$x"])
            .with("empty", Map::new());
        let expected = r#"plain: two words
text: |-
  first

  second
items:
  - name: "a: b"
    "on": true
words:
  - "no"
  - $x
empty: {}
"#;
        assert_eq!(tree.yaml(), expected);
    }

    #[test]
    fn json_breaks_only_long_lines() {
        assert_eq!(Map::new().with("a", vec!["b"]).with("c", Map::new()).json(), r#"{"a": ["b"], "c": {}}"#);
        let long = "x".repeat(100);
        assert_eq!(Map::new().with("a", &long).json(), format!("{{\n  \"a\": \"{long}\"\n}}"));
    }
}
