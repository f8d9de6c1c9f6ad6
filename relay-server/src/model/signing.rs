//! What proves to workflow servers who dials.

use relay_protocol::signature::SigningSecret;

use super::UnixMs;

/// The secret that the dials of an account are signed with, and for a while the one that it replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// What signs from now on.
    pub current: SigningSecret,
    /// What signs as well, so that workflow servers can be told of the new one one by one.
    pub previous: Option<Retiring>,
}

/// A secret that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retiring {
    /// The secret.
    pub secret: SigningSecret,
    /// Until when it signs.
    pub until: UnixMs,
}

impl Signing {
    /// The secrets that sign now, the newest first.
    pub fn secrets(&self, now: UnixMs) -> impl Iterator<Item = &SigningSecret> {
        let previous = self.previous.iter().filter(move |previous| now < previous.until);
        [&self.current].into_iter().chain(previous.map(|previous| &previous.secret))
    }
}
