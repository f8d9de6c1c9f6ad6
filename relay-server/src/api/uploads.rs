//! URLs that take a file without a token: official clients send none with it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::error::{ApiError, ApiResult};
use crate::auth::{self, Secret};
use crate::model::{AudioId, SubscriberId, TokenHash};

const LIFETIME: Duration = Duration::from_secs(3600);
const MAX_UPLOADS: usize = 1000;

/// The uploads that are expected.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<HashMap<TokenHash, Expected>>);

struct Expected {
    subscriber: SubscriberId,
    id: AudioId,
    since: Instant,
}

impl Uploads {
    /// A secret that lets the file of this sound be uploaded once, for an hour.
    pub(crate) fn issue(&self, subscriber: &SubscriberId, id: &AudioId) -> ApiResult<Secret> {
        let secret =
            Secret::generate().map_err(|_| ApiError::unavailable("the system has no randomness to give"))?;
        let mut expected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        expected.retain(|_, upload| upload.since.elapsed() < LIFETIME);
        // By account, so that one cannot take the places of another.
        if expected.values().filter(|upload| upload.subscriber == *subscriber).count() >= MAX_UPLOADS {
            let why = "too many uploads are expected: finish some, or wait an hour";
            return Err(ApiError::too_many("too_many_uploads", why, Duration::from_secs(60)));
        }
        let upload = Expected { subscriber: subscriber.clone(), id: id.clone(), since: Instant::now() };
        expected.insert(secret.hash(), upload);
        Ok(secret)
    }

    /// Whether this upload is expected.
    pub(crate) fn expects(&self, subscriber: &SubscriberId, id: &AudioId, secret: &str) -> bool {
        let expected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        expected.get(&auth::hash(secret)).is_some_and(|upload| upload.is_for(subscriber, id))
    }

    /// Whether this upload is expected, which it is not again.
    pub(crate) fn redeem(&self, subscriber: &SubscriberId, id: &AudioId, secret: &str) -> bool {
        let mut expected = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        expected.remove(&auth::hash(secret)).is_some_and(|upload| upload.is_for(subscriber, id))
    }
}

impl Expected {
    fn is_for(&self, subscriber: &SubscriberId, id: &AudioId) -> bool {
        self.since.elapsed() < LIFETIME && self.subscriber == *subscriber && self.id == *id
    }
}
