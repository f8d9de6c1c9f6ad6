//! Signing in, as official clients do.

use reqwest::Method;
use serde_json::json;

use crate::server::{Api, answer};

const CALLBACK: &str = "http://localhost:8079/authorization-code/callback";
/// The example of RFC 7636.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

async fn token(api: &Api) -> String {
    let made = api.post("/v1/tokens", json!({"name": "Ada"})).await.ok();
    made["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_exchanged_for_tokens_that_work() {
    let api = Api::start().await;
    let token = token(&api).await;
    for path in ["/oauth2/token", "/realms/Relay/protocol/openid-connect/token"] {
        // As the SDKs send it: a form, a form without a type, a form that begins oddly and says that it is JSON.
        for (kind, form) in [
            (
                "application/x-www-form-urlencoded",
                format!("grant_type=refresh_token&refresh_token={token}&client_id=x"),
            ),
            ("text/plain", format!("grant_type=refresh_token&refresh_token={token}&client_id=x")),
            ("application/json", format!("?&client_id=x&grant_type=refresh_token&refresh_token={token}")),
        ] {
            let request = api.anonymous(Method::POST, path).header("content-type", kind).body(form);
            let tokens = answer(request).await.ok();
            assert_eq!(tokens["refresh_token"], token.as_str());
            let access = tokens["access_token"].as_str().unwrap();
            let parts: Vec<&str> = access.split('.').collect();
            assert_eq!(parts.len(), 3, "a JWT, for clients that read it");
            let id = tokens["id_token"].as_str().unwrap();
            assert!(!id.contains(&token), "the id token is shown to others");
            let who = api.anonymous(Method::GET, "/oauth2/validate").bearer_auth(access);
            let who = answer(who).await.ok();
            assert_eq!((&who["given_name"], &who["email"]), (&json!("Ada"), &json!("ada@relay.invalid")));
            assert_eq!(answer(api.anonymous(Method::GET, "/v1/info").bearer_auth(id)).await.status, 401);
        }
    }
}

#[tokio::test]
async fn a_wrong_grant_is_refused() {
    let api = Api::start().await;
    let ask =
        async |form: &'static str| answer(api.anonymous(Method::POST, "/oauth2/token").body(form)).await;
    assert_eq!(ask("grant_type=refresh_token&refresh_token=wrong").await.code(), (400, "invalid_grant"));
    assert_eq!(ask("grant_type=refresh_token").await.code(), (400, "missing_parameter"));
    assert_eq!(ask("grant_type=authorization_code&code=x").await.code(), (400, "invalid_grant"));
    assert_eq!(ask("grant_type=password").await.code(), (400, "unsupported_grant_type"));
    assert_eq!(ask("").await.code(), (400, "invalid_request"));
}

#[tokio::test]
async fn a_person_signs_a_client_in() {
    let api = Api::start().await;
    let token = token(&api).await;
    for path in ["/oauth2/authorization", "/realms/Relay/protocol/openid-connect/auth"] {
        let query = format!(
            "{path}?client_id=x&response_type=code&redirect_uri={CALLBACK}&state=s1&code_challenge_method=S256&code_challenge={CHALLENGE}"
        );
        let page = api.anonymous(Method::GET, &query).send().await.unwrap();
        assert_eq!(page.status(), 200);
        assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        let page = page.text().await.unwrap();
        assert!(page.contains("name=token"), "{page}");
        let enter = async |token: &str| {
            api.anonymous(Method::POST, &query).body(format!("token={token}")).send().await.unwrap()
        };
        assert_eq!(enter("wrong").await.status(), 401);
        let back = enter(&token).await;
        assert_eq!(back.status(), 303);
        let back = back.headers()["location"].to_str().unwrap().to_owned();
        let code =
            back.strip_prefix(&format!("{CALLBACK}?code=")).unwrap().strip_suffix("&state=s1").unwrap();
        let redeem = async |verifier: &str| {
            let form = format!(
                "grant_type=authorization_code&redirect_uri={CALLBACK}&client_id=x&code={code}&code_verifier={verifier}"
            );
            answer(api.anonymous(Method::POST, "/oauth2/token").body(form)).await
        };
        assert_eq!(redeem(VERIFIER).await.ok()["refresh_token"], token.as_str());
        assert_eq!(redeem(VERIFIER).await.code(), (400, "invalid_grant"), "once");
    }
}

#[tokio::test]
async fn a_code_goes_to_the_persons_own_machine_only() {
    let api = Api::start().await;
    for uri in ["https://evil.example/", "http://localhost.evil.example/x", ""] {
        let query = format!("/oauth2/authorization?redirect_uri={uri}");
        assert_eq!(api.anonymous(Method::GET, &query).send().await.unwrap().status(), 400, "{uri}");
        let taken = api.anonymous(Method::POST, &query).body(format!("token={}", api.server.token()));
        assert_eq!(taken.send().await.unwrap().status(), 400, "{uri}");
    }
}

#[tokio::test]
async fn signing_out_leads_back() {
    let api = Api::start().await;
    for path in ["/logout", "/realms/Relay/protocol/openid-connect/logout"] {
        for name in ["post_logout_redirect_uri", "redirect_uri"] {
            let uri = "http://localhost:8079/end-session/callback";
            let left = api.anonymous(Method::GET, &format!("{path}?{name}={uri}")).send().await.unwrap();
            assert_eq!((left.status().as_u16(), left.headers()["location"].to_str().unwrap()), (303, uri));
        }
        let elsewhere = api.anonymous(Method::GET, &format!("{path}?redirect_uri=https://evil.example/"));
        assert_eq!(elsewhere.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_code_is_for_the_client_that_asked() {
    let api = Api::start().await;
    let query = |more: &str| format!("/oauth2/authorization?redirect_uri={CALLBACK}{more}");
    let form = format!("token={}", api.server.token());
    // Without a challenge, whoever sees the code could use it.
    for more in ["", "&code_challenge_method=S256", "&code_challenge_method=plain&code_challenge=x"] {
        let page = api.anonymous(Method::POST, &query(more)).body(form.clone()).send().await.unwrap();
        assert_eq!(page.status(), 400, "{more}");
    }
    for uri in ["", "&redirect_uri=http://localhost:8080/x"] {
        let query = query(&format!("&code_challenge={CHALLENGE}"));
        let back = api.anonymous(Method::POST, &query).body(form.clone()).send().await.unwrap();
        let code = back.headers()["location"].to_str().unwrap().split_once("code=").unwrap().1.to_owned();
        let form = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}{uri}");
        let refused = answer(api.anonymous(Method::POST, "/oauth2/token").body(form)).await;
        assert_eq!(refused.code(), (400, "invalid_grant"), "{uri}");
    }
}

#[tokio::test]
async fn a_code_is_not_put_behind_a_fragment() {
    let api = Api::start().await;
    let query = format!("/oauth2/authorization?redirect_uri={CALLBACK}%23x&code_challenge={CHALLENGE}");
    let form = format!("token={}", api.server.token());
    let back = api.anonymous(Method::POST, &query).body(form).send().await.unwrap();
    assert!(back.headers()["location"].to_str().unwrap().starts_with(&format!("{CALLBACK}?code=")));
}

#[tokio::test]
async fn our_command_is_given_a_token_of_its_own_and_gives_it_back() {
    let api = Api::start().await;
    let made = api.post("/v1/tokens", json!({"name": "Ada", "role": "trigger"})).await.ok();
    let (id, shown) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    let sign_in = async || {
        let query = format!(
            "/oauth2/authorization?client_id=relay&redirect_uri={CALLBACK}&state=s&code_challenge={CHALLENGE}"
        );
        let back = api.anonymous(Method::POST, &query).body(format!("token={shown}")).send().await.unwrap();
        let back = back.headers()["location"].to_str().unwrap().to_owned();
        let code = back.strip_prefix(&format!("{CALLBACK}?code=")).unwrap().strip_suffix("&state=s").unwrap();
        let form = format!(
            "grant_type=authorization_code&redirect_uri={CALLBACK}&client_id=relay&code={code}&code_verifier={VERIFIER}"
        );
        let tokens = answer(api.anonymous(Method::POST, "/oauth2/token").body(form)).await.ok();
        tokens["refresh_token"].as_str().unwrap().to_owned()
    };
    let status = async |token: &str| {
        answer(api.anonymous(Method::GET, "/oauth2/validate").bearer_auth(token)).await.status
    };
    let revoke = async |token: &str| {
        answer(api.anonymous(Method::POST, "/oauth2/revoke").body(format!("token={token}"))).await.ok()
    };
    let (first, second) = (sign_in().await, sign_in().await);
    assert!(first != second && first != shown);
    let list = api.get("/v1/tokens").await.ok();
    assert_eq!((&list[1]["name"], &list[1]["role"]), (&json!("Ada, signed in"), &json!("trigger")));
    assert_eq!((status(&first).await, status(&second).await), (200, 200));
    assert_eq!(revoke(&first).await, json!({"revoked": true}));
    assert_eq!((status(&first).await, status(&second).await), (401, 200));
    for kept in [shown, &first, "guess"] {
        assert_eq!(revoke(kept).await, json!({"revoked": false}), "{kept}");
    }
    assert_eq!(status(shown).await, 200);
    api.delete(&format!("/v1/tokens/{id}")).await;
    assert_eq!(status(&second).await, 401, "what was given for a token ends with it");
}
