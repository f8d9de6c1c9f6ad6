//! `--set`, and what it makes of a trigger.

use serde_json::{Map, Value, json};

use crate::error::{CliError, Result};

/// Does `a.b=value`.
pub(super) fn set(body: &mut Value, assignment: &str) -> Result<()> {
    let (path, text) = assignment
        .split_once('=')
        .ok_or_else(|| CliError::usage(format_args!("--set {assignment}: it has no `=`")))?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| text.into());
    let mut place = body;
    for key in path.split('.') {
        if !place.is_object() && !place.is_array() {
            *place = json!({});
        }
        place = match place {
            Value::Array(list) => {
                key.parse().ok().and_then(|at: usize| list.get_mut(at)).ok_or_else(|| {
                    CliError::usage(format_args!("--set {assignment}: there is no item {key}"))
                })?
            }
            object => &mut object[key],
        };
    }
    *place = value;
    Ok(())
}

/// The values that are others than before; null for those that are gone. None if it is no object any more.
pub(super) fn difference(before: &Value, after: &Value) -> Option<Map<String, Value>> {
    let after = after.as_object()?;
    let gone = before.as_object()?.keys().filter(|name| !after.contains_key(*name));
    let changed = after.iter().filter(|(name, value)| before.get(name) != Some(value));
    let gone = gone.map(|name| (name.clone(), Value::Null));
    Some(gone.chain(changed.map(|(name, value)| (name.clone(), value.clone()))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_or_text() {
        let mut body = json!({ "args": {}, "devices": ["a", "b"] });
        for assignment in
            ["args.room=231", "args.who.name=Bob", "devices.1=c", "text=a=b", "args.urgent=true"]
        {
            set(&mut body, assignment).unwrap();
        }
        assert_eq!(
            body,
            json!({
                "args": { "room": 231, "who": { "name": "Bob" }, "urgent": true },
                "devices": ["a", "c"], "text": "a=b",
            })
        );
        assert!(set(&mut body, "devices.7=x").unwrap_err().to_string().contains("no item 7"));
        assert!(set(&mut body, "nothing").unwrap_err().to_string().contains("no `=`"));
    }

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({ "same": 1, "other": { "a": 1 }, "gone": true });
        let after = json!({ "same": 1, "other": { "a": 2 }, "new": [] });
        let told = json!({ "gone": null, "other": { "a": 2 }, "new": [] });
        assert_eq!(difference(&before, &after).map(Value::Object), Some(told));
        assert_eq!(difference(&before, &json!([])), None);
    }
}
