//! Starting a workflow.

use std::fmt::Display;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::ApiError;
use super::client::{Client, Pending, path_part};

impl Client {
    /// Starts a workflow that has an HTTP trigger. `workflow_id` is the full id as `relay workflow list` prints it.
    ///
    /// ```no_run
    /// # async fn f(relay: relay_runtime::api::Client) -> Result<(), relay_runtime::api::ApiError> {
    /// #[derive(serde::Serialize)]
    /// struct Order { room: u32, drink: &'static str }
    ///
    /// relay
    ///     .trigger_workflow("wf_coffee_3kQ9")
    ///     .user("990007560011111")
    ///     .args(Order { room: 231, drink: "espresso" })
    ///     .await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ApiError`]. Relay's documentation does not list the statuses; 404 should mean that there is no such
    /// workflow, and public samples saw 400 from workflows that were started all the same.
    pub fn trigger_workflow(&self, workflow_id: impl Into<String>) -> TriggerWorkflow {
        TriggerWorkflow {
            client: self.clone(),
            workflow_id: workflow_id.into(),
            user: None,
            args: Ok(Map::new()),
            devices: Vec::new(),
        }
    }
}

/// A workflow to start. Made by [`Client::trigger_workflow`]; await it to start it.
#[derive(Debug)]
#[must_use = "nothing is started until it is awaited"]
pub struct TriggerWorkflow {
    client: Client,
    workflow_id: String,
    user: Option<String>,
    args: Result<Map<String, Value>, ApiError>,
    devices: Vec<String>,
}

impl TriggerWorkflow {
    /// On whose behalf: the id of a device (an IMEI, or `VIRT…` for an app) or a user profile (`USER…`). Required.
    pub fn user(mut self, id: impl Into<String>) -> Self {
        self.user = Some(id.into());
        self
    }

    /// One argument for the workflow, which reads it with [`Args`](crate::extract::Args).
    pub fn arg(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).map_err(|error| wrong("arg", error));
        if let Ok(args) = &mut self.args {
            match value {
                Ok(value) => _ = args.insert(name.into(), value),
                Err(error) => self.args = Err(error),
            }
        }
        self
    }

    /// Arguments for the workflow from a struct or map, beside those already there.
    pub fn args(mut self, args: impl Serialize) -> Self {
        let more = match serde_json::to_value(args) {
            Ok(Value::Object(more)) => Ok(more),
            Ok(_) => Err(wrong("args", "it is not a struct or map with names")),
            Err(error) => Err(wrong("args", error)),
        };
        if let Ok(args) = &mut self.args {
            match more {
                Ok(more) => args.extend(more),
                Err(error) => self.args = Err(error),
            }
        }
        self
    }

    /// The devices that the workflow is considered triggered from: ids or URNs. Default: the user.
    pub fn devices<D: Display>(mut self, devices: impl IntoIterator<Item = D>) -> Self {
        self.devices.extend(devices.into_iter().map(|device| device.to_string()));
        self
    }

    async fn send(self) -> Result<Triggered, ApiError> {
        let user = self.user.as_deref().map(str::trim).filter(|user| !user.is_empty());
        let user = user.ok_or_else(|| wrong("user", "every trigger has a device or user that it is for"))?;
        let devices = if self.devices.is_empty() { vec![user.to_owned()] } else { self.devices };
        let body = json!({ "action": "invoke", "target_device_ids": devices, "action_args": self.args? });

        let id = path_part("trigger_workflow", &self.workflow_id)?;
        let mut url = self.client.account_url(&["ibot", "workflow", id]);
        url.query_pairs_mut().append_pair("user_id", user);
        let answer = self.client.post(url, &body).await?;

        let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let instance_id = body.get("workflow_instance_id").and_then(Value::as_str).map(str::to_owned);
        Ok(Triggered { instance_id })
    }
}

impl IntoFuture for TriggerWorkflow {
    type Output = Result<Triggered, ApiError>;
    type IntoFuture = Pending<Triggered>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

fn wrong(argument: &'static str, why: impl Display) -> ApiError {
    ApiError::Argument { argument, why: why.to_string() }
}

/// Relay has accepted the trigger. The workflow may not have begun yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Triggered {
    /// The run of the workflow, if the server says so; the official one is not known to.
    pub instance_id: Option<String>,
}
