//! Proof of who dials, in the HTTP request that a session begins with.
//!
//! To a workflow server, whoever knows its URI looks like the Relay server. One that shares a secret with it signs the
//! request, by the rules of [Standard Webhooks](https://www.standardwebhooks.com), so that existing libraries verify it
//! too:
//!
//! | header | holds |
//! | --- | --- |
//! | [`ID`] | what the dial is for: the same for each attempt of one instance |
//! | [`TIMESTAMP`] | when it was signed, in seconds since 1970 |
//! | [`SIGNATURE`] | `v1,` and the HMAC-SHA256 of `id.timestamp.path` in base64; one for each secret, with spaces between |
//!
//! The path stands where others sign a body: as it is in the request line, with its query. Relay's own server sends none
//! of these, and the official SDKs ignore them.
//!
//! ```
//! use relay_protocol::signature::{Signed, SigningSecret, sign};
//!
//! let secret: SigningSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
//! let (id, now, path) = ("wfi_1", 1_700_000_000, "/hello?site=3");
//! let signature = sign([&secret], id, now, path);
//!
//! let signed = Signed { id: Some(id), timestamp: Some("1700000000"), signature: Some(&signature) };
//! assert_eq!(signed.verify(&[secret], path, now + 60), Ok(()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod secret;
mod verify;

pub use secret::{BadSecret, SECRET_BYTES, SigningSecret, sign};
pub use verify::{BadSignature, Signed, TOLERANCE};

/// The header with what the dial is for.
pub const ID: &str = "webhook-id";
/// The header with when it was signed.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures.
pub const SIGNATURE: &str = "webhook-signature";
