//! What can go wrong with a call, by whose fault.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// Why a call to Relay's REST API did not succeed.
#[derive(Debug)]
#[non_exhaustive]
pub enum ApiError {
    /// The client cannot be built.
    Setting {
        /// The builder's method or the environment variable.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing was sent: Relay could not do what the call asks for.
    Argument {
        /// The method of the call.
        argument: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// There was no connection, so Relay has not seen the request.
    Unreachable {
        /// What was to be sent.
        request: RequestLine,
        /// What the network said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The server's certificate is not trusted, so nothing was sent. A private authority is added with
    /// [`ca_pem`](super::ClientBuilder::ca_pem).
    Untrusted {
        /// What was to be sent.
        request: RequestLine,
        /// What is wrong with the certificate.
        source: rustls::Error,
    },
    /// No answer in time. Whether Relay took the request is unknown.
    TimedOut {
        /// What was sent.
        request: RequestLine,
        /// The [`timeout`](super::ClientBuilder::timeout).
        after: Duration,
    },
    /// The connection broke before the answer was complete. Whether Relay took the request is unknown.
    Interrupted {
        /// What was sent.
        request: RequestLine,
        /// What the network said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The credentials are not, or no longer, valid: 401, or a refresh token that is refused.
    Unauthorized {
        /// What was sent.
        request: RequestLine,
        /// The answer.
        reply: Box<Reply>,
    },
    /// Relay does not accept this request: any other status below 500.
    Refused {
        /// What was sent.
        request: RequestLine,
        /// The answer.
        reply: Box<Reply>,
    },
    /// Relay could not do it: a status from 500.
    Failed {
        /// What was sent.
        request: RequestLine,
        /// The answer.
        reply: Box<Reply>,
    },
    /// Relay accepted the request, but its answer is not what is documented.
    BadAnswer {
        /// What was sent.
        request: RequestLine,
        /// What is wrong with the answer.
        why: String,
    },
}

impl ApiError {
    /// The request, if one was made.
    pub fn request(&self) -> Option<&RequestLine> {
        match self {
            Self::Setting { .. } | Self::Argument { .. } => None,
            Self::Unreachable { request, .. }
            | Self::Untrusted { request, .. }
            | Self::TimedOut { request, .. }
            | Self::Interrupted { request, .. }
            | Self::Unauthorized { request, .. }
            | Self::Refused { request, .. }
            | Self::Failed { request, .. }
            | Self::BadAnswer { request, .. } => Some(request),
        }
    }

    /// What Relay answered, if it answered with an error.
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Unauthorized { reply, .. } | Self::Refused { reply, .. } | Self::Failed { reply, .. } => {
                Some(reply)
            }
            _ => None,
        }
    }

    /// The HTTP status of [`reply`](Self::reply).
    pub fn status(&self) -> Option<u16> {
        self.reply().map(|reply| reply.status)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, why } => write!(f, "bad `{name}`: {why}"),
            Self::Argument { argument, why } => write!(f, "not sent: bad `{argument}`: {why}"),
            Self::Unreachable { request, .. } => write!(f, "{request}: cannot connect"),
            Self::Untrusted { request, .. } => {
                write!(f, "{request}: not sent, the server's certificate is not trusted")
            }
            Self::TimedOut { request, after } => write!(f, "{request}: no answer within {after:?}"),
            Self::Interrupted { request, .. } => {
                write!(f, "{request}: the connection broke before the answer")
            }
            Self::Unauthorized { request, reply } => {
                write!(f, "{request}: the credentials are refused: {reply}")
            }
            Self::Refused { request, reply } => write!(f, "{request}: refused: {reply}"),
            Self::Failed { request, reply } => write!(f, "{request}: failed: {reply}"),
            Self::BadAnswer { request, why } => write!(f, "{request}: not the documented answer: {why}"),
        }
    }
}

impl StdError for ApiError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unreachable { source, .. } | Self::Interrupted { source, .. } => Some(&**source),
            Self::Untrusted { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Which request: its method and its URL without the query.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestLine {
    /// As in `POST`.
    pub method: String,
    /// Where to.
    pub url: String,
}

impl fmt::Display for RequestLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

/// An answer that is an error. All but the status is there only if Relay says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The word for programs, as in `missing_capability`.
    pub code: Option<String>,
    /// The text for people.
    pub message: Option<String>,
    /// The number under which Relay has filed the error.
    pub error_id: Option<String>,
    /// How long to wait before another try.
    pub retry_after: Option<Duration>,
}

/// An error page of a proxy is cut here.
const LONGEST_MESSAGE: usize = 200;

impl Reply {
    pub(super) fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let mut reply = Self { status, retry_after, ..Self::default() };
        match serde_json::from_slice::<Value>(body) {
            Ok(json) => {
                let text = |key| json.get(key).and_then(Value::as_str).map(one_line);
                reply.code = text("error");
                // What OAuth calls its message.
                reply.message = text("message").or_else(|| text("error_description"));
                reply.error_id = text("id");
            }
            Err(_) => {
                reply.message =
                    Some(one_line(&String::from_utf8_lossy(body))).filter(|text| !text.is_empty());
            }
        }
        reply
    }
}

fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect()
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)?;
        for part in [&self.code, &self.message].into_iter().flatten() {
            write!(f, ", {part}")?;
        }
        self.error_id.as_ref().map_or(Ok(()), |id| write!(f, ", error id {id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_in_any_shape() {
        for (body, text) in [
            (
                r#"{"error":"not_found","message":"no such workflow","id":"E1"}"#,
                "status 404, not_found, no such workflow, error id E1",
            ),
            (
                r#"{"error":"invalid_grant","error_description":"expired"}"#,
                "status 404, invalid_grant, expired",
            ),
            (r#"{"error":{"nested":1}}"#, "status 404"),
            ("<h1>Not\r\n found</h1>", "status 404, <h1>Not found</h1>"),
            ("[]", "status 404"),
            ("", "status 404"),
        ] {
            assert_eq!(Reply::read(404, None, body.as_bytes()).to_string(), text);
        }
        assert_eq!(Reply::read(502, None, "é".repeat(5000).as_bytes()).message.unwrap().chars().count(), 200);
    }
}
