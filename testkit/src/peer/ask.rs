//! A request that the workflow made, by its type.

use std::fmt;
use std::ops::Deref;

use relay_protocol::session::Token;
use relay_protocol::{Request, RequestBody, Urn, request};

/// A request of the workflow, to be answered. Dereferences to its body.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ask<R = Request> {
    /// Names it when it is answered.
    pub token: Token,
    /// The id that the workflow chose.
    pub id: String,
    /// Whom it is for.
    pub target: Vec<Urn>,
    /// What is wanted.
    pub body: R,
}

impl<R> Deref for Ask<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.body
    }
}

impl Ask {
    /// The same request as an `R`, if that is what it is.
    pub fn narrow<R: Wanted>(&self) -> Option<Ask<R>> {
        let body = R::of(&self.body)?.clone();
        Some(Ask { token: self.token, id: self.id.clone(), target: self.target.clone(), body })
    }
}

/// `say on urn:…`
impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.body.name())?;
        self.target.iter().try_for_each(|target| write!(f, " on {target}"))
    }
}

/// A kind of request that can be expected.
pub trait Wanted: RequestBody {
    /// This request in `request`, if that is what it is.
    fn of(request: &Request) -> Option<&Self>;
}

macro_rules! wanted {
    ($($kind:ident)*) => {$(
        impl Wanted for request::$kind {
            fn of(request: &Request) -> Option<&Self> {
                match request {
                    Request::$kind(body) => Some(body),
                    _ => None,
                }
            }
        }
    )*};
}

wanted! {
    StartInteraction EndInteraction Say Play StopPlayback Listen Translate Vibrate SetLed
    Notification SetChannel SetHomeChannelState GetDeviceInfo SetDeviceInfo SetUserProfile
    InboxCount PlayInboxMessages SetVar GetVar UnsetVar StartTimer StopTimer SetTimer ClearTimer
    CreateIncident ResolveIncident Call Answer Hangup Register GroupQuery CreateGroup DeleteGroup
    AddGroupMembers RemoveGroupMembers ListGroupMembers LogAnalyticsEvent Sms
}
