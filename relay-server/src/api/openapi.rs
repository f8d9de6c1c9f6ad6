//! The OpenAPI document, made of the table of endpoints.

use serde_json::{Map, Value, json};

use super::endpoint::Endpoint;
use crate::model::Role;

/// The document of these endpoints, which come with the headings that they stand under.
pub(super) fn document(sections: &[(&'static str, Vec<Endpoint>)]) -> Value {
    let mut paths = Map::new();
    for (tag, endpoints) in sections {
        for endpoint in endpoints {
            let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
            path[endpoint.method.as_str().to_lowercase()] = operation(tag, endpoint);
        }
    }
    let tags: Vec<Value> = sections.iter().map(|(tag, _)| json!({ "name": tag })).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Relay server",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
            "description": "The REST interface of the Relay server. Paths may be prefixed with /pro or /qa. \
                Bodies are read as JSON whatever their content type.",
        },
        "tags": tags,
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of `relay-server token create`. \
                    Any scheme word is taken, `RelayApiKey` among them."},
            },
            "responses": {
                "error": {
                    "description": "Why not: `error` is for machines, `message` for people.",
                    "content": {"application/json": {"schema": {
                        "type": "object",
                        "required": ["error", "message"],
                        "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
                    }}},
                },
            },
        },
    })
}

fn operation(tag: &str, endpoint: &Endpoint) -> Value {
    let doc = &endpoint.doc;
    let in_path = endpoint.path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?.trim_start_matches('*');
        Some(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
    });
    let in_query = doc.query.iter().map(|(name, meaning)| {
        json!({"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}})
    });
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    let mut operation = json!({
        "tags": [tag],
        "operationId": operation_id(endpoint),
        "summary": doc.summary,
        "parameters": parameters,
        "responses": {"default": {"$ref": "#/components/responses/error"}},
    });
    let content = match (&doc.answer, doc.content_type) {
        (Some(example), None) => Some(json!({"application/json": media(example)})),
        (_, Some(content_type)) => Some(json!({ content_type: {"schema": {"type": "string"}} })),
        (None, None) => None,
    };
    let (status, what) =
        if content.is_some() { ("200", "Done.") } else { ("204", "Done; there is no content.") };
    operation["responses"][status] = json!({ "description": what });
    if let Some(content) = content {
        operation["responses"][status]["content"] = content;
    }
    if let Some(example) = &doc.body {
        operation["requestBody"] = json!({"content": {"application/json": media(example)}});
    }
    match endpoint.role {
        None => operation["security"] = json!([]),
        Some(role) => {
            let role = match role {
                Role::Read => "read",
                Role::Trigger => "trigger",
                Role::Admin => "admin",
            };
            operation["x-role"] = json!(role);
        }
    }
    operation
}

/// `get_v1_devices_id` for `GET /v1/devices/{id}`.
fn operation_id(endpoint: &Endpoint) -> String {
    let words = endpoint.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(endpoint.method.as_str().to_lowercase(), |id, word| format!("{id}_{word}"))
}

fn media(example: &Value) -> Value {
    json!({"schema": schema(example), "example": example})
}

/// What the example is an example of.
fn schema(example: &Value) -> Value {
    match example {
        Value::Null => json!({}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) if number.is_f64() => json!({"type": "number"}),
        Value::Number(_) => json!({"type": "integer"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => match items.first() {
            Some(item) => json!({"type": "array", "items": schema(item)}),
            None => json!({"type": "array"}),
        },
        Value::Object(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), schema(value))).collect();
            json!({"type": "object", "properties": properties})
        }
    }
}
