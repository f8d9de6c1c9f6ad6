//! Devices.

mod danger;
mod info;

pub use danger::Danger;
pub use info::Coordinates;

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use relay_protocol::event::PlayInboxMessage;
use relay_protocol::request::{
    InboxCount, PlayInboxMessages, SetChannel, SetDeviceInfo, SetHomeChannelState, SetUserProfile,
};
use relay_protocol::types::{DeviceInfoField, InboxAction};
use relay_protocol::{RequestBody, Urn};

use super::{Action, BoxFuture, Context, Events, ToDevice};
use crate::error::Cause;
use crate::session::Shared;

/// A device, for what needs no interaction: asking it things, setting it up, [calls](Device::call),
/// [incidents](Device::create_incident). From [`Context::device`] or [`Interaction::device`](crate::Interaction::device).
///
/// ```
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context, alice: DeviceUrn) -> Result<()> {
/// let device = cx.device(&alice);
/// if device.battery().await? < 20 {
///     device.set_channel("Charging").suppress_tts().await?;
/// }
/// # Ok(()) }
/// ```
///
/// Cheap to clone. Whether there is such a device shows only when something is done with it; for one that Relay does not
/// know, it may not answer at all.
///
/// Actions are done when Relay has accepted them, and wait 5 s for that, unless they say otherwise. Speaking, LEDs and
/// all else that takes an interaction is not here, because Relay would drop it without a word:
///
/// ```compile_fail,E0599
/// # use relay_runtime::prelude::*;
/// # async fn f(cx: Context, alice: DeviceUrn) -> Result<()> {
/// cx.device(&alice).say("hello").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Device {
    pub(super) shared: Arc<Shared>,
    urn: Urn,
}

impl Context {
    /// A device, by its URN, or that of an interaction on it.
    pub fn device(&self, device: impl ToDevice) -> Device {
        Device::new(self.shared.clone(), device.to_device())
    }
}

impl Device {
    pub(super) fn new(shared: Arc<Shared>, urn: Urn) -> Self {
        Self { shared, urn }
    }

    /// The URN by which Relay is told which device is meant: that of the device, or of an interaction that does not
    /// say which device it is on.
    pub fn urn(&self) -> &Urn {
        &self.urn
    }

    pub(super) fn action<R: RequestBody>(&self, body: R) -> Action<R> {
        Action::new(&self.shared, [self.urn.clone()], body)
    }

    /// Gives the device another name, for good. It is what [`name`](Self::name) then tells, and part of its URN by
    /// name: prefer ids where names change.
    pub fn set_name(&self, name: impl Into<String>) -> Action<SetDeviceInfo> {
        self.action(SetDeviceInfo::new(DeviceInfoField::Label, name)).named(|body| &body.value)
    }

    /// Lets the device report its location, for good. It does not unless that was switched on.
    pub fn enable_location(&self) -> Action<SetDeviceInfo> {
        self.action(SetDeviceInfo::new(DeviceInfoField::LocationEnabled, "true"))
    }

    /// Keeps the device from reporting its location, for good.
    pub fn disable_location(&self) -> Action<SetDeviceInfo> {
        self.action(SetDeviceInfo::new(DeviceInfoField::LocationEnabled, "false"))
    }

    /// Makes a person the user of the device: [`username`](Self::username) tells who is.
    pub fn set_username(&self, username: impl Into<String>) -> Action<SetUserProfile> {
        self.action(SetUserProfile::new(username))
    }

    /// Moves the device to another channel, as if the person had turned to it. Relay announces the channel.
    pub fn set_channel(&self, channel: impl Into<String>) -> Action<SetChannel> {
        self.action(SetChannel::new(channel))
    }

    /// Lets the device fall back to its home channel when it is not used for some time.
    pub fn enable_home_channel(&self) -> Action<SetHomeChannelState> {
        self.action(SetHomeChannelState::new(true))
    }

    /// Keeps the device from falling back to its home channel.
    pub fn disable_home_channel(&self) -> Action<SetHomeChannelState> {
        self.action(SetHomeChannelState::new(false))
    }

    /// How many missed messages wait on the device. Only direct messages can be missed.
    pub fn inbox_count(&self) -> Action<InboxCount, u64> {
        self.action(InboxCount::new()).finish(|done| Ok(done.response()?.count))
    }

    /// Plays the missed messages. Done when Relay says that they have been played.
    ///
    /// Waits 5 s for Relay to accept, and then, since nobody can tell how long people have spoken, as long as the session
    /// lasts; [`PlayInbox::within`] changes that.
    pub fn play_inbox(&self) -> PlayInbox {
        let done = Events::of(&self.shared, None);
        PlayInbox { request: self.action(PlayInboxMessages::new()), done, within: None }
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Device").field(&self.urn).finish()
    }
}

/// Options of [`set_username`](Device::set_username).
impl Action<SetUserProfile> {
    /// Even if something stands against it: by our reading, that the person uses another device.
    pub fn force(self) -> Self {
        self.set(|body| body.force = true)
    }
}

/// Options of [`set_channel`](Device::set_channel).
impl Action<SetChannel> {
    /// Without announcing the channel.
    pub fn suppress_tts(self) -> Self {
        self.set(|body| body.suppress_tts = true)
    }

    /// And keeps the device from falling back to its home channel.
    pub fn disable_home_channel(self) -> Self {
        self.set(|body| body.disable_home_channel = true)
    }
}

/// The missed messages of a device being played; await it. Made by [`Device::play_inbox`].
///
/// # Errors
///
/// [`Cause::Failed`] when they could not be played, and those of every [`Action`].
///
/// # Cancel safety
///
/// As for every [`Action`]. The event that ends it does not name the device: with two inboxes being played at once in
/// one session, the first to end ends both waits.
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct PlayInbox {
    request: Action<PlayInboxMessages>,
    done: Events<PlayInboxMessage>,
    within: Option<Duration>,
}

impl PlayInbox {
    /// How long Relay may take to accept, but no longer than without this option, and then how long the messages may
    /// take.
    pub fn within(mut self, time: Duration) -> Self {
        self.request = self.request.within(time.min(PlayInboxMessages::TIMEOUT));
        self.within = Some(time);
        self
    }
}

impl IntoFuture for PlayInbox {
    type Output = crate::Result<()>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { mut request, mut done, within } = self;
        Box::pin(async move {
            (&mut request).await?;
            let outcome = super::in_time(within, done.find(|_| true)).await;
            match outcome.map(|done| done.action) {
                Ok(InboxAction::Error) => Err(request.error(Cause::Failed(None)).into()),
                Ok(_) => Ok(()),
                Err(cause) => Err(request.error(cause).into()),
            }
        })
    }
}
