//! Interactions: a workflow's hold on a device.

mod color;
mod leds;
mod set;
mod speech;
mod start;
mod start_many;
mod vibration;

pub use color::{Color, ParseColorError};
pub use leds::{LedIndex, LedIndexError, Leds};
pub use set::Interactions;
pub use speech::{Heard, Playback};
pub use start_many::StartInteractions;
pub use vibration::Vibration;

use std::fmt;
use std::sync::Arc;

use relay_protocol::Urn;
use relay_protocol::request::{EndInteraction, Listen, Play, Say, StopPlayback, Vibrate};
use relay_protocol::urn::InteractionUrn;

use super::{Action, Device, ToDevice};
use crate::error::{Cause, Error, RequestError};
use crate::session::Shared;

/// An interaction on one device, from [`Context::start_interaction`](crate::Context::start_interaction): here the
/// workflow speaks, listens, lights the LEDs and hears the buttons.
///
/// Cheap to clone. Dropping it does not end the interaction: [`end`](Self::end) does, and so does the end of the
/// session. Several at once are [`Interactions`]; what needs no interaction is on its [`device`](Self::device).
///
/// While the person is on another channel the interaction is suspended, and comes back by itself. What Relay does with
/// speech and LEDs meanwhile is not known.
#[derive(Clone)]
pub struct Interaction {
    pub(super) shared: Arc<Shared>,
    urn: InteractionUrn,
}

impl Interaction {
    pub(crate) fn new(shared: Arc<Shared>, urn: InteractionUrn) -> Self {
        Self { shared, urn }
    }

    /// The URN of the interaction, as Relay gave it.
    pub fn urn(&self) -> &InteractionUrn {
        &self.urn
    }

    /// The device that it is on.
    pub fn device(&self) -> Device {
        Device::new(self.shared.clone(), self.urn.to_device())
    }

    fn target(&self) -> [Urn; 1] {
        [Urn::from(&self.urn)]
    }

    /// The error of something on this interaction that is not one request.
    pub(super) fn error(&self, action: &'static str, cause: Cause) -> Error {
        let (target, session) = (Some((&self.urn).into()), self.shared.info.number);
        Error::from(RequestError { action, target, session, cause })
    }

    /// Speaks a text. Done when it has been spoken; [`in_background`](Action::in_background) is done at once.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// alice.say("Guten Morgen").lang(Language::German).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Waits 5 s for Relay to accept, then as long as the text may take: 32 s and a tenth of a second for each of its
    /// characters. Spoken means that the last of it was sent to the device, which may still be playing it.
    ///
    /// # Errors
    ///
    /// [`Cause::Failed`] when it could not be spoken, and those of every [`Action`].
    pub fn say(&self, text: impl Into<String>) -> Action<Say> {
        speech::say(&self.shared, self.target(), text.into())
    }

    /// Plays an audio file that was uploaded to Relay, by its name, or a URI such as `relay-static://emergency`. Done
    /// when it has been played; [`in_background`](Action::in_background) is done at once.
    ///
    /// Waits 5 s for Relay to accept, then 62 s: uploaded files are shorter than 30 s, and one may be queued before.
    ///
    /// # Errors
    ///
    /// As [`say`](Self::say).
    pub fn play(&self, filename: impl Into<String>) -> Action<Play> {
        speech::play(&self.shared, self.target(), filename.into())
    }

    /// Stops everything that is being said or played here. To stop one of several, see [`Playback`].
    pub fn stop_playback(&self) -> Action<StopPlayback> {
        Action::new(&self.shared, self.target(), StopPlayback::new())
    }

    /// Listens until the person at the device holds Talk and speaks. Silence is a value, not an error.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// let heard = alice.listen().phrases(["yes", "no"]).timeout(secs(20)).await?;
    /// if heard.is_silence() {
    ///     alice.say("I did not hear you").await?;
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// Waits 5 s for Relay to accept, then 2 s longer than the [time to listen](Action::timeout), which is 60 s.
    pub fn listen(&self) -> Action<Listen, Heard> {
        speech::listen(&self.shared, self.target())
    }

    /// The ring of LEDs around the Talk button.
    pub fn leds(&self) -> Leds {
        Leds::new(self.shared.clone(), self.target().into())
    }

    /// Vibrates the device.
    ///
    /// ```
    /// # use relay_runtime::prelude::*;
    /// # use relay_runtime::Vibration;
    /// # async fn f(alice: Interaction) -> Result<()> {
    /// alice.vibrate(Vibration::new().pulse(millis(200)).pause(millis(100)).pulse(millis(600))).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// Done when Relay has accepted it. Waits 5 s.
    ///
    /// # Errors
    ///
    /// [`Cause::BadArgument`] when the pattern has no pulse, and those of every [`Action`].
    pub fn vibrate(&self, pattern: Vibration) -> Action<Vibrate> {
        vibration::vibrate(&self.shared, self.target(), pattern)
    }

    /// Takes the interaction from the device, which goes back to its channel. Done when Relay has accepted that.
    pub fn end(&self) -> Action<EndInteraction> {
        end(&self.shared, self.target())
    }
}

impl fmt::Debug for Interaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Interaction").field(&self.urn).finish()
    }
}

/// What was accepted to be ended needs not be ended with the workflow.
fn end(shared: &Arc<Shared>, target: impl IntoIterator<Item = Urn>) -> Action<EndInteraction> {
    Action::new(shared, target, EndInteraction::new()).finish(|done| {
        let (shared, target) = (done.shared, done.target);
        done.outcome?;
        shared.lock().interactions.retain(|up| !target.contains(up));
        Ok(())
    })
}
