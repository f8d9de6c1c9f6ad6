//! What all messages of one kind have in common.

use alloc::borrow::Cow;
use core::fmt::Debug;
use core::time::Duration;

use crate::codec::wire::Body;
use crate::{Event, Request, Response};

/// The struct of one event.
pub trait EventBody: Body + Into<Event> + Clone + Debug + Send + Sync + 'static {
    /// `button` for `wf_api_button_event`.
    const NAME: &'static str;

    /// This event in `event`, if that is what it is.
    fn of(event: &Event) -> Option<&Self>;

    /// The value that handlers filter by under `key`, as on the wire: `filter_value("taps")`. Events of an interaction
    /// also answer to `interaction`, with its name.
    fn filter_value(&self, key: &str) -> Option<Cow<'_, str>>;
}

/// The struct of one request.
pub trait RequestBody: Body + Into<Request> + Clone + Debug + Send + Sync + 'static {
    /// `say` for `wf_api_say_request`.
    const NAME: &'static str;
    /// The full name on the wire.
    const TYPE: &'static str;
    /// The full name of its response.
    const RESPONSE: &'static str;
    /// What `_target` may hold.
    const TARGETS: Targets;
    /// What really ends it.
    const ENDS: Ends;
    /// How long the workflow side waits for the response by default, counted anew after each progress event.
    const TIMEOUT: Duration;
    /// How long it then waits for the event that ends it; `None` where that depends on the request.
    const EVENT_TIMEOUT: Option<Duration>;
    /// The struct of its response.
    type Response: Debug + Send + 'static;

    /// This request's response in `response`, if that is what it is.
    fn from_response(response: Response) -> Option<Self::Response>;
}

/// The struct of one response.
pub trait ResponseBody: Body + Into<Response> + Clone + Debug + Send + Sync + 'static {
    /// `say` for `wf_api_say_response`.
    const NAME: &'static str;
}

/// Which URN kinds the target of a request may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Targets {
    /// The request takes no target.
    None,
    /// Interactions.
    Interaction,
    /// Devices, also as an interaction on one device.
    Device,
    /// Devices and groups.
    DeviceOrGroup,
    /// Devices that join or leave a group; the group is named in the body.
    Members,
    /// Any of them.
    Any,
}

/// What really ends an operation. The response to many requests only says that they were accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ends {
    /// The response.
    Response,
    /// A `prompt` event with the request's id that has stopped or failed.
    Prompt,
    /// A `speech` event that answers the request's id.
    Speech,
    /// An `interaction_lifecycle` event: started or failed.
    Started,
    /// An `interaction_lifecycle` event: ended.
    Ended,
    /// The `stop` event; there is no response.
    Stop,
}
