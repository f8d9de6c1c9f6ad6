//! Interactions on several devices.

use std::sync::Arc;

use relay_protocol::Urn;
use relay_protocol::request::{EndInteraction, Play, Say, StopPlayback, Vibrate};

use super::{Interaction, Leds, Vibration, end, speech, vibration};
use crate::context::{Action, Context};
use crate::error::RequestError;
use crate::session::Shared;

/// Interactions on several devices, to do the same on all of them with one request. From
/// [`Context::start_interactions`] or [`Context::interactions`].
///
/// Listening is a matter of each: [`iter`](Self::iter) gives them.
#[derive(Debug, Clone)]
pub struct Interactions {
    pub(super) shared: Arc<Shared>,
    pub(super) started: Vec<Interaction>,
    pub(super) failed: Vec<RequestError>,
}

impl Context {
    /// Interactions as a set. Which devices they are on is not checked.
    pub fn interactions(&self, interactions: impl IntoIterator<Item = Interaction>) -> Interactions {
        let (shared, started) = (self.shared.clone(), interactions.into_iter().collect());
        Interactions { shared, started, failed: Vec::new() }
    }
}

impl Interactions {
    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Interaction> {
        self.started.iter()
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.started.len()
    }

    /// Whether there are none. Nothing can be done on them then: every action fails with
    /// [`Cause::BadArgument`](crate::Cause::BadArgument).
    pub fn is_empty(&self) -> bool {
        self.started.is_empty()
    }

    /// Why there is none on the devices that failed; the device is in [`target`](RequestError::target).
    pub fn failed(&self) -> &[RequestError] {
        &self.failed
    }

    fn target(&self) -> Vec<Urn> {
        self.started.iter().map(|each| each.urn().into()).collect()
    }

    /// Speaks a text on all of them. Done when it has been spoken on the last, failed when it failed on one. As
    /// [`Interaction::say`].
    pub fn say(&self, text: impl Into<String>) -> Action<Say> {
        speech::say(&self.shared, self.target(), text.into()).for_somebody()
    }

    /// Plays a file on all of them. As [`Interaction::play`].
    pub fn play(&self, filename: impl Into<String>) -> Action<Play> {
        speech::play(&self.shared, self.target(), filename.into()).for_somebody()
    }

    /// Stops everything that is being said or played on any of them.
    pub fn stop_playback(&self) -> Action<StopPlayback> {
        Action::new(&self.shared, self.target(), StopPlayback::new()).for_somebody()
    }

    /// The LEDs of all of them.
    pub fn leds(&self) -> Leds {
        Leds::new(self.shared.clone(), self.target())
    }

    /// Vibrates all of them. As [`Interaction::vibrate`].
    pub fn vibrate(&self, pattern: Vibration) -> Action<Vibrate> {
        vibration::vibrate(&self.shared, self.target(), pattern).for_somebody()
    }

    /// Ends all of them. As [`Interaction::end`].
    pub fn end(&self) -> Action<EndInteraction> {
        end(&self.shared, self.target()).for_somebody()
    }
}

impl IntoIterator for Interactions {
    type Item = Interaction;
    type IntoIter = std::vec::IntoIter<Interaction>;

    fn into_iter(self) -> Self::IntoIter {
        self.started.into_iter()
    }
}

impl<'a> IntoIterator for &'a Interactions {
    type Item = &'a Interaction;
    type IntoIter = std::slice::Iter<'a, Interaction>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
