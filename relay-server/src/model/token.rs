//! Who may call the interface.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{SubscriberId, TokenId, UnixMs};

/// An API token, without its secret, which nobody knows but its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// To name it by, in lists and logs.
    pub id: TokenId,
    /// For people: who holds it, what for.
    pub name: String,
    /// The account that it is for; every account if none.
    pub subscriber: Option<SubscriberId>,
    /// What it allows.
    pub role: Role,
    /// When it was made.
    pub created_at: UnixMs,
    /// From when on it is worth nothing.
    pub expires_at: Option<UnixMs>,
    /// When it was used last, give or take a minute.
    pub last_used_at: Option<UnixMs>,
    /// When it was withdrawn.
    pub revoked_at: Option<UnixMs>,
    /// The token that somebody signed in with to be given this one: withdrawn with it, and given back when they sign out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TokenId>,
}

/// What a token allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// To look.
    Read,
    /// To start workflows as well.
    Trigger,
    /// Everything within the account.
    Admin,
}

/// The hash of a token's secret: what is stored and looked up.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl fmt::Debug for TokenHash {
    /// Shows nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}
