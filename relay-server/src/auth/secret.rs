//! Tokens: what a client holds, and what we keep of it.

use std::fmt;

use rustls::crypto::GetRandomFailed;
use sha2::{Digest, Sha256};

use crate::model::TokenHash;

/// What every token begins with, so that people and scanners of repositories know one when they see it.
pub const PREFIX: &str = "relay_";

/// A token as its owner holds it: 256 random bits behind a readable prefix. Shown once, never kept.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new token.
    ///
    /// # Errors
    ///
    /// The system has no randomness to give.
    pub fn generate() -> Result<Self, GetRandomFailed> {
        Ok(Self(format!("{PREFIX}{}", hex(&random::<32>()?))))
    }

    /// The token itself, to show to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn hash(&self) -> TokenHash {
        hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// So many random bytes, from the generator that TLS uses.
pub(super) fn random<const N: usize>() -> Result<[u8; N], GetRandomFailed> {
    let mut bytes = [0; N];
    rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(&mut bytes)?;
    Ok(bytes)
}

/// What is kept of a token. As tokens are random throughout, one round of SHA-256 is enough.
pub fn hash(token: &str) -> TokenHash {
    TokenHash(Sha256::digest(token.as_bytes()).into())
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_do_not_show_themselves() {
        let (a, b) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        assert_ne!(a.reveal(), b.reveal());
        assert_eq!(a.reveal().len(), PREFIX.len() + 64);
        assert_eq!(a.hash(), hash(a.reveal()));
        assert_ne!(a.hash(), b.hash());
        assert_eq!(format!("{a:?}"), "Secret(…)");
    }
}
