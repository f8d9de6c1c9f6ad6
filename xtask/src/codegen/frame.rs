//! Example frames, made from the examples and defaults in the schema.

use toml::Value as Toml;

use super::node::{Map, Node};
use crate::schema::{Event, Field, Presence, Request, Schema, Target, Trigger, Ty};

const DEVICE: &str = "urn:relay-resource:name:device:Alice";
const GROUP: &str = "urn:relay-resource:name:group:Cleaning";
const INTERACTION: &str =
    "urn:relay-resource:name:interaction:hello?device=urn%3Arelay-resource%3Aname%3Adevice%3AAlice";
const ID: &str = "a1";

impl Schema {
    pub fn event_frame(&self, event: &Event) -> Map {
        let frame = Map::new().with("_type", event_type(&event.name));
        let frame = if event.name == "progress" { frame.with("_id", ID) } else { frame };
        self.fill(frame, &event.fields)
    }

    pub fn request_frame(&self, request: &Request) -> Map {
        let frame = Map::new().with("_type", request_type(&request.name)).with("_id", ID);
        let uri = match request.target {
            Target::None => None,
            Target::Interaction => Some(INTERACTION),
            Target::Device | Target::Members | Target::Any => Some(DEVICE),
            Target::DeviceOrGroup => Some(if request.name == "notification" { GROUP } else { DEVICE }),
        };
        let frame = frame.with_some("_target", uri.map(|uri| Map::new().with("uris", vec![uri])));
        self.fill(frame, &request.fields)
    }

    pub fn response_frame(&self, request: &Request) -> Map {
        self.fill(Map::new().with("_type", response_type(&request.name)).with("_id", ID), &request.response)
    }

    /// The start event of a session that `trigger` started.
    pub fn start_frame(&self, trigger: &Trigger) -> Map {
        let mut args = Map::new();
        for field in self.find_object("TriggerArgs").map_or(&[][..], |o| &o.fields) {
            if trigger.args.contains(&field.name) {
                args = args.with_some(&field.name, self.example(field));
            }
        }
        let trigger = Map::new().with("type", &trigger.wire).with("args", args);
        Map::new().with("_type", event_type("start")).with("trigger", trigger)
    }

    /// What is always sent, and what has an example.
    pub fn fill(&self, frame: Map, fields: &[Field]) -> Map {
        fields.iter().fold(frame, |frame, field| frame.with_some(&field.name, self.example(field)))
    }

    fn example(&self, field: &Field) -> Option<Node> {
        let ty = Ty::read(&field.ty);
        match (&field.example, field.presence) {
            (Some(example), _) => Some(self.node(&ty, example)),
            (None, Presence::Optional) => None,
            (None, _) => Some(self.default(field)),
        }
    }

    /// What a field with `presence = "default"` holds when nothing was set.
    pub fn default(&self, field: &Field) -> Node {
        let ty = Ty::read(&field.ty);
        match (&field.default, &ty) {
            (Some(default), _) => self.node(&ty, default),
            (None, Ty::Text | Ty::Urn) => "".into(),
            (None, Ty::Int | Ty::Uint) => Node::Int(0),
            (None, Ty::Float) => Node::Float(0.0),
            (None, Ty::Bool) => false.into(),
            (None, Ty::Count) => "0".into(),
            (None, Ty::List(_)) => Node::List(Vec::new()),
            (None, Ty::Json | Ty::JsonMap | Ty::TextMap) => Map::new().into(),
            (None, Ty::Named(name)) => {
                self.fill(Map::new(), self.find_object(name).map_or(&[], |o| &o.fields)).into()
            }
        }
    }

    fn node(&self, ty: &Ty, value: &Toml) -> Node {
        match (ty, value) {
            (Ty::Count, Toml::Integer(n)) => n.to_string().into(),
            (Ty::Named(name), Toml::Table(table)) => {
                let fields = self.find_object(name).map_or(&[][..], |o| &o.fields);
                let known = fields.iter().filter_map(|f| Some((f, table.get(&f.name)?)));
                Map(known.map(|(f, value)| (f.name.clone(), self.node(&Ty::read(&f.ty), value))).collect())
                    .into()
            }
            (Ty::List(inner), Toml::Array(items)) => {
                Node::List(items.iter().map(|v| self.node(inner, v)).collect())
            }
            (_, Toml::String(text)) => text.into(),
            (_, Toml::Integer(n)) => Node::Int(*n),
            (_, Toml::Float(n)) => Node::Float(*n),
            (_, Toml::Boolean(b)) => Node::Bool(*b),
            (_, Toml::Datetime(time)) => time.to_string().into(),
            (_, Toml::Array(items)) => Node::List(items.iter().map(|v| self.node(&Ty::Json, v)).collect()),
            (_, Toml::Table(table)) => {
                Map(table.iter().map(|(key, v)| (key.clone(), self.node(&Ty::Json, v))).collect()).into()
            }
        }
    }
}

pub fn event_type(name: &str) -> String {
    format!("wf_api_{name}_event")
}

pub fn request_type(name: &str) -> String {
    format!("wf_api_{name}_request")
}

pub fn response_type(name: &str) -> String {
    format!("wf_api_{name}_response")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_shows_envelope_then_fields_in_order() {
        let schema = Schema::of_workspace().unwrap();
        let request = schema.requests.iter().find(|r| r.name == "inbox_count").unwrap();
        assert_eq!(
            schema.response_frame(request).json(),
            r#"{"_type": "wf_api_inbox_count_response", "_id": "a1", "count": "3"}"#
        );
        let start = schema.start_frame(&schema.triggers[0]).json();
        let expected = r#"{
  "_type": "wf_api_start_event",
  "trigger": {"type": "phrase", "args": {"source_uri": "urn:relay-resource:name:device:Alice", "phrase": "hello", "spillover": "everybody"}}
}"#;
        assert_eq!(start, expected);
    }

    #[test]
    fn every_frame_is_json() {
        let schema = Schema::of_workspace().unwrap();
        let events = schema.events.iter().map(|e| schema.event_frame(e));
        let requests =
            schema.requests.iter().flat_map(|r| [schema.request_frame(r), schema.response_frame(r)]);
        let starts = schema.triggers.iter().map(|t| schema.start_frame(t));
        for frame in events.chain(requests).chain(starts) {
            let text = frame.json();
            serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        }
    }
}
