//! The AsyncAPI document: the wire for other tools and languages.

use super::frame::{event_type, request_type, response_type};
use super::node::{Map, Node};
use crate::schema::{
    Ends, Enum, Event, Evidence, Field, Object, Presence, Request, Schema, Status, Target, Targets, Ty,
};

const INTRODUCTION: &str = "\
The messages between a Relay server and a workflow, described from the side of the workflow: it receives events, sends \
requests and receives the response to each.

The Relay server opens one WebSocket per run of a workflow and sends `wf_api_start_event` first. Every message is one \
JSON object in one text frame. A request carries an `_id`, which its response repeats; progress events with that `_id` \
may come before and start its deadline anew. `wf_api_terminate_request` alone has no response: `wf_api_stop_event` \
comes, then the Relay server closes the connection.

Nobody publishes this protocol. `x-evidence` says how each part is known: `captured` on the real wire, `reproduced` by \
running an official SDK, read in the `code` of one, `documented` by the vendor, `inferred` by us, or `unconfirmed`. \
Ignore keys and messages that are not listed here, and treat null as absent.";

/// `docs/asyncapi.yaml`.
pub fn generate(schema: &Schema) -> String {
    format!("# Written by `cargo xtask codegen` from relay-protocol/schema.\n{}", document(schema).yaml())
}

fn document(schema: &Schema) -> Map {
    let info = Map::new()
        .with("title", "Relay workflow protocol")
        .with("version", "2.0.0")
        .with("description", INTRODUCTION);
    let server = Map::new()
        .with("host", "workflow.example.com")
        .with("protocol", "wss")
        .with("description", "The workflow process. The Relay server dials it and checks its certificate.");
    Map::new()
        .with("asyncapi", "3.0.0")
        .with("info", info)
        .with("defaultContentType", "application/json")
        .with("servers", Map::new().with("workflow", server))
        .with("channels", Map::new().with("session", channel(schema)))
        .with("operations", operations(schema))
        .with("components", components(schema))
}

fn channel(schema: &Schema) -> Map {
    let path = Map::new().with("description", "The path that the workflow is served at.");
    let names = messages(schema).0.into_iter().map(|(name, _)| name);
    let messages = names.map(|name| (name.clone(), reference("components/messages", &name).into())).collect();
    let socket = Map::new().with("method", "GET").with("bindingVersion", "0.1.0");
    Map::new()
        .with("address", "/{workflow}")
        .with("title", "Session")
        .with("description", "One run of a workflow, from the start event to the stop event.")
        .with("servers", vec![reference("servers", "workflow")])
        .with("parameters", Map::new().with("workflow", path))
        .with("messages", Map(messages))
        .with("bindings", Map::new().with("ws", socket))
}

fn operations(schema: &Schema) -> Map {
    let session = || reference("channels", "session");
    let message = |name: String| reference("channels/session/messages", &name);
    let mut all = Map::new();
    for event in &schema.events {
        let operation = Map::new()
            .with("action", "receive")
            .with("channel", session())
            .with("summary", summary(&event.doc))
            .with("messages", vec![message(event_type(&event.name))]);
        all = all.with(format!("on_{}", event.name), operation);
    }
    for request in &schema.requests {
        let reply = (request.ends != Ends::Stop).then(|| {
            let messages = vec![message(response_type(&request.name)), message(response_type("error"))];
            Map::new().with("channel", session()).with("messages", messages)
        });
        let operation = Map::new()
            .with("action", "send")
            .with("channel", session())
            .with("summary", summary(&request.doc))
            .with("messages", vec![message(request_type(&request.name))])
            .with_some("reply", reply)
            .with("x-ends", ends(request.ends))
            .with_some("x-follows", some_list(request.follows.iter().map(|name| event_type(name))))
            .with_some("x-timeout", seconds(request.timeout))
            .with_some("x-event-timeout", seconds(request.event_timeout));
        all = all.with(&request.name, operation);
    }
    all
}

fn components(schema: &Schema) -> Map {
    let urn = Map::new()
        .with("type", "string")
        .with("pattern", "^urn:relay-resource:")
        .with("description", "Names a device, a group or an interaction.");
    let uris = Map::new().with("type", "array").with("items", reference("components/schemas", "Urn"));
    let target = Map::new()
        .with("type", "object")
        .with("description", "What a request is about.")
        .with("required", vec!["uris"])
        .with("properties", Map::new().with("uris", uris));
    let mut schemas = Map::new().with("Urn", urn).with("Target", target);
    for e in &schema.enums {
        schemas = schemas.with(&e.name, words(e));
    }
    for o in &schema.objects {
        schemas = schemas.with(&o.name, object(schema, o));
    }
    let id = Map::new()
        .with("description", "The request that a response or a progress event belongs to.")
        .with("location", "$message.payload#/_id");
    Map::new()
        .with("messages", messages(schema))
        .with("schemas", schemas)
        .with("correlationIds", Map::new().with("request", id))
}

