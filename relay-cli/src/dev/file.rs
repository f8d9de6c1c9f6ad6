//! What a server knows, as a file that people read and keep with their code: JSON, with as little in it as possible.
//!
//! Workflows that the process of `relay dev` serves have a path in place of their URI, whose port is another each time.

use std::fs;
use std::path::Path;

use relay_server::registry::Document;
use serde_json::Value;

use super::register::PATH;
use crate::error::{CliError, Result};

/// Reads what [`write`] wrote.
pub(crate) fn read(path: &Path) -> Result<Value> {
    let unusable = |why: &dyn std::fmt::Display| {
        CliError::usage(format_args!("{} cannot be imported", path.display())).cause(why)
    };
    let text = fs::read_to_string(path).map_err(|error| unusable(&error))?;
    let mut document: Value = serde_json::from_str(&text).map_err(|error| unusable(&error))?;
    if !document.is_object() {
        return Err(unusable(&"it holds no object with `devices`, `workflows` and so on"));
    }
    // The server reads it too, but does not know in which line of the file something is wrong.
    serde_json::from_str::<Document>(&text).map_err(|error| unusable(&error))?;
    for workflow in workflows(&mut document) {
        let path =
            uri(workflow).and_then(|uri| uri.as_str()).filter(|uri| uri.starts_with('/')).map(str::to_owned);
        if let (Some(path), Some(uri)) = (path, uri(workflow)) {
            *uri = format!("{NOWHERE}{path}").into();
            workflow[PATH] = path.into();
        }
    }
    Ok(document)
}

/// Until a process is there.
const NOWHERE: &str = "wss://localhost:1";

fn workflows(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    document.get_mut("workflows").and_then(Value::as_array_mut).into_iter().flatten()
}

fn uri(workflow: &mut Value) -> Option<&mut Value> {
    workflow.pointer_mut("/config/trigger/start/workflow/uri")
}

/// Writes the document whole or not at all, so that being killed loses nothing.
pub(crate) fn write(path: &Path, mut document: Value) -> Result<()> {
    let failed = |error| CliError::failed(format_args!("cannot write {}", path.display())).cause(error);
    for workflow in workflows(&mut document) {
        let path = workflow.as_object_mut().and_then(|fields| fields.remove(PATH));
        if let (Some(path), Some(uri)) = (path, uri(workflow)) {
            *uri = path;
        }
    }
    strip(&mut document);
    let text = format!("{document:#}\n");
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    // Hidden, so that nobody takes it for a change of the project.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.new"));
    fs::write(&new, text).and_then(|()| fs::rename(&new, path)).map_err(failed)
}

/// Lists and objects that are empty, and what is null, say nothing.
fn strip(value: &mut Value) {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(strip);
            map.retain(|key, value| key == "args" || key == "install" || !empty(value));
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_nothing_is_left_out() {
        let mut document = json!({ "groups": [], "devices": [{ "id": "1", "user": null, "location": {} }] });
        strip(&mut document);
        assert_eq!(document, json!({ "devices": [{ "id": "1" }] }));
    }
}
