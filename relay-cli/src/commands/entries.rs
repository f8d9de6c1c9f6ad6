//! What the commands for things that are kept on the server have in common.

use serde_json::{Value, json};

use super::Cx;
use crate::client::{Client, Refusal};
use crate::error::{CliError, Result};

/// The objects of a list, which the server wraps or does not wrap.
pub(super) fn items(mut answer: Value) -> Result<Vec<Value>> {
    let list = if answer.is_object() { answer["results"].take() } else { answer };
    match list {
        Value::Array(items) => Ok(items),
        Value::Null => Ok(Vec::new()),
        _ => Err(CliError::failed("the server's list is no list")),
    }
}

/// A value of an object as the text of a cell.
pub(super) fn cell(entry: &Value, key: &str) -> String {
    match &entry[key] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// An answer of the API that the vendor's cloud does not have.
pub(super) fn own(answer: Result<Value, Refusal>, line: &str) -> Result<Value> {
    answer.map_err(|refusal| {
        let error = refusal.explained(line);
        match refusal.code.as_deref() {
            None | Some("not_supported" | "no_such_endpoint") if refusal.status == 404 => {
                error.next("the vendor's cloud cannot do this; a Relay server of your own can")
            }
            _ => error,
        }
    })
}

/// Asks, deletes, and says so.
pub(super) async fn delete(cx: &Cx, client: &Client, what: &str, id: &str, path: &[&str]) -> Result<()> {
    cx.out.confirm(format_args!("delete the {what} {id}?"))?;
    let answer = client.delete(path).try_send().await?;
    answer.map_err(|refusal| match refusal.status {
        404 if refusal.code.is_some() => CliError::not_found(format_args!("there is no {what} {id}")),
        _ => refusal.explained(&format!("DELETE /{}", path.join("/"))),
    })?;
    cx.out.result(format_args!("the {what} {id} is deleted"), &json!({ "deleted": id }))
}
