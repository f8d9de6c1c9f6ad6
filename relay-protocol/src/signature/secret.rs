//! Secrets, and what they sign.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What every secret begins with, so that people and scanners of repositories know one when they see it.
const PREFIX: &str = "whsec_";
/// The version of the signature, which is before each.
pub(super) const VERSION: &str = "v1";
/// How long a new secret should be, in bytes.
pub const SECRET_BYTES: usize = 32;
/// How long secrets are that are taken, in bytes, as the standard says.
const MIN: usize = 24;
const MAX: usize = 64;

/// A secret that both ends know: `whsec_` and from 24 to 64 bytes in base64.
///
/// Shown by [`reveal`](Self::reveal) only, not by `Debug`. Never compare what a stranger sends with it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl SigningSecret {
    /// A secret of these bytes, which must be random: [`SECRET_BYTES`] of them are best.
    ///
    /// # Errors
    ///
    /// [`BadSecret::Length`].
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, BadSecret> {
        let bytes = bytes.into();
        match bytes.len() {
            MIN..=MAX => Ok(Self(bytes)),
            bytes => Err(BadSecret::Length { bytes }),
        }
    }

    /// As people keep it: `whsec_…`.
    pub fn reveal(&self) -> String {
        let mut text = String::from(PREFIX);
        STANDARD.encode_string(&self.0, &mut text);
        text
    }

    /// Whether this signature, in base64 and without its version, is by this secret. Takes the same time for all that have
    /// the right length.
    pub(super) fn has_signed(&self, signature: &str, id: &str, timestamp: u64, path: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else { return false };
        self.mac(id, timestamp, path).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
    }

    fn mac(&self, id: &str, timestamp: u64, path: &str) -> Option<Hmac<Sha256>> {
        // HMAC takes keys of any length, so there always is one.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(alloc::format!("{id}.{timestamp}.{path}").as_bytes());
        Some(mac)
    }
}

/// The value of the header [`SIGNATURE`](super::SIGNATURE): one signature by each of these secrets. `timestamp` is in seconds
/// since 1970, `path` is that of the request line with its query.
pub fn sign<'a>(
    secrets: impl IntoIterator<Item = &'a SigningSecret>,
    id: &str,
    timestamp: u64,
    path: &str,
) -> String {
    let mut header = String::new();
    for mac in secrets.into_iter().filter_map(|secret| secret.mac(id, timestamp, path)) {
        if !header.is_empty() {
            header.push(' ');
        }
        header.push_str(VERSION);
        header.push(',');
        STANDARD.encode_string(mac.finalize().into_bytes(), &mut header);
    }
    header
}

impl FromStr for SigningSecret {
    type Err = BadSecret;

    fn from_str(text: &str) -> Result<Self, BadSecret> {
        let digits = text.trim().strip_prefix(PREFIX).ok_or(BadSecret::Prefix)?;
        Self::from_bytes(STANDARD.decode(digits).map_err(|_| BadSecret::Base64)?)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// Why a text is no secret. Says nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadSecret {
    /// It does not begin with `whsec_`.
    Prefix,
    /// What follows is not base64.
    Base64,
    /// It is too short to be safe, or longer than the standard allows.
    Length {
        /// How long it is.
        bytes: usize,
    },
}

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix => f.write_str("a signing secret begins with `whsec_`"),
            Self::Base64 => f.write_str("what follows `whsec_` in a signing secret is base64"),
            Self::Length { bytes } => {
                write!(f, "a signing secret has from {MIN} to {MAX} bytes, and this one has {bytes}")
            }
        }
    }
}

impl core::error::Error for BadSecret {}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec;

    use super::*;

    const TEXT: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_example_of_the_standard_is_signed_as_it_says() {
        let secret: SigningSecret = TEXT.parse().unwrap();
        let header =
            sign([&secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(header, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_secret_signs() {
        let (one, other) = (TEXT.parse().unwrap(), SigningSecret::from_bytes([7; 32]).unwrap());
        let header = sign([&one, &other], "a", 1, "/");
        assert_eq!(header, format!("{} {}", sign([&one], "a", 1, "/"), sign([&other], "a", 1, "/")));
    }

    #[test]
    fn a_secret_is_kept_as_text_and_shows_itself_to_nobody() {
        let secret: SigningSecret = TEXT.parse().unwrap();
        assert_eq!(secret.reveal(), TEXT);
        assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
        assert_eq!(format!(" {TEXT}\n").parse(), Ok(secret));
    }

    #[test]
    fn what_is_no_secret_is_told_without_showing_it() {
        let cases = [
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", BadSecret::Prefix),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa?w", BadSecret::Base64),
            ("whsec_c2hvcnQ=", BadSecret::Length { bytes: 5 }),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<SigningSecret>(), Err(error), "{text}");
            assert!(!format!("{error} {error:?}").contains("c2hvcnQ"));
        }
        assert_eq!(SigningSecret::from_bytes(vec![0; 65]), Err(BadSecret::Length { bytes: 65 }));
    }
}
