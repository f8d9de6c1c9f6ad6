//! Text messages, which somebody else must know how to send.

use alloc::string::{String, ToString};

use relay_protocol::session::Timestamp;
use relay_protocol::{event, request, response};

use crate::action::{Action, Observation};
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::InstanceKey;
use crate::refusal::Refusal;

/// A text message on its way out. What becomes of it is told with [`Engine::report_sms`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sms {
    /// The run that sends it.
    pub instance: InstanceKey,
    /// Names it in reports.
    pub id: String,
    /// What kind of message, in a word that nobody knows the meaning of.
    pub kind: String,
    /// The recipient.
    pub uri: String,
    /// The message.
    pub text: String,
}

impl Engine {
    pub(crate) fn sms(&mut self, ask: &Ask, sms: request::Sms) -> Result<response::Sms, Refusal> {
        if self.config.strict() && sms.uri.is_empty() {
            return Err(Refusal::invalid_value("sms needs the uri of a recipient, got an empty one"));
        }
        let id = self.fresh_id("msg");
        let sms =
            Sms { instance: ask.instance, id: id.clone(), kind: sms.kind, uri: sms.uri, text: sms.text };
        self.actions.push_back(Action::Observed(Observation::Sms(sms)));
        Ok(response::Sms::new().message_id(id))
    }

    /// Something happened to a text message; `event` is for the workflow, such as `delivered`. That it is text, and
    /// which, is our choice.
    pub fn report_sms(&mut self, now: Timestamp, instance: InstanceKey, id: &str, event: &str) {
        self.emit(now, instance, event::Sms::new().id(id).event(event.to_string()));
    }
}
