//! Codes that a sign-in ends with, to be exchanged for tokens once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::base64url;
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
    /// What the client must know, if it said so.
    pub(super) challenge: Option<String>,
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
    pub(super) fn redeem(
        &self,
        code: &str,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Option<String> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let grant = codes.remove(&auth::hash(code))?;
        drop(codes);
        let proven = match &grant.challenge {
            None => true,
            Some(challenge) => {
                let answer = base64url::encode(Sha256::digest(verifier?.as_bytes()));
                answer.as_bytes().ct_eq(challenge.as_bytes()).into()
            }
        };
        let same = redirect_uri.is_none_or(|uri| uri == grant.redirect_uri);
        (proven && same && grant.since.elapsed() < LIFETIME).then_some(grant.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(challenge: Option<&str>) -> Codes {
        let codes = Codes::default();
        let (token, redirect_uri) = ("t".into(), "http://localhost:8079/x".into());
        codes.insert(
            "c",
            Grant { token, redirect_uri, challenge: challenge.map(Into::into), since: Instant::now() },
        );
        codes
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_is_good_once_and_for_a_minute() {
        let good = codes(None);
        assert_eq!(good.redeem("c", Some("http://localhost:8079/x"), None).as_deref(), Some("t"));
        assert_eq!(good.redeem("c", None, None), None);
        let late = codes(None);
        tokio::time::advance(LIFETIME).await;
        assert_eq!(late.redeem("c", None, None), None);
        assert_eq!(codes(None).redeem("c", Some("http://localhost/other"), None), None);
    }

    #[tokio::test]
    async fn a_challenge_must_be_met() {
        // The example of RFC 7636.
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(codes(Some(challenge)).redeem("c", None, Some(verifier)).as_deref(), Some("t"));
        assert_eq!(codes(Some(challenge)).redeem("c", None, Some("guess")), None);
        assert_eq!(codes(Some(challenge)).redeem("c", None, None), None);
    }
}
