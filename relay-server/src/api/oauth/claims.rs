//! What official clients read in a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::auth::Caller;
use crate::model::UnixMs;

/// In seconds. Ours do not expire by that; a client that counts refreshes what need not be.
pub(super) const LIFETIME: i64 = 7200;

/// Who holds the token, as a UUID: always the same for the same token.
pub(super) fn user_uuid(caller: &Caller) -> String {
    let digest = Sha256::digest(caller.token.as_str().as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// Who holds the token, in the words of the platform. There are no people behind tokens here, so they are made up.
pub(super) fn person(caller: &Caller) -> Value {
    let name: String = caller.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = if name.is_empty() { "token".into() } else { name.to_lowercase() };
    json!({"email": format!("{name}@relay.invalid"), "given_name": caller.name, "family_name": ""})
}

/// A JWT with `signature` in the place of one.
pub(super) fn token(caller: &Caller, now: UnixMs, signature: &str) -> String {
    let mut claims = person(caller);
    let seconds = now.get().div_euclid(1000);
    claims["preferred_username"] = user_uuid(caller).into();
    claims["iat"] = seconds.into();
    claims["exp"] = (seconds + LIFETIME).into();
    let header = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "typ": "JWT"}).to_string());
    format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims.to_string()))
}
