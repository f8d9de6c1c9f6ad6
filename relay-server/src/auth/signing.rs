//! The secrets that prove to workflow servers who dials them.

use std::time::Duration;

use relay_protocol::signature::{SECRET_BYTES, SigningSecret};

use super::secret::random;
use crate::model::{Signing, SubscriberId, UnixMs};
use crate::store::{Store, StoreError};

/// For how long a secret that was replaced signs as well.
pub const OVERLAP: Duration = Duration::from_secs(24 * 3600);

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SigningError {
    /// The system has no randomness to give.
    #[error("the system has no randomness to give")]
    Random,
    /// It cannot be read, or written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the dials of an account are signed with. An account gets its first secret when somebody asks.
///
/// # Errors
///
/// [`SigningError`].
pub async fn signing(store: &Store, subscriber: &SubscriberId) -> Result<Signing, SigningError> {
    match store.signing_get(subscriber).await? {
        Some(signing) => Ok(signing),
        None => Ok(store.signing_begin(subscriber, &generate()?).await?),
    }
}

/// Replaces the secret of an account. The old one signs as well for a [day](OVERLAP).
///
/// # Errors
///
/// [`SigningError`]; [`StoreError::Replaced`] in it if the last time was less than a day ago.
pub async fn rotate(store: &Store, subscriber: &SubscriberId, now: UnixMs) -> Result<Signing, SigningError> {
    signing(store, subscriber).await?;
    Ok(store.signing_replace(subscriber, &generate()?, now, now + OVERLAP).await?)
}

fn generate() -> Result<SigningSecret, SigningError> {
    let bits = random::<SECRET_BYTES>().map_err(|_| SigningError::Random)?;
    SigningSecret::from_bytes(bits).map_err(|_| SigningError::Random)
}
