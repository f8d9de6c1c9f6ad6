//! JSON, written as nobody expects it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::Random;

/// The same value with the keys of every object in another order, and a line break after it, as some peers write.
pub(super) fn shuffled(value: &Value, random: &mut Random) -> String {
    let mut frame = String::new();
    write(value, random, &mut frame);
    if random.one_in(4) {
        frame.push('\n');
    }
    frame
}

fn write(value: &Value, random: &mut Random, frame: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            for at in (1..entries.len()).rev() {
                entries.swap(at, random.below(at + 1));
            }
            frame.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                frame.push_str(if at == 0 { "" } else { ", " });
                frame.push_str(&Value::from(key.as_str()).to_string());
                frame.push_str(": ");
                write(value, random, frame);
            }
            frame.push('}');
        }
        Value::Array(list) => {
            frame.push('[');
            for (at, value) in list.iter().enumerate() {
                frame.push_str(if at == 0 { "" } else { "," });
                write(value, random, frame);
            }
            frame.push(']');
        }
        plain => frame.push_str(&plain.to_string()),
    }
}

/// A text as old engines wrote it: `"hi"` is `[104,105]`. Anything else stays as it is.
pub(crate) fn code_points(value: &Value) -> Value {
    match value {
        Value::String(text) => text.chars().map(u32::from).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shuffled_means_the_same() {
        let value = json!({"a": 1, "b": {"c": [true, null, "x\"y"], "d": {}}, "e": []});
        let mut random = Random::new(1);
        let mut seen = alloc::collections::BTreeSet::new();
        for _ in 0..50 {
            let frame = shuffled(&value, &mut random);
            assert_eq!(serde_json::from_str::<Value>(&frame).unwrap(), value);
            seen.insert(frame);
        }
        assert!(seen.len() > 10, "{seen:?}");
    }

    #[test]
    fn a_text_is_a_list_of_code_points() {
        assert_eq!(code_points(&json!("hä")), json!([104, 228]));
        assert_eq!(code_points(&json!(7)), json!(7));
    }
}
