//! The ring of LEDs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use relay_protocol::Urn;
use relay_protocol::request::SetLed;
use relay_protocol::types::{LedArgs, LedEffect};

use super::{Action, Color};
use crate::context::units;
use crate::session::Shared;

/// The ring of LEDs around the Talk button, from [`Interaction::leds`](super::Interaction::leds) or
/// [`Interactions::leds`](super::Interactions::leds).
///
/// An effect lasts until the next one; when the interaction or the workflow ends, the ring goes back to the device.
/// Each is done when Relay has accepted it, and waits 5 s for that.
///
/// ```
/// # use relay_runtime::prelude::*;
/// # use relay_runtime::LedIndex;
/// # async fn f(alice: Interaction) -> Result<()> {
/// alice.leds().flash(Color::RED).times(3).await?;
/// alice.leds().each([(LedIndex::new(1)?, Color::GREEN), (LedIndex::new(7)?, Color::RED)]).await?;
/// alice.leds().off().await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Leds {
    shared: Arc<Shared>,
    target: Vec<Urn>,
}

impl Leds {
    pub(super) fn new(shared: Arc<Shared>, target: Vec<Urn>) -> Self {
        Self { shared, target }
    }

    /// Lights all of them.
    pub fn on(&self, color: Color) -> Action<SetLed> {
        self.effect(LedEffect::Static, LedArgs::new().colors(ring(color)))
    }

    /// Switches all of them off.
    pub fn off(&self) -> Action<SetLed> {
        self.effect(LedEffect::Off, LedArgs::new())
    }

    /// Lights one, and switches the others off.
    pub fn one(&self, led: LedIndex, color: Color) -> Action<SetLed> {
        self.each([(led, color)])
    }

    /// Lights several, and switches the others off.
    pub fn each(&self, leds: impl IntoIterator<Item = (LedIndex, Color)>) -> Action<SetLed> {
        let colors = leds.into_iter().map(|(led, color)| (led.to_string(), color.to_string()));
        self.effect(LedEffect::Static, LedArgs::new().colors(colors.collect()))
    }

    /// All of them flash, without end unless [`times`](Action::times) is given.
    pub fn flash(&self, color: Color) -> Action<SetLed> {
        self.effect(LedEffect::Flash, LedArgs::new().count(FOREVER).colors(ring(color)))
    }

    /// All of them swell and fade, without end unless [`times`](Action::times) is given.
    pub fn breathe(&self, color: Color) -> Action<SetLed> {
        self.effect(LedEffect::Breathe, LedArgs::new().count(FOREVER).colors(ring(color)))
    }

    /// One light turns around the ring, without end unless [`times`](Action::times) is given.
    pub fn rotate(&self, color: Color) -> Action<SetLed> {
        let colors = BTreeMap::from([("1".to_owned(), color.to_string())]);
        self.effect(LedEffect::Rotate, LedArgs::new().rotations(FOREVER).colors(colors))
    }

    /// The colours of the rainbow turn around the ring, without end unless [`times`](Action::times) is given.
    pub fn rainbow(&self) -> Action<SetLed> {
        self.effect(LedEffect::Rainbow, LedArgs::new().rotations(FOREVER))
    }

    /// Any effect with any details.
    pub fn effect(&self, effect: LedEffect, args: LedArgs) -> Action<SetLed> {
        let body = SetLed::new(effect).args(args);
        Action::new(&self.shared, self.target.clone(), body).for_somebody()
    }
}

/// How the protocol says that an effect goes on until the next one.
const FOREVER: i64 = -1;

fn ring(color: Color) -> BTreeMap<String, String> {
    [("ring".to_owned(), color.to_string())].into()
}

/// Options of the effects of [`Leds`].
impl Action<SetLed> {
    /// How many times it flashes, breathes or turns. Default: without end.
    pub fn times(self, times: u32) -> Self {
        let times = Some(times.into());
        self.set(|body| match body.effect {
            LedEffect::Flash | LedEffect::Breathe => body.args.count = times,
            LedEffect::Rotate | LedEffect::Rainbow => body.args.rotations = times,
            _ => {} // nothing in these could be repeated
        })
    }

    /// How long one flash, breath or turn takes; whole milliseconds, rounded up. By default, Relay decides.
    pub fn duration(self, time: Duration) -> Self {
        self.set(|body| body.args.duration = Some(units::millis(time)))
    }

    /// The pause between two of them; whole milliseconds, rounded up. By default, Relay decides.
    pub fn repeat_delay(self, time: Duration) -> Self {
        self.set(|body| body.args.repeat_delay = Some(units::millis(time)))
    }

    /// How often the pattern is repeated. By default, Relay decides.
    pub fn pattern_repeats(self, times: u32) -> Self {
        self.set(|body| body.args.pattern_repeats = Some(times.into()))
    }
}

impl fmt::Debug for Leds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Leds").field(&self.target).finish()
    }
}

/// Which LED of the ring: 1 to 16, of which the hardware has 12. Where the first is, and which way they are counted,
/// is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedIndex(u8);

impl LedIndex {
    /// How many LEDs the hardware has.
    pub const COUNT: u8 = 12;
    /// The highest number that the protocol takes.
    const MAX: u8 = 16;

    /// The LED with this number.
    ///
    /// # Errors
    ///
    /// [`LedIndexError`] unless it is 1 to 16.
    pub const fn new(number: u8) -> Result<Self, LedIndexError> {
        match number {
            1..=Self::MAX => Ok(Self(number)),
            _ => Err(LedIndexError { number }),
        }
    }

    /// The LEDs that the hardware has, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::COUNT).map(Self)
    }
}

impl fmt::Display for LedIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that is no LED's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedIndexError {
    /// The number.
    pub number: u8,
}

impl fmt::Display for LedIndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no LED {}: they are counted from 1 to {}", self.number, LedIndex::MAX)
    }
}

impl std::error::Error for LedIndexError {}
