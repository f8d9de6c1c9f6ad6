//! The records that workflows write into the analytics of the account.

use alloc::format;
use alloc::string::{String, ToString};

use relay_protocol::types::ContentType;
use relay_protocol::{request, response};

use crate::action::{Action, Observation};
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::{DeviceKey, InstanceKey};
use crate::refusal::Refusal;

/// Characters that the content of a record may have, as documented.
pub const MAX_CONTENT: usize = 1000;
/// Characters that the category of a record may have, as documented.
pub const MAX_CATEGORY: usize = 50;

/// What a workflow wants to be remembered. In [`Mode::Compatible`](crate::Mode::Compatible) what is too long is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The run that writes it.
    pub instance: InstanceKey,
    /// Its heading.
    pub category: String,
    /// What the content is.
    pub content_type: ContentType,
    /// The content; JSON as text.
    pub content: String,
    /// The device that it is about, if any.
    pub device: Option<DeviceKey>,
}

impl Engine {
    pub(crate) fn log_analytics_event(
        &mut self,
        ask: &Ask,
        log: request::LogAnalyticsEvent,
    ) -> Result<response::LogAnalyticsEvent, Refusal> {
        let device = log.device_uri.as_ref().map(|urn| self.device(urn)).transpose()?;
        let content = log.content.as_str().map_or_else(|| log.content.to_string(), ToString::to_string);
        let record = Record {
            instance: ask.instance,
            category: self.fit("category", log.category, MAX_CATEGORY)?,
            content_type: log.content_type,
            content: self.fit("content", content, MAX_CONTENT)?,
            device,
        };
        self.actions.push_back(Action::Observed(Observation::Record(record)));
        Ok(response::LogAnalyticsEvent::new())
    }

    fn fit(&self, what: &str, mut text: String, limit: usize) -> Result<String, Refusal> {
        if let Some((end, _)) = text.char_indices().nth(limit) {
            if self.config.strict() {
                let length = text.chars().count();
                return Err(Refusal::limit_exceeded(format!(
                    "the {what} of a record has up to {limit} characters, got {length}"
                )));
            }
            text.truncate(end);
        }
        Ok(text)
    }
}
