//! Whether a request is signed, by somebody who knows the secret, and now.

use core::fmt;
use core::time::Duration;

use super::secret::{SigningSecret, VERSION};

/// By how much the clocks of the two ends may differ, the way between them included.
pub const TOLERANCE: Duration = Duration::from_secs(300);

/// Signatures that are looked at. Whoever rotates their secret sends two.
const MAX_SIGNATURES: usize = 8;

/// The headers of a request that say who sent it, as far as they are there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signed<'a> {
    /// [`ID`](super::ID).
    pub id: Option<&'a str>,
    /// [`TIMESTAMP`](super::TIMESTAMP).
    pub timestamp: Option<&'a str>,
    /// [`SIGNATURE`](super::SIGNATURE).
    pub signature: Option<&'a str>,
}

impl Signed<'_> {
    /// Whether one of these secrets has signed a request for this path, with its query, within [`TOLERANCE`] of `now`, in
    /// seconds since 1970.
    ///
    /// The same headers are good again until then: over TLS, nobody but the two ends has seen them.
    ///
    /// # Errors
    ///
    /// [`BadSignature`] if not.
    pub fn verify(&self, secrets: &[SigningSecret], path: &str, now: u64) -> Result<(), BadSignature> {
        let (Some(id), Some(timestamp), Some(signatures)) = (self.id, self.timestamp, self.signature) else {
            return Err(BadSignature::Missing);
        };
        // A point would let the same text be read as another id, time and path.
        if id.is_empty() || id.contains('.') {
            return Err(BadSignature::Malformed);
        }
        let timestamp: u64 = timestamp.parse().map_err(|_| BadSignature::Malformed)?;
        // Before the time, so that only who knows the secret learns of a clock.
        let ours = signatures
            .split(' ')
            .filter_map(|signature| signature.split_once(','))
            .filter(|(version, _)| *version == VERSION)
            .take(MAX_SIGNATURES)
            .any(|(_, signature)| {
                secrets.iter().any(|secret| secret.has_signed(signature, id, timestamp, path))
            });
        if !ours {
            return Err(BadSignature::Wrong);
        }
        match timestamp.abs_diff(now) {
            seconds if seconds <= TOLERANCE.as_secs() => Ok(()),
            seconds => Err(BadSignature::Time { seconds, early: timestamp < now }),
        }
    }
}

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadSignature {
    /// It is not signed.
    Missing,
    /// The headers make no sense.
    Malformed,
    /// Nobody who knows the secret has signed it; or the path was changed on its way.
    Wrong,
    /// It was signed too long ago, or in the future.
    Time {
        /// By how many seconds the two ends differ.
        seconds: u64,
        /// Whether it was signed before now.
        early: bool,
    },
}

impl fmt::Display for BadSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the request is not signed"),
            Self::Malformed => f.write_str("the headers of the signature make no sense"),
            Self::Wrong => f.write_str("the signature is not by the secret that is known here"),
            Self::Time { seconds, early: true } => {
                write!(f, "the signature is {seconds} s old, and may be {}", TOLERANCE.as_secs())
            }
            Self::Time { seconds, .. } => write!(f, "the signature is from {seconds} s in the future"),
        }
    }
}

impl core::error::Error for BadSignature {}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::super::sign;
    use super::*;

    const NOW: u64 = 1_700_000_000;
    const PATH: &str = "/hello?site=3";

    fn secret(seed: u8) -> SigningSecret {
        SigningSecret::from_bytes([seed; 32]).unwrap()
    }

    /// What is said of a request that was signed by `by` then, for that path.
    fn verify(by: &[SigningSecret], at: u64, path: &str) -> Result<(), BadSignature> {
        let (signature, timestamp) = (sign(by, "wfi_1", at, path), at.to_string());
        let signed = Signed { id: Some("wfi_1"), timestamp: Some(&timestamp), signature: Some(&signature) };
        signed.verify(&[secret(1), secret(2)], PATH, NOW)
    }

    #[test]
    fn any_of_both_sides_secrets_will_do() {
        for by in [&[secret(1)][..], &[secret(2)], &[secret(3), secret(2)]] {
            assert_eq!(verify(by, NOW, PATH), Ok(()));
        }
        assert_eq!(verify(&[secret(3)], NOW, PATH), Err(BadSignature::Wrong));
        assert_eq!(verify(&[], NOW, PATH), Err(BadSignature::Wrong));
    }

    #[test]
    fn it_is_for_one_path_with_its_query() {
        for path in ["/hello", "/hello?site=4", "/other?site=3"] {
            assert_eq!(verify(&[secret(1)], NOW, path), Err(BadSignature::Wrong), "{path}");
        }
    }

    #[test]
    fn it_is_good_for_five_minutes_either_way() {
        for at in [NOW - 300, NOW + 300] {
            assert_eq!(verify(&[secret(1)], at, PATH), Ok(()));
        }
        let early = BadSignature::Time { seconds: 301, early: true };
        assert_eq!(verify(&[secret(1)], NOW - 301, PATH), Err(early));
        let late = BadSignature::Time { seconds: 301, early: false };
        assert_eq!(verify(&[secret(1)], NOW + 301, PATH), Err(late));
        assert_eq!(verify(&[secret(3)], 0, PATH), Err(BadSignature::Wrong), "strangers learn no time");
    }

    #[test]
    fn what_is_missing_or_makes_no_sense_is_refused() {
        let signature = sign(&[secret(1)], "a", NOW, PATH);
        let now = NOW.to_string();
        let good = Signed { id: Some("a"), timestamp: Some(&now), signature: Some(&signature) };
        let verify = |signed: Signed<'_>| signed.verify(&[secret(1)], PATH, NOW);
        assert_eq!(verify(good), Ok(()));
        for missing in [
            Signed { id: None, ..good },
            Signed { timestamp: None, ..good },
            Signed { signature: None, ..good },
        ] {
            assert_eq!(verify(missing), Err(BadSignature::Missing));
        }
        for (id, timestamp) in [("", &*now), ("a.1", &now), ("a", "now"), ("a", "-1"), ("a", "")] {
            let malformed = Signed { id: Some(id), timestamp: Some(timestamp), ..good };
            assert_eq!(verify(malformed), Err(BadSignature::Malformed), "{id} {timestamp}");
        }
        let cut = &signature[..signature.len() - 4];
        let other_version = signature.replace("v1,", "v2,");
        let bare = signature.replace("v1,", "");
        for signature in ["", "v1", "v1,", "v1,?", "v1,AAAA", cut, &other_version, &bare] {
            let wrong = Signed { signature: Some(signature), ..good };
            assert_eq!(verify(wrong), Err(BadSignature::Wrong), "{signature}");
        }
    }

    #[test]
    fn a_line_of_signatures_has_an_end() {
        let ours = sign(&[secret(1)], "a", NOW, PATH);
        let now = NOW.to_string();
        let line = format!("{}{ours}", "v1,AAAA ".repeat(MAX_SIGNATURES));
        let signed = Signed { id: Some("a"), timestamp: Some(&now), signature: Some(&line) };
        assert_eq!(signed.verify(&[secret(1)], PATH, NOW), Err(BadSignature::Wrong));
    }
}
