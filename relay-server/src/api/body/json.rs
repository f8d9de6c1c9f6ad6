//! JSON whatever the content type says.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::error::{ApiError, ApiResult};
use super::yaml;

/// A body that is an object, whatever its content type: two official SDKs send none, one example a form's. No body at
/// all is an empty object. What is no JSON is tried as the object notation of YAML, which also knows single quotes, as a
/// documented example has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lenient(pub(crate) Map<String, Value>);

impl Lenient {
    pub(crate) fn parse(body: &[u8]) -> ApiResult<Self> {
        let text = std::str::from_utf8(body)
            .map_err(|_| ApiError::bad("invalid_json", "the body is no text in UTF-8"))?
            .trim_start_matches('\u{feff}')
            .trim();
        if text.is_empty() {
            return Ok(Self(Map::new()));
        }
        let value = serde_json::from_str(text)
            .or_else(|error| yaml::parse(text).filter(Value::is_object).ok_or(error))
            .map_err(|error| ApiError::bad("invalid_json", format!("the body is no JSON: {error}")))?;
        match value {
            Value::Object(object) => Ok(Self(object)),
            _ => {
                Err(ApiError::bad("invalid_json", "the body must be a JSON object, as in {\"name\": \"…\"}"))
            }
        }
    }

    /// The object, as what it must be.
    ///
    /// # Errors
    ///
    /// 400 with what is missing or wrong.
    pub(crate) fn read<T: DeserializeOwned>(self) -> ApiResult<T> {
        serde_json::from_value(Value::Object(self.0))
            .map_err(|error| ApiError::bad("invalid_body", format!("the body cannot be used: {error}")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Lenient {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> ApiResult<Self> {
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            let status = rejection.status();
            match status.as_u16() {
                413 => ApiError::new(status, "body_too_large", "the body is too large: see `limits.body`"),
                _ => ApiError::bad("invalid_body", "the body could not be read to its end"),
            }
        })?;
        Self::parse(&body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_clients_send_is_understood() {
        let cases = [
            ("", json!({})),
            ("{\"a\":1}", json!({"a": 1})),
            ("\u{feff}{\"a\":1}\n", json!({"a": 1})),
            (
                "{ 'action': 'invoke', 'action_args': { 'n': 1 } }",
                json!({"action": "invoke", "action_args": {"n": 1}}),
            ),
        ];
        for (text, object) in cases {
            assert_eq!(Value::Object(Lenient::parse(text.as_bytes()).unwrap().0), object, "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["[1]", "1", "nonsense", "{", "\"a\""] {
            assert!(Lenient::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Lenient::parse(&[0xff, 0xfe]).is_err());
    }
}
