//! Alerts and broadcasts without a workflow.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::ApiError;
use super::client::{Client, Pending, path_part};

impl Client {
    /// Tells groups something until it is acknowledged: the text is repeated every 30 s on each device that has not.
    ///
    /// Relay documents this API for keys that it issues, see [`api_key`](super::ClientBuilder::api_key).
    ///
    /// ```no_run
    /// # async fn f(relay: relay_runtime::api::Client) -> Result<(), relay_runtime::api::ApiError> {
    /// let task = relay.alert("Spill in aisle 4").groups(["Cleaning"]).quorum(1).on_quorum("it is seen to").await?;
    /// relay.cancel_alert(&task.task_id).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub fn alert(&self, text: impl Into<String>) -> SendAlert {
        SendAlert { client: self.clone(), text: text.into(), groups: Vec::new(), options: Map::new() }
    }

    /// Tells groups something once.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub fn broadcast(&self, text: impl Into<String>) -> SendBroadcast {
        SendBroadcast { client: self.clone(), text: text.into(), groups: Vec::new() }
    }

    /// Ends an alert.
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub async fn cancel_alert(&self, task_id: &str) -> Result<(), ApiError> {
        let url = self.alerts_url(&["alerts", path_part("cancel_alert", task_id)?])?;
        self.delete(url).await.map(drop)
    }
}

/// An alert to send. Made by [`Client::alert`]; await it to send it.
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct SendAlert {
    client: Client,
    text: String,
    groups: Vec<String>,
    options: Map<String, Value>,
}

impl SendAlert {
    /// Whom to tell: names or URNs of groups. Required.
    pub fn groups<G: ToString>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.groups.extend(groups.into_iter().map(|group| group.to_string()));
        self
    }

    /// What is said to whoever acknowledges. Default: nothing.
    pub fn on_ack(self, text: impl Into<String>) -> Self {
        self.option("on_ack", text.into())
    }

    /// After how many acknowledgements the others are left alone. Default: all must acknowledge.
    pub fn quorum(self, count: u32) -> Self {
        self.option("quorum", count)
    }

    /// What is said to the others when the quorum is met. Default: nothing.
    pub fn on_quorum(self, text: impl Into<String>) -> Self {
        self.option("on_quorum", text.into())
    }

    /// When the alert ends by itself, in whole seconds. Default: 300 s.
    pub fn timeout(self, after: Duration) -> Self {
        self.option("timeout", after.as_secs())
    }

    /// What is said then to those who have not acknowledged. Default: nothing.
    pub fn on_timeout(self, text: impl Into<String>) -> Self {
        self.option("on_timeout", text.into())
    }

    /// Alerts of one name come one after the other, those of different names side by side. Default: `alerts`.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.option("name", name.into())
    }

    fn option(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.options.insert(key.to_owned(), value.into());
        self
    }
}

impl IntoFuture for SendAlert {
    type Output = Result<AlertTask, ApiError>;
    type IntoFuture = Pending<AlertTask>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { send(&self.client, "alerts", self.text, self.groups, self.options).await })
    }
}

/// A broadcast to send. Made by [`Client::broadcast`]; await it to send it.
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct SendBroadcast {
    client: Client,
    text: String,
    groups: Vec<String>,
}

impl SendBroadcast {
    /// Whom to tell: names or URNs of groups. Required.
    pub fn groups<G: ToString>(mut self, groups: impl IntoIterator<Item = G>) -> Self {
        self.groups.extend(groups.into_iter().map(|group| group.to_string()));
        self
    }
}

impl IntoFuture for SendBroadcast {
    type Output = Result<AlertTask, ApiError>;
    type IntoFuture = Pending<AlertTask>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { send(&self.client, "broadcasts", self.text, self.groups, Map::new()).await })
    }
}

async fn send(
    client: &Client,
    kind: &str,
    text: String,
    groups: Vec<String>,
    mut body: Map<String, Value>,
) -> Result<AlertTask, ApiError> {
    if groups.is_empty() {
        return Err(ApiError::Argument { argument: "groups", why: "there is nobody to tell".into() });
    }
    body.insert("notification".into(), text.into());
    body.insert("groups".into(), json!(groups));
    let answer = client.post(client.alerts_url(&[kind])?, &body.into()).await?;
    let request = answer.request.clone();
    let task_id = answer.json::<Value>()?.get("task_id").and_then(Value::as_str).map(str::to_owned);
    let task_id =
        task_id.ok_or_else(|| ApiError::BadAnswer { request, why: "it has no `task_id`".into() })?;
    Ok(AlertTask { task_id })
}

/// What Relay has begun to send.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AlertTask {
    /// Names it, for [`Client::cancel_alert`].
    pub task_id: String,
}
