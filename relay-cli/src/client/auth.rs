//! Who gives out tokens: where people sign in, where tokens are renewed and given back (OAuth 2).

use reqwest::Url;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::failure::Failure;
use crate::config::{Cloud, Settings};

/// What our own server knows this command by. Whoever signs in to it as this is given a token that can be given back.
const COMMAND: &str = "relay";

/// Where a browser is sent back to at the vendor's, and nowhere else.
const VENDORS_PORT: u16 = 8079;

/// Paths below the URL of who gives out tokens.
const OAUTH2: [&str; 3] = ["oauth2/authorization", "oauth2/token", "oauth2/revoke"];
const KEYCLOAK: [&str; 3] = [
    "realms/Relay/protocol/openid-connect/auth",
    "realms/Relay/protocol/openid-connect/token",
    "realms/Relay/protocol/openid-connect/revoke",
];

/// Who gives out tokens for a server.
#[derive(Debug, Clone)]
pub(crate) struct Issuer {
    page: Url,
    token: Url,
    revocation: Url,
    client_id: String,
    back: Back,
}

/// Where a browser may be sent back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Back {
    /// A name of this machine.
    pub(crate) host: String,
    /// Any that is free, if it is 0.
    pub(crate) port: u16,
}

/// Tokens as they are given out.
#[derive(Deserialize)]
pub(crate) struct Granted {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
}

impl Issuer {
    /// For whoever signs in by a browser, or for a refresh token that a program was given. At the vendor's these are two.
    pub(crate) fn of(settings: &Settings, browser: bool) -> Self {
        let cloud = Cloud::of(&settings.host);
        let (base, paths, client_id) = match (cloud, browser) {
            (None, _) => (None, OAUTH2, COMMAND),
            (Some(cloud), true) => (Some(cloud.sign_in()), KEYCLOAK, cloud.command_line()),
            (Some(cloud), false) => (Some(cloud.auth()), OAUTH2, cloud.client_id()),
        };
        let [people, programs] = &settings.client_ids;
        let given = if browser { people } else { programs };
        let base = base.and_then(|base| Url::parse(base).ok()).unwrap_or_else(|| settings.host.clone());
        let [page, token, revocation] = paths.map(|path| below(&base, path));
        let (host, port) = match (cloud, browser) {
            (Some(cloud), true) => (cloud.own_machine(), VENDORS_PORT),
            (Some(_), false) => ("localhost", VENDORS_PORT),
            (None, _) => ("127.0.0.1", 0),
        };
        let back = Back { host: host.into(), port };
        let client_id = given.clone().unwrap_or_else(|| client_id.to_owned());
        Self { page, token, revocation, client_id, back }
    }

    /// Where a browser may be sent back to.
    pub(crate) fn back(&self) -> &Back {
        &self.back
    }

    /// Where somebody signs in.
    pub(crate) fn host(&self) -> String {
        self.page.origin().ascii_serialization()
    }

    /// The page on which somebody signs in.
    pub(crate) fn page(&self, redirect_uri: &str, state: &str, challenge: &str) -> Url {
        let mut page = self.page.clone();
        page.query_pairs_mut().extend_pairs([
            ("client_id", &*self.client_id),
            ("response_type", "code"),
            ("scope", "openid profile offline_access"),
            ("redirect_uri", redirect_uri),
            ("state", state),
            ("code_challenge_method", "S256"),
            ("code_challenge", challenge),
        ]);
        page
    }

    /// Tokens for a code that a browser brought.
    pub(super) async fn redeem(
        &self,
        http: &reqwest::Client,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Granted, Failure> {
        let code = [("code", code), ("redirect_uri", redirect_uri), ("code_verifier", verifier)];
        self.grant(http, "authorization_code", &code).await
    }

    /// Other tokens for a refresh token.
    pub(super) async fn renew(
        &self,
        http: &reqwest::Client,
        refresh_token: &SecretString,
    ) -> Result<Granted, Failure> {
        let token = [("refresh_token", refresh_token.expose_secret())];
        self.grant(http, "refresh_token", &token).await
    }

    /// Gives a token back.
    pub(super) async fn revoke(&self, http: &reqwest::Client, token: &SecretString) -> Result<(), Failure> {
        let form = [("token", token.expose_secret()), ("client_id", &self.client_id)];
        post(http, &self.revocation, &form).await.map(drop)
    }

    async fn grant(
        &self,
        http: &reqwest::Client,
        kind: &str,
        with: &[(&str, &str)],
    ) -> Result<Granted, Failure> {
        let form = [&[("grant_type", kind), ("client_id", &self.client_id)], with].concat();
        let body = post(http, &self.token, &form).await?;
        // Not the parser's message, which may quote what it read.
        let bad = |_| Failure::BadAnswer("the token exchange did not bring an `access_token`".into());
        serde_json::from_slice(&body).map_err(bad)
    }
}

async fn post(http: &reqwest::Client, url: &Url, form: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
    let mut body = Url::parse("form:").map_err(|_| Failure::BadAnswer("no form".into()))?;
    body.query_pairs_mut().extend_pairs(form);
    let request = http.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let response =
        request.timeout(super::PATIENCE).body(body.query().unwrap_or_default().to_owned()).send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    if status.is_success() { Ok(body.into()) } else { Err(Failure::TokenRefused(status.as_u16())) }
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Global;
    use crate::config::Paths;

    fn issuer(host: &str, browser: bool) -> Issuer {
        let global = Global { host: Some(host.into()), ..Global::default() };
        let set = |name: &str| (name == "RELAY_AUTH_SDK_CLIENT_ID").then(|| "mine".to_owned());
        let paths = Paths::below("/nowhere".into());
        Issuer::of(&Settings::resolve(&global, set, &paths).unwrap(), browser)
    }

    #[test]
    fn a_server_of_ones_own_gives_out_its_tokens_itself() {
        let issuer = issuer("https://relay.example/pro", true);
        assert_eq!(issuer.token.as_str(), "https://relay.example/pro/oauth2/token");
        assert_eq!(
            issuer.page("http://127.0.0.1:1/x", "s", "c").as_str(),
            "https://relay.example/pro/oauth2/authorization?client_id=relay&response_type=code\
             &scope=openid+profile+offline_access&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fx&state=s\
             &code_challenge_method=S256&code_challenge=c"
        );
        assert_eq!(issuer.back(), &Back { host: "127.0.0.1".into(), port: 0 });
    }

    #[test]
    fn the_vendor_knows_people_and_programs_apart() {
        let people = issuer("pro", true);
        let realm = "https://auth.relaypro.com/realms/Relay/protocol/openid-connect";
        assert_eq!((people.page.as_str(), &*people.client_id), (&*format!("{realm}/auth"), "83756T4P"));
        assert_eq!(people.revocation.as_str(), format!("{realm}/revoke"));
        assert_eq!(people.back(), &Back { host: "auth-localredirect.relaypro.com".into(), port: 8079 });
        let programs = issuer("pro", false);
        assert_eq!(programs.token.as_str(), "https://auth.relaygo.com/oauth2/token");
        assert_eq!(programs.client_id, "mine");
        assert_eq!(programs.back(), &Back { host: "localhost".into(), port: 8079 });
    }
}
