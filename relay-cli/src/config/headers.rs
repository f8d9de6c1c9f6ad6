//! `RELAY_HEADERS`: what else is said with every call.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::error::{CliError, Result};

/// Reads a JSON object of texts. The token is given otherwise.
pub(super) fn read(text: &str) -> Result<HeaderMap> {
    let wrong = |why: &dyn std::fmt::Display| {
        CliError::usage("RELAY_HEADERS cannot be read")
            .cause(why)
            .next(r#"write a JSON object: {"x-tenant": "blue"}"#)
    };
    let pairs: Map<String, Value> = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    let mut headers = HeaderMap::new();
    for (name, value) in &pairs {
        let value = value.as_str().ok_or_else(|| wrong(&format_args!("the value of `{name}` is no text")))?;
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|error| wrong(&error))?;
        headers.insert(header, HeaderValue::from_str(value).map_err(|error| wrong(&error))?);
    }
    headers.remove(reqwest::header::AUTHORIZATION);
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_a_json_object() {
        let headers = read(r#"{"X-Tenant": "blue", "authorization": "x"}"#).unwrap();
        assert_eq!((headers.len(), &headers["x-tenant"]), (1, &HeaderValue::from_static("blue")));
        for wrong in ["x", "[]", r#"{"a": 1}"#, r#"{"a b": "c"}"#, "{\"a\": \"b\\n\"}"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
