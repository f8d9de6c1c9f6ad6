//! Registrations in the forms of older clients.

use serde_json::{Map, Value, json};

use super::super::error::{ApiError, ApiResult};
use super::yaml;

/// The same registration, as clients write it today: `config` an object, the URI and its arguments in `start.workflow`,
/// phrases a list.
pub(crate) fn modern(mut body: Map<String, Value>) -> ApiResult<Map<String, Value>> {
    if let Some(Value::String(text)) = body.get("config") {
        let config = serde_json::from_str(text).ok().or_else(|| yaml::parse(text)).filter(Value::is_object);
        let why = "`config` is a text that is neither JSON nor plain YAML";
        body.insert("config".into(), config.ok_or_else(|| ApiError::bad("invalid_config", why))?);
    }
    let Some(trigger) = body.get_mut("config").and_then(|config| config.get_mut("trigger")) else {
        return Ok(body);
    };
    let Some(trigger) = trigger.as_object_mut() else { return Ok(body) };
    let moved = trigger.get_mut("start").and_then(Value::as_object_mut).map(start);
    if let Some(Value::String(phrase)) = trigger.get("on_phrases").or_else(|| trigger.get("on_phrase")) {
        let phrases = json!([phrase]);
        trigger.remove("on_phrase");
        trigger.insert("on_phrases".into(), phrases);
    } else if let Some(phrases) = trigger.remove("on_phrase") {
        trigger.insert("on_phrases".into(), phrases);
    }
    // An old client wanted any custom tag.
    if trigger.get("on_nfc") == Some(&json!({"payload": "*"})) {
        trigger.insert("on_nfc".into(), json!({"type": "custom"}));
    }
    // `transient` once stood beside the URI.
    if let Some(transient) = moved.flatten()
        && let Some(options) = body.entry("options").or_insert_with(|| json!({})).as_object_mut()
    {
        options.entry("transient").or_insert(transient);
    }
    Ok(body)
}

/// Puts the URI and its arguments where they belong. Gives back what belongs elsewhere.
fn start(start: &mut Map<String, Value>) -> Option<Value> {
    if let Some(Value::String(uri)) = start.get("workflow") {
        let workflow = json!({ "uri": uri });
        start.insert("workflow".into(), workflow);
    }
    let args = start.remove("args");
    let workflow = start.get_mut("workflow")?.as_object_mut()?;
    if let Some(args) = args {
        workflow.entry("args").or_insert(args);
    }
    workflow.remove("transient")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value) -> Value {
        Value::Object(modern(body.as_object().unwrap().clone()).unwrap())
    }

    fn today(start: Value) -> Value {
        json!({"name": "n", "config": {"trigger": {"start": {"workflow": start}, "on_phrases": ["hello"]}}})
    }

    #[test]
    fn what_is_written_as_today_stays() {
        let body = today(json!({"uri": "wss://a/b", "args": {"n": 1}}));
        assert_eq!(read(body.clone()), body);
    }

    #[test]
    fn yaml_as_text_is_read() {
        let config =
            "trigger:\n  on_phrase: hello\n  start:\n    workflow: wss://a/b\n    args:\n      n: 1\n";
        let body = json!({"name": "n", "config": config});
        assert_eq!(read(body), today(json!({"uri": "wss://a/b", "args": {"n": 1}})));
    }

    #[test]
    fn json_as_text_is_read() {
        let config = today(json!({"uri": "wss://a/b"}))["config"].to_string();
        assert_eq!(read(json!({"name": "n", "config": config})), today(json!({"uri": "wss://a/b"})));
    }

    #[test]
    fn transient_beside_the_uri_becomes_an_option() {
        let start = json!({"workflow": {"uri": "wss://a/b", "transient": false}, "args": {"n": 1}});
        let body = json!({"name": "n", "config": {"trigger": {"start": start, "on_phrases": "hello"}}});
        let mut expected = today(json!({"uri": "wss://a/b", "args": {"n": 1}}));
        expected["options"] = json!({"transient": false});
        assert_eq!(read(body), expected);
    }

    #[test]
    fn any_tag_is_any_custom_tag() {
        let body = json!({"config": {"trigger": {"on_nfc": {"payload": "*"}}}});
        assert_eq!(read(body)["config"]["trigger"]["on_nfc"], json!({"type": "custom"}));
    }

    #[test]
    fn a_text_that_is_nothing_is_refused() {
        let body = json!({"config": "just words"});
        assert!(modern(body.as_object().unwrap().clone()).is_err());
    }
}
