//! Codes that a sign-in ends with, to be exchanged for tokens once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use crate::auth;
use crate::model::TokenHash;

const LIFETIME: Duration = Duration::from_secs(60);
const MAX_CODES: usize = 1000;

/// The codes that are out.
#[derive(Default)]
pub(crate) struct Codes(Mutex<HashMap<TokenHash, Grant>>);

/// What a code stands for.
pub(super) struct Grant {
    /// What the person entered.
    pub(super) token: String,
    pub(super) redirect_uri: String,
    /// The hash of what the client must know.
    pub(super) challenge: String,
    pub(super) since: Instant,
}

impl Codes {
    /// Keeps what a code stands for, for a minute.
    pub(super) fn insert(&self, code: &str, grant: Grant) {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, grant| grant.since.elapsed() < LIFETIME);
        if codes.len() < MAX_CODES {
            codes.insert(auth::hash(code), grant);
        }
    }

    /// The token that a code stands for, which ends the code, whether the rest fits or not.
    pub(super) fn redeem(&self, code: &str, redirect_uri: &str, verifier: &str) -> Option<String> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = codes.remove(&auth::hash(code))?;
        drop(codes);
        let answer = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let proven: bool = answer.as_bytes().ct_eq(grant.challenge.as_bytes()).into();
        (proven && redirect_uri == grant.redirect_uri && grant.since.elapsed() < LIFETIME)
            .then_some(grant.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "http://localhost:8079/x";
    /// The example of RFC 7636.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn codes() -> Codes {
        let codes = Codes::default();
        let (token, redirect_uri, challenge) = ("t".into(), URI.into(), CHALLENGE.into());
        codes.insert("c", Grant { token, redirect_uri, challenge, since: Instant::now() });
        codes
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_is_good_once_and_for_a_minute() {
        let good = codes();
        assert_eq!(good.redeem("c", URI, VERIFIER).as_deref(), Some("t"));
        assert_eq!(good.redeem("c", URI, VERIFIER), None);
        let late = codes();
        tokio::time::advance(LIFETIME).await;
        assert_eq!(late.redeem("c", URI, VERIFIER), None);
    }

    #[tokio::test]
    async fn a_code_is_for_the_client_that_asked() {
        assert_eq!(codes().redeem("c", "http://localhost/other", VERIFIER), None);
        assert_eq!(codes().redeem("c", URI, "guess"), None);
        let guessed = codes();
        assert_eq!(guessed.redeem("c", URI, "guess"), None);
        assert_eq!(guessed.redeem("c", URI, VERIFIER), None, "a wrong guess ends the code");
    }
}
