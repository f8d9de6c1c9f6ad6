//! The trigger object of the start event, as JSON and back.

use relay_protocol::Event;
use relay_protocol::codec::{FromEngine, encode_event, from_engine};
use relay_protocol::event::Start;
use relay_protocol::types::Trigger;
use serde_json::{Value, json};

/// As it is stored.
pub(crate) fn to_value(trigger: &Trigger) -> Value {
    let frame = encode_event(&Start::new(trigger.clone()).into());
    // What was just encoded can be read.
    let mut frame: Value = serde_json::from_str(&frame).unwrap_or_default();
    frame.get_mut("trigger").map(Value::take).unwrap_or_default()
}

/// As the engine takes it; none if it is no trigger.
pub(crate) fn from_value(value: &Value) -> Option<Trigger> {
    let frame = json!({ "_type": "wf_api_start_event", "trigger": value }).to_string();
    match from_engine(&frame) {
        FromEngine::Event(Event::Start(start)) => Some(start.trigger),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use relay_protocol::types::{TriggerArgs, TriggerType};
    use relay_protocol::urn::DeviceUrn;

    use super::*;

    #[test]
    fn a_trigger_survives_being_stored() {
        let source = DeviceUrn::name("Alice").unwrap();
        let args = TriggerArgs::new().source_uri(source).phrase("hello").spillover("world");
        let trigger = Trigger::new(TriggerType::Phrase).args(args);
        let value = to_value(&trigger);
        assert_eq!(value["type"], "phrase");
        assert_eq!(from_value(&value), Some(trigger));
        assert_eq!(from_value(&json!("x")), None);
    }
}
