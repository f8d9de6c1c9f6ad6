//! That a code is for us: a state that comes back with it, and a secret that is needed with it (PKCE, RFC 7636).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{CliError, Result};

/// What belongs to one sign-in.
pub(super) struct Proof {
    pub(super) state: String,
    pub(super) verifier: String,
}

impl Proof {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { state: random()?, verifier: random()? })
    }

    /// What is told of the verifier before.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

fn random() -> Result<String> {
    let mut bits = [0; 32];
    // The generator that TLS uses.
    let random = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    random.fill(&mut bits).map_err(|_| CliError::failed("the system has no randomness to give"))?;
    Ok(URL_SAFE_NO_PAD.encode(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
        let proof = Proof { state: String::new(), verifier };
        assert_eq!(proof.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_two_are_the_same() {
        let (a, b) = (Proof::new().unwrap(), Proof::new().unwrap());
        assert!(a.state != b.state && a.verifier != b.verifier && a.state != a.verifier);
        assert_eq!(a.verifier.len(), 43);
    }
}
