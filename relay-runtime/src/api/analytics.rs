//! Reading what workflows and alerts have logged.

use serde_json::{Map, Value};

use super::ApiError;
use super::client::{Client, Pending};
use super::document::Part;

impl Client {
    /// Reads analytics events, of the last seven days unless told otherwise. By the same API as
    /// [`alert`](Self::alert).
    ///
    /// # Errors
    ///
    /// See [`ApiError`].
    pub fn analytics_events(&self) -> AnalyticsEvents {
        AnalyticsEvents { client: self.clone(), oldest: None, limit: None }
    }
}

/// A question for events. Made by [`Client::analytics_events`]; await it to ask.
#[derive(Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct AnalyticsEvents {
    client: Client,
    oldest: Option<String>,
    limit: Option<u32>,
}

impl AnalyticsEvents {
    /// Not those before this time, in ISO 8601. Default: seven days ago.
    pub fn oldest(mut self, time: impl Into<String>) -> Self {
        self.oldest = Some(time.into());
        self
    }

    /// No more than this many, of which Relay gives 100 at most.
    pub fn limit(mut self, count: u32) -> Self {
        self.limit = Some(count);
        self
    }

    async fn send(self) -> Result<Vec<AnalyticsEvent>, ApiError> {
        let mut url = self.client.alerts_url(&["events"])?;
        if let Some(oldest) = &self.oldest {
            url.query_pairs_mut().append_pair("oldest", oldest);
        }
        if let Some(limit) = self.limit {
            url.query_pairs_mut().append_pair("limit", &limit.to_string());
        }
        let events: Vec<Map<String, Value>> = self.client.get(url).await?.json()?;
        Ok(events.into_iter().map(AnalyticsEvent::from_document).collect())
    }
}

impl IntoFuture for AnalyticsEvents {
    type Output = Result<Vec<AnalyticsEvent>, ApiError>;
    type IntoFuture = Pending<Vec<AnalyticsEvent>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// Something that a workflow or an alert has logged.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct AnalyticsEvent {
    /// Its id.
    pub id: Option<String>,
    /// What it is about.
    pub category: Option<String>,
    /// What was logged: a text, which may hold JSON, or JSON.
    pub content: Option<Value>,
    /// When, in ISO 8601.
    pub timestamp: Option<String>,
    /// The whole event, with all that has no field here.
    pub document: Map<String, Value>,
}

impl AnalyticsEvent {
    fn from_document(document: Map<String, Value>) -> Self {
        let event = Part::whole(&document);
        Self {
            id: event.text("event_id").or_else(|| event.text("id")),
            category: event.text("category"),
            content: event.value("content"),
            timestamp: event.text("timestamp"),
            document,
        }
    }
}
