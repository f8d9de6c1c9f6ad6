//! Signing in by a browser, which the tests play.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Output, Stdio};

use relay_server::config::Config;
use relay_server::{Running, Server};
use reqwest::{Client, StatusCode, redirect};
use serde_json::{Value, json};
use snapbox::str;

use crate::relay::Relay;
use crate::stub::Stub;

/// A Relay server as it is, with a token that somebody can sign in with.
struct Stage {
    server: Running,
    token: String,
    relay: Relay,
    _data: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.listen = ([127, 0, 0, 1], 0).into();
        config.data_dir = data.path().into();
        let server = Server::start(config).await.unwrap();
        let account = server.subscribers().await.unwrap()[0].to_string();
        let mut stage = Self { relay: Relay::new(), token: String::new(), server, _data: data };
        let made = stage.post("/v1/tokens", json!({ "name": "Ada" })).await;
        stage.token = made["token"].as_str().unwrap().to_owned();
        stage.relay = Relay::new().called("[SERVER]", stage.server.url()).called("[ACCOUNT]", account);
        stage
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = browser().post(self.server.url() + path).bearer_auth(self.server.token());
        let text = request.body(body.to_string()).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    async fn tokens(&self) -> Vec<Value> {
        let request = browser().get(self.server.url() + "/v1/tokens").bearer_auth(self.server.token());
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Begins to sign in.
    fn begin(&self, flags: &str) -> SignIn {
        SignIn::begin(self.relay.process(&format!("login {flags} --host {}", self.server.url())))
    }
}

/// A `relay login` that waits.
struct SignIn {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
    /// Where to sign in.
    page: String,
}

impl SignIn {
    fn begin(mut command: std::process::Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut page = String::new();
        while !page.contains("code_challenge") {
            page.clear();
            assert!(said.read_line(&mut page).unwrap() > 0, "it has ended");
        }
        Self { child, said, page: page.trim().to_owned() }
    }

    /// Enters a token on the page. Where that leads.
    async fn enter(&self, token: &str) -> String {
        let browser = browser();
        let asked = browser.get(&self.page).send().await.unwrap();
        assert!(asked.text().await.unwrap().contains("<form method=post>"));
        let taken = browser.post(&self.page).body(format!("token={token}")).send().await.unwrap();
        assert_eq!(taken.status(), StatusCode::SEE_OTHER);
        taken.headers()["location"].to_str().unwrap().to_owned()
    }

