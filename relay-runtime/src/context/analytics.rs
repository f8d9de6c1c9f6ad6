//! Records in the analytics of the account.

use relay_protocol::codec::JsonMap;
use relay_protocol::request::LogAnalyticsEvent;
use relay_protocol::types::ContentType;
use serde::Serialize;
use serde_json::Value;

use super::{Action, Context, ToDevice};

/// The most characters that a record may have, as the guide says.
const CONTENT_LIMIT: usize = 1000;
/// The most characters that a category may have, as the guide says.
const CATEGORY_LIMIT: usize = 50;

/// The analytics of the account, from [`Context::analytics`]: records for people to look at in the web console or with
/// the command line. They outlive the session.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # use serde_json::json;
/// # async fn f(cx: Context, alice: DeviceUrn) -> Result<()> {
/// let analytics = cx.analytics();
/// analytics.message("room 213 is clean").category("cleaning").device(&alice).await?;
/// analytics.event("cleaning", &json!({ "room": 213, "minutes": 12 })).await?;
/// # Ok(()) }
/// ```
///
/// A record has at most 1000 characters and a category at most 50. What is longer fails with
/// [`Cause::BadArgument`](crate::Cause::BadArgument) and is not sent. All actions wait 5 s for Relay's answer.
#[derive(Debug, Clone, Copy)]
pub struct Analytics<'a> {
    cx: &'a Context,
}

impl Context {
    /// The analytics of the account.
    pub fn analytics(&self) -> Analytics<'_> {
        Analytics { cx: self }
    }
}

impl Analytics<'_> {
    /// Records a message.
    pub fn message(self, text: impl Into<String>) -> Action<LogAnalyticsEvent> {
        self.record(ContentType::PlainText, text.into())
    }

    /// Records an event with parameters, which are an object: a map, a struct, `json!({..})`. The
    /// [defaults](Self::set_defaults) of the session are added to them.
    pub fn event(
        self,
        category: impl Into<String>,
        parameters: &impl Serialize,
    ) -> Action<LogAnalyticsEvent> {
        let record = |content| self.record(ContentType::EventParameters, content).category(category);
        match object(parameters) {
            Ok(parameters) => {
                let mut all = self.cx.shared.lock().analytics_defaults.clone();
                all.extend(parameters);
                record(Value::Object(all).to_string())
            }
            Err(why) => record(String::new()).refuse("parameters", why),
        }
    }

    /// Sets the parameters that every later [`event`](Self::event) of this session has, unless it says otherwise; in
    /// place of earlier ones. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When they are not an object.
    pub fn set_defaults(self, parameters: &impl Serialize) -> crate::Result<()> {
        match object(parameters) {
            Ok(parameters) => {
                self.cx.shared.lock().analytics_defaults = parameters;
                Ok(())
            }
            Err(why) => {
                let nothing = self.record(ContentType::EventParameters, String::new());
                Err(nothing.error(crate::Cause::BadArgument { argument: "parameters", why }).into())
            }
        }
    }

    /// Records which SDK this is. The official JS SDK does so at the start of every session; no other does, and this
    /// one only when asked to.
    pub fn sdk_info(self) -> Action<LogAnalyticsEvent> {
        let content = format!(r#"{{"language":"relay-rust","version":"{}"}}"#, env!("CARGO_PKG_VERSION"));
        self.record(ContentType::SdkInfo, content).category("sdk-info")
    }

    fn record(self, content_type: ContentType, content: String) -> Action<LogAnalyticsEvent> {
        let length = content.chars().count();
        let body = LogAnalyticsEvent::new(content).content_type(content_type);
        let action = Action::new(&self.cx.shared, Vec::new(), body);
        at_most(action, "content", length, CONTENT_LIMIT)
    }
}

fn at_most<R: relay_protocol::RequestBody>(
    action: Action<R>,
    argument: &'static str,
    length: usize,
    limit: usize,
) -> Action<R> {
    if length <= limit {
        return action;
    }
    action.refuse(argument, format!("it has {length} characters, {limit} are allowed: shorten it"))
}

fn object(parameters: &impl Serialize) -> Result<JsonMap, String> {
    match serde_json::to_value(parameters) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("they are not an object: give a map or a struct".to_owned()),
        Err(error) => Err(format!("they cannot be written as JSON: {error}")),
    }
}

/// Options of [`Analytics`].
impl Action<LogAnalyticsEvent> {
    /// A heading of your choice. Default: `default`.
    pub fn category(self, category: impl Into<String>) -> Self {
        let category = category.into();
        let length = category.chars().count();
        at_most(self.set(|body| body.category = category), "category", length, CATEGORY_LIMIT)
    }

    /// The device, and with it the person, that the record is about. Default: none.
    pub fn device(self, device: impl ToDevice) -> Self {
        self.set(|body| body.device_uri = Some(device.to_device()))
    }
}
