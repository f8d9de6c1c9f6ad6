//! YAML, as far as it is JSON in other clothes.

use serde_json::{Map, Number, Value};
use yaml_rust2::parser::{Event, Parser};
use yaml_rust2::scanner::TScalarStyle;

/// Deeper documents are refused.
const MAX_DEPTH: usize = 32;

/// Reads the first document. `None` for what is no YAML, and for aliases: a page of them can stand for gigabytes.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut parser = Parser::new_from_str(text);
    loop {
        match parser.next_token().ok()?.0 {
            Event::StreamStart | Event::DocumentStart | Event::Nothing => {}
            event => return node(&mut parser, event, 0),
        }
    }
}

fn node(parser: &mut Parser<std::str::Chars<'_>>, event: Event, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    match event {
        Event::Scalar(text, style, _, _) => Some(scalar(text, style)),
        Event::SequenceStart(..) => {
            let mut list = Vec::new();
            loop {
                match parser.next_token().ok()?.0 {
                    Event::SequenceEnd => return Some(Value::Array(list)),
                    event => list.push(node(parser, event, depth + 1)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                let key = match parser.next_token().ok()?.0 {
                    Event::MappingEnd => return Some(Value::Object(map)),
                    Event::Scalar(key, ..) => key,
                    _ => return None,
                };
                let event = parser.next_token().ok()?.0;
                map.insert(key, node(parser, event, depth + 1)?);
            }
        }
        _ => None,
    }
}

fn scalar(text: String, style: TScalarStyle) -> Value {
    if style != TScalarStyle::Plain {
        return Value::String(text);
    }
    match text.as_str() {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::String(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_becomes_json() {
        let text = "trigger:\n  on_phrase: hello\n  start:\n    workflow: wss://a/b\n    args:\n      n: 2\n      s: \"2\"\n      b: true\n      l: [a, 'b']\n";
        let trigger = json!({
            "on_phrase": "hello",
            "start": {"workflow": "wss://a/b", "args": {"n": 2, "s": "2", "b": true, "l": ["a", "b"]}},
        });
        assert_eq!(parse(text), Some(json!({"trigger": trigger})));
    }

    #[test]
    fn what_could_explode_is_refused() {
        assert_eq!(parse("a: &x [1]\nb: *x"), None);
        assert_eq!(parse(&"[".repeat(1000)), None);
        assert_eq!(parse("a: [1"), None);
    }
}
