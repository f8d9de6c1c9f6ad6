//! Who did what.

use serde_json::{Value, json};

use super::{AuditId, SubscriberId, Token, TokenId, UnixMs, UserId};

/// By what name official clients ask who used which device.
const USE: &str = "ibot_user_profile";

/// Something that somebody did. It holds no secret, and nothing that could be one, such as the arguments of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Given by the server.
    pub id: AuditId,
    /// The account; none if it concerns them all.
    pub subscriber: Option<SubscriberId>,
    /// When.
    pub at: UnixMs,
    /// Who.
    pub actor: Actor,
    /// What it was done to, in one word: `workflow`, `device`, `token`. `ibot_user_profile` for who uses which device, as
    /// official clients ask for it.
    pub event_type: String,
    /// What was done: `created`, `changed`, `deleted`, `installed`, `assigned`, `revoked`, …
    pub action: String,
    /// The user whom it concerns.
    pub user: Option<String>,
    /// The rest, by type: at least an id.
    pub data: Value,
}

impl AuditEntry {
    /// Somebody did something to a thing of this type.
    pub fn new(actor: &Actor, at: UnixMs, event_type: &str, action: &str, data: Value) -> Self {
        Self {
            id: AuditId::generate(at),
            subscriber: None,
            at,
            actor: actor.clone(),
            event_type: event_type.to_owned(),
            action: action.to_owned(),
            user: None,
            data,
        }
    }

    /// Somebody else uses a device now than before; nothing if they do not.
    pub fn of_use(
        actor: &Actor,
        at: UnixMs,
        device: &str,
        before: Option<&UserId>,
        after: Option<&UserId>,
    ) -> Vec<Self> {
        if before == after {
            return Vec::new();
        }
        let entry = |(user, action): (Option<&UserId>, &str)| {
            let data = json!({ "id": user?, "device_id": device });
            Some(Self { user: user.map(ToString::to_string), ..Self::new(actor, at, USE, action, data) })
        };
        [(before, "unassigned"), (after, "assigned")].into_iter().filter_map(entry).collect()
    }

    /// A token was created or revoked.
    pub fn of_token(actor: &Actor, at: UnixMs, action: &str, token: &Token) -> Self {
        let data = json!({ "id": token.id, "name": token.name, "role": token.role });
        Self { subscriber: token.subscriber.clone(), ..Self::new(actor, at, "token", action, data) }
    }

    /// Names the account.
    #[must_use]
    pub fn of(mut self, subscriber: &SubscriberId) -> Self {
        self.subscriber = Some(subscriber.clone());
        self
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The token that was used, if it was one.
    pub token: Option<TokenId>,
    /// The name of that token; or else in words.
    pub name: String,
}

impl Actor {
    /// Somebody without a token.
    pub fn named(name: impl Into<String>) -> Self {
        Self { token: None, name: name.into() }
    }
}

/// Which entries are wanted: those for which everything given holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Also those that concern all accounts.
    pub of_all: bool,
    /// About things of this type.
    pub event_type: Option<String>,
    /// With this having been done.
    pub action: Option<String>,
    /// About this user.
    pub user: Option<String>,
    /// At or after.
    pub from: Option<UnixMs>,
    /// Before.
    pub to: Option<UnixMs>,
}
