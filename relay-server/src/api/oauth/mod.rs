//! What official clients sign in with. They want OAuth; we have tokens. So a token is also a refresh token, and the
//! access token that it is exchanged for is the same token behind claims that those clients read.

mod claims;
mod codes;
mod page;
mod redirect;
mod sign_in;
mod tokens;

use serde_json::json;

pub(crate) use codes::Codes;

use super::endpoint::Endpoint;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let tokens = json!({
        "access_token": "eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImEifQ.relay_0123…", "refresh_token": "relay_0123…",
        "id_token": "eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImEifQ.none", "token_type": "Bearer", "expires_in": 7200,
    });
    let mut all = Vec::new();
    for path in ["/oauth2/token", "/realms/Relay/protocol/openid-connect/token"] {
        all.push(
            Endpoint::post(path, tokens::exchange)
                .open()
                .takes_form()
                .says("Exchanges a refresh token, or the code of a sign-in, for tokens. The body is a form.")
                .answer(tokens.clone()),
        );
    }
    for path in ["/oauth2/authorization", "/realms/Relay/protocol/openid-connect/auth"] {
        all.push(
            Endpoint::get(path, sign_in::ask)
                .open()
                .says("Asks a person for a token, to sign a client in.")
                .query("redirect_uri", "where the code goes, on the person's machine")
                .query("state", "goes there as well")
                .query("code_challenge", "by the method S256")
                .content_type("text/html"),
        );
        all.push(
            Endpoint::post(path, sign_in::take)
                .open()
                .takes_form()
                .says("Takes the token and redirects with a code.")
                .content_type("text/html"),
        );
    }
    for path in ["/logout", "/realms/Relay/protocol/openid-connect/logout"] {
        all.push(
            Endpoint::get(path, sign_in::leave)
                .open()
                .says("Redirects back. Nothing is kept that could be signed out of.")
                .query("post_logout_redirect_uri", "where to; also as `redirect_uri`")
                .content_type("text/html"),
        );
    }
    for path in ["/oauth2/revoke", "/realms/Relay/protocol/openid-connect/revoke"] {
        all.push(
            Endpoint::post(path, tokens::revoke)
                .open()
                .says(
                    "Takes a token back that the client `relay` was given for a code. The body is a form with the \
                     `token`. Other tokens stay as they are.",
                )
                .answer(json!({"revoked": true})),
        );
    }
    all.push(Endpoint::get("/oauth2/validate", tokens::validate).says("Says whose token it is.").answer(json!({
        "userid": "7c1f0a52-7f64-8a3e-9b1c-0d5a3f7b2e11", "email": "lobby@relay.invalid", "given_name": "lobby",
        "family_name": "",
    })));
    all
}