    fn end(mut self) -> Output {
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        Output { stderr: said.into_bytes(), ..self.child.wait_with_output().unwrap() }
    }
}

/// What the browser shows.
async fn visit(url: &str) -> (StatusCode, String) {
    let response = browser().get(url).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

fn browser() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_in_and_out() {
    let stage = Stage::new().await;
    let sign_in = stage.begin("--no-browser");
    let back = sign_in.enter(&stage.token).await;
    let (status, shown) = visit(&back).await;
    assert!(status.is_success() && shown.contains("You can close this page"), "{shown}");
    let output = sign_in.end();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("logged in to http://127.0.0.1:"), "{}", text(&output.stdout));

    stage.relay.run("whoami").success().stdout_eq(str![[r#"
Who                    Value
name                   Ada, signed in
server                 [SERVER]/
account                [ACCOUNT]
accounts of the token  [ACCOUNT]
capabilities           workflow_sdk

"#]]);
    let secrets = stage.relay.read("secrets.toml");
    assert!(!secrets.contains(&stage.token), "the token that was entered is nobody's business");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(stage.relay.path("secrets.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let given = stage.tokens().await.remove(1);
    assert_eq!((&given["name"], &given["revoked_at"]), (&json!("Ada, signed in"), &Value::Null));

    stage.relay.run("logout").success().stdout_eq(str![[r#"
logged out (profile `default`)

"#]]);
    assert_ne!(stage.tokens().await.remove(1)["revoked_at"], Value::Null, "it was given back");
    assert!(!stage.relay.read("secrets.toml").contains("relay_"));
    assert_eq!(stage.tokens().await.remove(0)["revoked_at"], Value::Null, "the other one is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_withdrawn_ends_in_a_message() {
    let stage = Stage::new().await;
    let sign_in = stage.begin("--no-browser");
    visit(&sign_in.enter(&stage.token).await).await;
    assert!(sign_in.end().status.success());
    let id = stage.tokens().await.remove(0)["id"].as_str().unwrap().to_owned();
    let url = format!("{}/v1/tokens/{id}", stage.server.url());
    browser().delete(url).bearer_auth(stage.server.token()).send().await.unwrap();
    stage.relay.run("devices").code(4).stderr_eq(str![[r#"
error: [SERVER]/ does not take the token
  cause: the refresh token is not valid (HTTP 400)
  next: log in again: relay login; or correct RELAY_API_KEY

"#]]);
    stage.relay.run("logout").success().stderr_eq(str![[r#""#]]);
}

/// Somebody who signed in long ago.
fn signed_in(server: &Stub) -> Relay {
    let relay = Relay::new().called("[SERVER]", server.url());
    relay.write("config.toml", &format!("[profiles.default]\nhost = \"{}\"\n", server.url()));
    relay.write(
        "secrets.toml",
        "[profiles.default]\ntoken = \"old\"\nrefresh_token = \"r1\"\nbrowser = true\n",
    );
    server.opens("POST /oauth2/token");
    relay
}

#[test]
fn a_token_that_has_run_out_is_renewed_once_and_for_all() {
    let server = Stub::start();
    let relay = signed_in(&server);
    server.says("POST /oauth2/token", 200, json!({ "access_token": "t0ken", "refresh_token": "r2" }));
    relay.run("api workflow").success();
    let lines = |server: &Stub| {
        let requests = server.world().requests.split_off(0).into_iter();
        requests.map(|request| format!("{} {}", request.line, request.token)).collect::<Vec<_>>()
    };
    let first = [
        "GET /ibot/authz_context Bearer old",
        "POST /oauth2/token ",
        "GET /ibot/authz_context Bearer t0ken",
        "GET /ibot/workflow?subscriber_id=S1 Bearer t0ken",
    ];
    assert_eq!(lines(&server), first);
    let kept = relay.read("secrets.toml");
    assert!(kept.contains("t0ken") && kept.contains("r2") && !kept.contains("old"), "{kept}");
    relay.run("api workflow").success();
    assert_eq!(
        lines(&server),
        ["GET /ibot/authz_context Bearer t0ken", "GET /ibot/workflow?subscriber_id=S1 Bearer t0ken"]
    );
}

#[test]
fn a_renewed_token_that_is_not_taken_either_is_the_end() {
    let server = Stub::start();
    let relay = signed_in(&server);
    server.says("POST /oauth2/token", 200, json!({ "access_token": "other" }));
    relay.run("api workflow").code(4).stderr_eq(str![[r#"
error: [SERVER]/ does not take the token
  cause: this token is not valid [bad_token]
  next: log in again: relay login; or correct RELAY_API_KEY

"#]]);
    assert_eq!(server.world().requests.len(), 3);
    let kept = relay.read("secrets.toml");
    assert!(kept.contains("r1"), "an answer without a refresh token takes none away: {kept}");
}

#[test]
fn a_key_of_the_environment_is_never_renewed() {
    let server = Stub::start();
    let relay = signed_in(&server).token("wrong");
    relay.run("api workflow").code(4);
    assert_eq!(server.world().requests.len(), 1);
}

#[test]
fn who_cannot_give_a_token_back_forgets_it() {
    let server = Stub::start();
    let relay = signed_in(&server);
    server.opens("POST /oauth2/revoke");
    server.says("POST /oauth2/revoke", 500, json!({}));
    relay.run("logout").success().stderr_eq(str![[r#"
warning: the token is forgotten here, but was not given back: [SERVER]/ says HTTP 500

"#]]);
    assert!(!relay.read("secrets.toml").contains("r1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_browser_that_was_sent_is_believed() {
    let stage = Stage::new().await;
    let sign_in = stage.begin("--no-browser");
    let back = sign_in.enter(&stage.token).await;
    let (before, state) = back.split_once("state=").unwrap();
    for wrong in [format!("{before}state=guess"), back.replace("/callback", "/other"), before.to_owned()] {
        let (status, shown) = visit(&wrong).await;
        assert!(status.is_client_error() && !shown.contains("close this page: relay goes on"), "{shown}");
    }
    let callback = back.split_once('?').unwrap().0;
    let (_, shown) =
        visit(&format!("{callback}?state={state}&error=access_denied&error_description=<b>")).await;
    assert!(shown.contains("&lt;b&gt;"), "{shown}");
    let output = sign_in.end();
    assert_eq!(output.status.code(), Some(4));
    snapbox::assert_data_eq!(
        text(&output.stderr),
        str![[r#"

error: you were not signed in
  cause: <b>

"#]]
    );
    assert!(!stage.relay.path("secrets.toml").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_not_good_ends_in_a_message() {
    let stage = Stage::new().await;
    let sign_in = stage.begin("--no-browser");
    let back = sign_in.enter(&stage.token).await;
    let (start, state) = (back.split_once("code=").unwrap().0, back.split_once("state=").unwrap().1);
    visit(&format!("{start}code=guess&state={state}")).await;
    let output = sign_in.end();
    assert_eq!(output.status.code(), Some(4));
    let said = text(&output.stderr).replace(&stage.server.url(), "[SERVER]");
    snapbox::assert_data_eq!(
        said,
        str![[r#"

error: the sign-in was not accepted
  cause: [SERVER]/ gives no token for it (HTTP 400)
  next: begin again: relay login

"#]]
    );
}

#[test]
fn nobody_waits_forever() {
    let server = Stub::start();
    let relay = Relay::near(&server);
    relay.run("login").code(2).stderr_eq(str![[r#"
error: nobody is here to sign in
  next: pipe a token in with --token, or print the address of the page with --no-browser

"#]]);
    let output = SignIn::begin(relay.process("login --no-browser --timeout 0s")).end();
    assert_eq!(output.status.code(), Some(7));
    snapbox::assert_data_eq!(
        text(&output.stderr),
        str![[r#"

error: nobody has signed in
  cause: the page was open for 0 s
  next: begin again: relay login; or take a token: relay login --token

"#]]
    );
    relay.run("login --no-browser --timeout -5s").code(2);
    assert_eq!(server.world().requests, [], "nothing was asked of the server");
}

#[test]
fn the_vendors_cloud_gives_tokens_for_programs_to_people() {
    Relay::new().run("token generate --host pro").code(2).stderr_eq(str![[r#"
error: nobody is here to sign in
  next: print the address of the page with --no-browser

"#]]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_waiting() {
    use rustix::process::{Pid, Signal, kill_process};
    let server = Stub::start();
    let sign_in = SignIn::begin(Relay::near(&server).process("login --no-browser"));
    kill_process(Pid::from_child(&sign_in.child), Signal::INT).unwrap();
    let output = sign_in.end();
    assert_eq!((output.status.code(), &*text(&output.stderr)), (Some(7), "\nerror: nobody has signed in\n"));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_browser_of_the_user_is_opened() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new().await;
    // It signs in by itself, as browsers that know their user do.
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", stage.relay.path("opened.new").display())
        + &format!("mv {0}.new {0}\n", stage.relay.path("opened").display());
    let browser = stage.relay.write("browser", &script);
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    // With nobody at a terminal it has to be asked for.
    let line = format!("login --host {}", stage.server.url());
    let asked = stage.relay.process(&line).env("BROWSER", &browser).stdin(Stdio::null()).output().unwrap();
    assert_eq!(asked.status.code(), Some(2));

    let (terminal, command) = at_a_terminal(stage.relay.process(&line));
    let mut child = { command }.env("BROWSER", &browser).env("PATH", "/usr/bin:/bin").spawn().unwrap();
    let page = loop {
        match fs::read_to_string(stage.relay.path("opened")) {
            Ok(page) => break page,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let taken = self::browser().post(&page).body(format!("token={}", stage.token)).send().await.unwrap();
    visit(taken.headers()["location"].to_str().unwrap()).await;
    assert!(child.wait().unwrap().success());
    let mut shown = [0; 4096];
    let read = fs::File::from(terminal).read(&mut shown).unwrap();
    assert!(text(&shown[..read]).contains("a browser opens"), "{}", text(&shown[..read]));
    stage.relay.run("whoami").success();
}

/// A command with a terminal, and that as a person sees it.
#[cfg(unix)]
fn at_a_terminal(mut command: std::process::Command) -> (std::os::fd::OwnedFd, std::process::Command) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = std::fs::File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    command.stdin(end.try_clone().unwrap()).stdout(end.try_clone().unwrap()).stderr(end);
    (terminal, command)
}
