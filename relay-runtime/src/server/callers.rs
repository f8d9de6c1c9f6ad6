//! Who may open sessions. Without any demand: whoever knows the URI.

use std::time::{SystemTime, UNIX_EPOCH};

use relay_protocol::signature::{BadSecret, ID, SIGNATURE, Signed, SigningSecret, TIMESTAMP};
use tokio_tungstenite::tungstenite::handshake::server::Request;

use super::refusal::Refusal;

/// What is demanded of whoever opens a session.
pub(super) struct Callers {
    /// One of these must have signed the request, if there are any.
    secrets: Vec<SigningSecret>,
}

impl Callers {
    pub(super) fn new(secrets: &[String]) -> Result<Self, BadSecret> {
        Ok(Self { secrets: secrets.iter().map(|secret| secret.parse()).collect::<Result<_, _>>()? })
    }

    /// Refuses requests of others.
    pub(super) fn admit(&self, request: &Request) -> Result<(), Refusal> {
        if self.secrets.is_empty() {
            return Ok(());
        }
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let signed = Signed { id: header(ID), timestamp: header(TIMESTAMP), signature: header(SIGNATURE) };
        // As the request line has it: a proxy that changes the path changes what was signed.
        let path = request.uri().path_and_query().map_or("", |path| path.as_str());
        // A clock before 1970 is wrong by far more than is tolerated.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        signed.verify(&self.secrets, path, now).map_err(Refusal::Unproven)
    }
}