fn messages(schema: &Schema) -> Map {
    let mut all = Map::new();
    for event in &schema.events {
        all = all.with(event_type(&event.name), event_message(schema, event));
    }
    for request in &schema.requests {
        all = all.with(request_type(&request.name), request_message(schema, request));
        if request.ends != Ends::Stop {
            all = all.with(response_type(&request.name), response_message(schema, request));
        }
    }
    all.with(response_type("error"), error_message())
}

fn event_message(schema: &Schema, event: &Event) -> Map {
    let name = event_type(&event.name);
    let correlated = event.name == "progress";
    let payload = payload(schema, &name, correlated, None, &event.fields);
    message(&name, &event.doc, correlated, payload, schema.event_frame(event))
        .with("x-evidence", evidence(event.evidence))
        .with_some("x-aliases", some_list(event.aliases.iter().map(|name| event_type(name))))
}

fn request_message(schema: &Schema, request: &Request) -> Map {
    let name = request_type(&request.name);
    let target = request.targets.map(|_| reference("components/schemas", "Target"));
    let payload = payload(schema, &name, true, target, &request.fields);
    message(&name, &request.doc, true, payload, schema.request_frame(request))
        .with("x-evidence", evidence(request.evidence))
        .with_some("x-status", status(request.status))
        .with_some("x-target", target_kind(request.target))
        .with_some("x-targets", request.targets.map(|t| if t == Targets::One { "one" } else { "many" }))
}

fn response_message(schema: &Schema, request: &Request) -> Map {
    let name = response_type(&request.name);
    let doc = format!("The response to `{}`.", request_type(&request.name));
    let payload = payload(schema, &name, true, None, &request.response);
    message(&name, &doc, true, payload, schema.response_frame(request))
        .with("x-evidence", evidence(request.evidence))
}

fn error_message() -> Map {
    let name = response_type("error");
    let error =
        Map::new().with("type", "string").with("description", "What went wrong. No list of texts is known.");
    let payload = Map::new()
        .with("type", "object")
        .with("required", vec!["_type", "_id", "error"])
        .with("properties", envelope(&name, true, None).with("error", error));
    let frame = Map::new().with("_type", &name).with("_id", "a1").with("error", "invalid_target");
    message(&name, "A request failed. Comes in place of its response.", true, payload, frame)
        .with("x-evidence", evidence(Evidence::Code))
}

fn message(name: &str, doc: &str, correlated: bool, payload: Map, frame: Map) -> Map {
    let example = Map::new().with("payload", frame);
    Map::new()
        .with("name", name)
        .with("summary", summary(doc))
        .with("description", doc)
        .with_some("correlationId", correlated.then(|| reference("components/correlationIds", "request")))
        .with("payload", payload)
        .with("examples", vec![example])
}

fn payload(schema: &Schema, name: &str, correlated: bool, target: Option<Map>, fields: &[Field]) -> Map {
    let mut required = vec!["_type"];
    required.extend(correlated.then_some("_id"));
    required.extend(target.is_some().then_some("_target"));
    required.extend(required_fields(fields));
    let all = properties(schema, envelope(name, correlated, target), fields);
    Map::new().with("type", "object").with("required", required).with("properties", all)
}

fn envelope(name: &str, correlated: bool, target: Option<Map>) -> Map {
    let id = Map::new().with("type", "string").with("description", "Opaque, and unique in its session.");
    Map::new()
        .with("_type", Map::new().with("const", name))
        .with_some("_id", correlated.then_some(id))
        .with_some("_target", target)
}

fn object(schema: &Schema, object: &Object) -> Map {
    let required: Vec<_> = required_fields(&object.fields).collect();
    Map::new()
        .with("type", "object")
        .with("description", &object.doc)
        .with_some("required", (!required.is_empty()).then_some(required))
        .with("properties", properties(schema, Map::new(), &object.fields))
        .with("x-evidence", evidence(object.evidence))
}

/// Known words, and any other: every list is open.
fn words(e: &Enum) -> Map {
    let known = e.values.iter().map(|v| {
        Map::new()
            .with("const", &v.wire)
            .with("description", &v.doc)
            .with_some("x-aliases", some_list(v.aliases.iter().cloned()))
    });
    let other =
        Map::new().with("type", "string").with("description", "Any other word, which a peer may add.");
    Map::new()
        .with("description", &e.doc)
        .with("anyOf", known.chain([other]).collect::<Vec<_>>())
        .with("x-evidence", evidence(e.evidence))
}

fn required_fields(fields: &[Field]) -> impl Iterator<Item = &str> {
    fields.iter().filter(|f| f.presence == Presence::Required).map(|f| f.name.as_str())
}

fn properties(schema: &Schema, all: Map, fields: &[Field]) -> Map {
    fields.iter().fold(all, |all, field| all.with(&field.name, property(schema, field)))
}

