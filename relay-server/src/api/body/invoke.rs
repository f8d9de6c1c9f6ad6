//! What starts a workflow over HTTP, in all the forms that official clients send.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::super::error::{ApiError, ApiResult};
use super::Lenient;

/// A call of a workflow: with what, and on behalf of which devices.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Invocation {
    pub(crate) args: Map<String, Value>,
    /// Ids or names, without their URNs. None: whoever the query names.
    pub(crate) targets: Vec<String>,
}

impl Invocation {
    pub(crate) fn read(Lenient(mut body): Lenient) -> ApiResult<Self> {
        match body.get("action").map(|action| action.as_str().unwrap_or_default()) {
            Some("invoke") => {}
            Some(_) => return Err(ApiError::bad("unknown_action", "`action` must be \"invoke\"")),
            None => return Err(ApiError::bad("missing_action", "the body needs \"action\": \"invoke\"")),
        }
        let args = match body.remove("action_args") {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(args)) => args,
            Some(Value::String(text)) => args_of(&text),
            Some(_) => return Err(ApiError::bad("invalid_action_args", "`action_args` must be an object")),
        };
        let targets = match body.remove("target_device_ids") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => {
                let text = |item: Value| match item {
                    Value::String(text) => Ok(text),
                    Value::Number(number) => Ok(number.to_string()),
                    _ => Err(ApiError::bad("invalid_target", "`target_device_ids` must be a list of texts")),
                };
                list.into_iter().map(text).collect::<ApiResult<_>>()?
            }
            Some(Value::String(text)) => targets_of(&text),
            Some(_) => {
                return Err(ApiError::bad("invalid_target", "`target_device_ids` must be a list of texts"));
            }
        };
        Ok(Self { args, targets: targets.iter().map(|target| id_of(target)).collect() })
    }
}

/// The Go SDK sends JSON as text, the Java SDK `{a=1, b=x y}`. The .NET SDK sends the name of a type, which is nothing.
fn args_of(text: &str) -> Map<String, Value> {
    if let Ok(args) = serde_json::from_str(text) {
        return args;
    }
    let Some(pairs) = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return Map::new();
    };
    let mut args: Vec<(String, String)> = Vec::new();
    for part in pairs.split(", ") {
        match (part.split_once('='), args.last_mut()) {
            (Some((name, value)), _) => args.push((name.trim().into(), value.into())),
            // A comma inside a value.
            (None, Some((_, value))) => *value = format!("{value}, {part}"),
            (None, None) => {}
        }
    }
    args.into_iter().map(|(name, value)| (name, value.into())).collect()
}

/// The Python SDK sends `['urn:…']`, the Go SDK JSON, the Java SDK `[urn:…]`, all as text; the .NET SDK `System.String[]`.
fn targets_of(text: &str) -> Vec<String> {
    if text.starts_with("System.") {
        return Vec::new();
    }
    let parts = text.trim().trim_start_matches('[').trim_end_matches(']').split(',');
    let parts = parts.map(|part| part.trim().trim_matches(['\'', '"']).to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// The id or name in a URN of a device; what is no URN is one already.
fn id_of(target: &str) -> String {
    let Some(rest) = target.strip_prefix("urn:relay-resource:") else { return target.to_owned() };
    let last = rest.rsplit(':').next().unwrap_or(rest);
    let last = last.split('?').next().unwrap_or(last);
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str) -> Invocation {
        Invocation::read(Lenient::parse(body.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn every_sdk_is_understood() {
        let (args, alice) = (json!({"a": "1", "b": "x y"}), ["990007560000001"]);
        let cases = [
            r#"{"action":"invoke","action_args":{"a":"1","b":"x y"},"target_device_ids":["990007560000001"]}"#,
            r#"{"action":"invoke","action_args":{"a":"1","b":"x y"},"target_device_ids":"['urn:relay-resource:id:device:990007560000001']"}"#,
            r#"{"action":"invoke","action_args":"{\"a\":\"1\",\"b\":\"x y\"}","target_device_ids":"[\"990007560000001\"]"}"#,
            r#"{"action":"invoke","action_args":"{a=1, b=x y}","target_device_ids":"[urn:relay-resource:id:device:990007560000001]"}"#,
        ];
        for body in cases {
            let invocation = read(body);
            assert_eq!(Value::Object(invocation.args), args, "{body}");
            assert_eq!(invocation.targets, alice, "{body}");
        }
        let lost = r#"{"action":"invoke","action_args":"System.Collections.Generic.Dictionary`2","target_device_ids":"System.String[]"}"#;
        assert_eq!(read(lost), Invocation::default());
        let none = read(r#"{"action":"invoke"}"#);
        assert_eq!(none, Invocation::default());
    }

    #[test]
    fn a_comma_in_a_value_of_java_stays_there() {
        let args = args_of("{a=1, 2, b=c=d}");
        assert_eq!(Value::Object(args), json!({"a": "1, 2", "b": "c=d"}));
    }

    #[test]
    fn names_in_urns_are_unescaped() {
        assert_eq!(id_of("urn:relay-resource:name:device:Big%20Bob"), "Big Bob");
    }

    #[test]
    fn what_is_no_call_is_refused() {
        let bodies = [
            r#"{}"#,
            r#"{"action":"stop"}"#,
            r#"{"action":"invoke","action_args":[1]}"#,
            r#"{"action":"invoke","target_device_ids":[{}]}"#,
        ];
        for body in bodies {
            let body = Lenient::parse(body.as_bytes()).unwrap();
            assert!(Invocation::read(body.clone()).is_err(), "{body:?}");
        }
    }
}
