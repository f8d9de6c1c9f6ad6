//! Nothing without a token.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, StatusCode};
use axum::middleware::Next;
use serde_json::Value;

use super::app::App;
use super::error::{ApiError, ApiResult};
use super::params::Params;
use crate::auth::{Caller, Refused};
use crate::model::{AuditEntry, Role, SubscriberId};
use crate::registry::Registry;

/// What an endpoint demands.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) app: App,
    pub(super) role: Role,
}

/// Lets requests through whose token allows as much as the endpoint demands, and says who calls.
pub(super) async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> ApiResult {
    let Origin(from) = Origin::of(request.extensions());
    let caller = guard.app.gate().caller(request.headers(), from, guard.app.now()).await?;
    if caller.role < guard.role {
        let why = format!(
            "the token {:?} allows to {}, and this needs one that allows to {}",
            caller.name,
            allows(caller.role),
            allows(guard.role)
        );
        return Err(ApiError::forbidden(why));
    }
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

fn allows(role: Role) -> &'static str {
    match role {
        Role::Read => "look (read)",
        Role::Trigger => "start workflows (trigger)",
        Role::Admin => "change everything (admin)",
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin(pub(super) IpAddr);

impl Origin {
    fn of(extensions: &Extensions) -> Self {
        let info = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip()))
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::TooMany { wait } => Self::too_many("too_many_failures", refused.to_string(), wait),
            Refused::Store(error) => error.into(),
            Refused::Token(why) => Self::unauthorized(why),
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> ApiResult<Self> {
        let caller = parts.extensions.get().cloned();
        caller.ok_or_else(|| ApiError::unauthorized("this needs a token"))
    }
}

/// Refuses tokens of one account what concerns the others as well.
pub(super) fn for_all_accounts(caller: &Caller) -> ApiResult<()> {
    match &caller.subscriber {
        None => Ok(()),
        Some(own) => {
            let why = format!(
                "the token {:?} is for the account {own}, and this needs one that is for all",
                caller.name
            );
            Err(ApiError::forbidden(why))
        }
    }
}

/// The account that a request is about: what `subscriber_id` names, or that of the token, or the only one there is.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) subscriber: SubscriberId,
    pub(crate) caller: Caller,
}

impl Scope {
    /// The account of this id, if the caller may have to do with it.
    pub(crate) fn of(app: &App, caller: Caller, id: Option<&str>) -> ApiResult<Self> {
        if let (Some(own), Some(id)) = (&caller.subscriber, id)
            && own.as_str() != id
        {
            let why = format!("the token {:?} is for another account than {id}", caller.name);
            return Err(ApiError::forbidden(why));
        }
        let subscriber = match id.map(SubscriberId::from).or_else(|| caller.subscriber.clone()) {
            Some(subscriber) => subscriber,
            None => app.runner().only_account().ok_or_else(|| {
                let why = "there are several accounts: say which by `subscriber_id` in the query";
                ApiError::bad("missing_subscriber", why)
            })?,
        };
        if app.runner().account(&subscriber).is_none() {
            return Err(ApiError::new(
                StatusCode::NOT_FOUND,
                "subscriber_not_found",
                format!("there is no account {subscriber}"),
            ));
        }
        Ok(Self { subscriber, caller })
    }

    /// Writes into the audit what the caller has done.
    pub(crate) async fn note(&self, app: &App, event_type: &str, action: &str, data: Value) {
        let entry = AuditEntry::new(&self.caller.actor(), app.now(), event_type, action, data);
        app.registry().note(entry.of(&self.subscriber)).await;
    }

    /// The registry in the hands of the caller.
    pub(crate) fn registry(&self, app: &App) -> Registry {
        app.registry().by(self.caller.actor())
    }
}

impl FromRequestParts<App> for Scope {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let params = Params::parse(parts.uri.query().unwrap_or_default());
        Self::of(app, caller, params.get("subscriber_id"))
    }
}
