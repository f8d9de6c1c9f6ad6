//! Pairs of names and values: the query of a URI, or a form.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;

use super::error::{ApiError, ApiResult};

/// Pairs of names and values. Empty values count as absent; of a repeated name the first counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads `a=1&b=2`. An SDK begins its query with a stray `&`, and its form with `?&`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pairs = BTreeMap::new();
        let text = text.trim().trim_start_matches('?');
        for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            if !value.is_empty() {
                pairs.entry(decode(name)).or_insert_with(|| decode(value));
            }
        }
        Self(pairs)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value, as something else than text.
    ///
    /// # Errors
    ///
    /// 400 that names the parameter and what it must be.
    pub(crate) fn read<T: FromStr>(&self, name: &'static str, must_be: &str) -> ApiResult<Option<T>> {
        let Some(text) = self.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            ApiError::bad(
                "invalid_parameter",
                format!("the parameter `{name}` must be {must_be}, not {text:?}"),
            )
        })
    }

    pub(crate) fn required(&self, name: &'static str) -> ApiResult<&str> {
        self.get(name)
            .ok_or_else(|| ApiError::bad("missing_parameter", format!("the parameter `{name}` is missing")))
    }
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stray_signs_are_no_pairs() {
        let params = Params::parse("?&subscriber_id=S&user_id=a%20b+c&&empty=&flag&subscriber_id=other");
        assert_eq!(params.get("subscriber_id"), Some("S"));
        assert_eq!(params.get("user_id"), Some("a b c"));
        assert_eq!((params.get("empty"), params.get("flag"), params.get("")), (None, None, None));
    }

    #[test]
    fn what_must_be_a_number_says_so() {
        let params = Params::parse("limit=ten");
        let error = params.read::<u32>("limit", "a number").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid_parameter: the parameter `limit` must be a number, not \"ten\""
        );
    }
}
