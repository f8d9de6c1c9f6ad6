//! A server for a test, and a client of it.

use relay_server::config::Config;
use relay_server::{Running, Server};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tempfile::TempDir;

/// A server that ends with the test.
pub(crate) struct Api {
    pub(crate) server: Running,
    pub(crate) client: Client,
    /// The account that is there from the start.
    pub(crate) subscriber: String,
    pub(crate) folder: TempDir,
}

/// A status, and a body that is JSON if it is any.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(set: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.data_dir = folder.path().to_owned();
        set(&mut config);
        let server = Server::start(config).await.unwrap();
        let subscriber = server.subscribers().await.unwrap()[0].to_string();
        Self { server, client: client(), subscriber, folder }
    }

    /// The same server after a restart.
    pub(crate) async fn restart(self) -> Self {
        let Self { server, client, subscriber, folder } = self;
        server.shutdown().await;
        let mut config = Config::default();
        config.listen = "127.0.0.1:0".parse().unwrap();
        config.data_dir = folder.path().to_owned();
        let server = Server::start(config).await.unwrap();
        Self { server, client, subscriber, folder }
    }

    /// A request with the token of everything.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(self.server.token())
    }

    /// A request without a token.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.server.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).body(body.to_string())).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PUT, path).body(body.to_string())).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// A virtual device with this id and name.
    pub(crate) async fn device(&self, id: &str, name: &str) {
        self.put(&format!("/v1/devices/{id}"), serde_json::json!({ "name": name })).await.ok();
    }
}

/// A client that follows no redirects.
pub(crate) fn client() -> Client {
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, body }
}

impl Answer {
    /// What it says, if it went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.body
    }

    /// The status, the code and the message, if it did not.
    #[track_caller]
    pub(crate) fn refused(&self) -> (u16, &str, &str) {
        assert!(self.status >= 400, "{self:?}");
        let text = |key: &str| self.body[key].as_str().unwrap_or_else(|| panic!("no {key} in {self:?}"));
        (self.status, text("error"), text("message"))
    }

    /// The same without the message.
    #[track_caller]
    pub(crate) fn code(&self) -> (u16, &str) {
        let (status, code, _) = self.refused();
        (status, code)
    }
}