fn property(schema: &Schema, field: &Field) -> Map {
    let ty = Ty::read(&field.ty);
    let base = match ty {
        // Beside `$ref` nothing else is read.
        Ty::Urn | Ty::Named(_) => Map::new().with("allOf", vec![shape(&ty)]),
        _ => shape(&ty),
    };
    let always = field.presence == Presence::Default;
    base.with("description", &field.doc)
        .with_some("default", always.then(|| schema.default(field)).filter(is_scalar))
        .with_some("x-always-sent", always.then_some(true))
        .with_some("x-unit", field.unit.as_ref())
        .with_some("x-personal", field.personal.then_some(true))
        .with_some("x-aliases", some_list(field.aliases.iter().cloned()))
        .with_some("x-evidence", field.evidence.map(evidence))
}

fn shape(ty: &Ty) -> Map {
    let typed = |name: &str| Map::new().with("type", name);
    match ty {
        Ty::Text => typed("string"),
        Ty::Urn => reference("components/schemas", "Urn"),
        Ty::Int => typed("integer"),
        Ty::Uint => typed("integer").with("minimum", Node::Int(0)),
        Ty::Float => typed("number"),
        Ty::Bool => typed("boolean"),
        Ty::Count => typed("string").with("pattern", "^[0-9]+$"),
        Ty::Json => Map::new(),
        Ty::JsonMap => typed("object"),
        Ty::TextMap => typed("object").with("additionalProperties", typed("string")),
        Ty::List(inner) => typed("array").with("items", shape(inner)),
        Ty::Named(name) => reference("components/schemas", name),
    }
}

fn reference(place: &str, name: &str) -> Map {
    Map::new().with("$ref", format!("#/{place}/{name}"))
}

fn summary(doc: &str) -> &str {
    doc.split_once("\n\n").map_or(doc, |(first, _)| first)
}

fn some_list(items: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let items: Vec<_> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node, Node::Map(_))
}

fn seconds(value: Option<u64>) -> Option<Node> {
    value.and_then(|s| i64::try_from(s).ok()).map(Node::Int)
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Captured => "captured",
        Evidence::Reproduced => "reproduced",
        Evidence::Code => "code",
        Evidence::Documented => "documented",
        Evidence::Inferred => "inferred",
        Evidence::Unconfirmed => "unconfirmed",
    }
}

fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::Live => None,
        Status::Dormant => Some("dormant"),
        Status::Legacy => Some("legacy"),
    }
}

fn target_kind(target: Target) -> Option<&'static str> {
    match target {
        Target::None => None,
        Target::Interaction => Some("interaction"),
        Target::Device => Some("device"),
        Target::DeviceOrGroup => Some("device or group"),
        Target::Members => Some("members"),
        Target::Any => Some("any"),
    }
}

fn ends(ends: Ends) -> &'static str {
    match ends {
        Ends::Response => "response",
        Ends::Prompt => "prompt stopped or failed",
        Ends::Speech => "speech",
        Ends::Started => "interaction started or failed",
        Ends::Ended => "interaction ended",
        Ends::Stop => "stop",
    }
}

#[cfg(test)]
mod tests {
    use yaml_rust2::{Yaml, YamlLoader};

    use super::*;

    fn schema() -> Schema {
        Schema::of_workspace().unwrap()
    }

    /// What a YAML reader makes of `node`.
    fn yaml(node: &Node) -> Yaml {
        match node {
            Node::Bool(value) => Yaml::Boolean(*value),
            Node::Int(value) => Yaml::Integer(*value),
            Node::Float(value) => Yaml::Real(format!("{value:?}")),
            Node::Text(text) => Yaml::String(text.clone()),
            Node::List(items) => Yaml::Array(items.iter().map(yaml).collect()),
            Node::Map(map) => {
                Yaml::Hash(map.0.iter().map(|(k, v)| (Yaml::String(k.clone()), yaml(v))).collect())
            }
        }
    }

    #[test]
    fn it_reads_back_as_written() {
        let schema = schema();
        let read = YamlLoader::load_from_str(&generate(&schema)).unwrap();
        assert_eq!(read, [yaml(&document(&schema).into())]);
    }

    fn references<'a>(node: &'a Node, found: &mut Vec<&'a str>) {
        match node {
            Node::Map(map) => {
                for (key, value) in &map.0 {
                    match value {
                        Node::Text(text) if key == "$ref" => found.push(text),
                        _ => references(value, found),
                    }
                }
            }
            Node::List(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    fn at<'a>(root: &'a Node, path: &str) -> Option<&'a Node> {
        path.strip_prefix("#/")?.split('/').try_fold(root, |node, key| match node {
            Node::Map(map) => map.0.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            _ => None,
        })
    }

    #[test]
    fn every_reference_resolves() {
        let root = Node::from(document(&schema()));
        let mut found = Vec::new();
        references(&root, &mut found);
        assert!(found.len() > 300, "only {} references", found.len());
        for path in found {
            assert!(at(&root, path).is_some(), "{path}");
        }
    }

    #[test]
    fn every_message_has_an_operation() {
        let schema = schema();
        let (events, requests) = (schema.events.len(), schema.requests.len());
        assert_eq!(operations(&schema).0.len(), events + requests);
        // `terminate` has no response; the error response is everyone's.
        assert_eq!(messages(&schema).0.len(), events + 2 * requests);
    }
}
