//! The ring of LEDs around the Talk button, and who may light it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use core::fmt;

use relay_protocol::types::{LedArgs, LedEffect};
use relay_protocol::{request, response};

use crate::action::Perception;
use crate::engine::Engine;
use crate::instance::Ask;
use crate::key::DeviceKey;
use crate::refusal::Refusal;

/// LEDs in the ring. The protocol's types allow 16; what is beyond the hardware is accepted and not seen.
pub const LEDS: usize = 12;
const ACCEPTED: usize = 16;

/// A colour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

impl Rgb {
    /// Reads `RRGGBB` in either case.
    pub fn parse(text: &str) -> Option<Self> {
        // A sign is a number's business, not a colour's.
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(text, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some(Self { r, g, b })
    }

    /// Reads a colour of a request.
    pub(crate) fn read(text: &str, strict: bool) -> Option<Self> {
        Self::parse(if strict { text } else { text.strip_prefix('#').unwrap_or(text) })
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

impl fmt::Debug for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Who lights the ring. The later one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RingOwner {
    /// The workflow of the active interaction.
    Interaction,
    /// An alert.
    Alert,
    /// A call.
    Call,
}

/// What the ring shows. It goes on until another light replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Light {
    /// Who lights it.
    pub owner: RingOwner,
    /// What the ring does.
    pub effect: LedEffect,
    /// The colours from LED 1 on. By our conclusion that one is at the top, and the others follow clockwise.
    pub colors: [Rgb; LEDS],
    /// How often: flashes, breaths or turns; `None` for going on.
    pub times: Option<u64>,
    /// How long one of them takes, in milliseconds, if the workflow says so.
    pub duration: Option<u64>,
    /// The pause between two of them, in milliseconds, if the workflow says so.
    pub repeat_delay: Option<u64>,
    /// How often the pattern is repeated, if the workflow says so.
    pub pattern_repeats: Option<u64>,
}

impl Light {
    /// All LEDs in one colour.
    pub fn all(owner: RingOwner, color: Rgb) -> Self {
        let colors = [color; LEDS];
        let effect = LedEffect::Static;
        Self { owner, effect, colors, times: None, duration: None, repeat_delay: None, pattern_repeats: None }
    }

    fn read(effect: LedEffect, args: &LedArgs, strict: bool) -> Result<Self, Refusal> {
        if let (LedEffect::Unknown(word), true) = (&effect, strict) {
            return Err(Refusal::invalid_value(format!(
                "{word:?} is no effect, which are rainbow, rotate, flash, breathe, static and off"
            )));
        }
        let times = match effect {
            LedEffect::Rainbow | LedEffect::Rotate => args.rotations,
            _ => args.count,
        };
        Ok(Self {
            colors: read_colors(args.colors.as_ref(), strict)?,
            effect,
            times: times.and_then(|times| u64::try_from(times).ok()), // −1 is for ever
            duration: args.duration,
            repeat_delay: args.repeat_delay,
            pattern_repeats: args.pattern_repeats,
            ..Self::all(RingOwner::Interaction, Rgb::default())
        })
    }
}

fn read_colors(written: Option<&BTreeMap<String, String>>, strict: bool) -> Result<[Rgb; LEDS], Refusal> {
    let mut colors = [Rgb::default(); LEDS];
    let Some(written) = written else { return Ok(colors) };
    let ring = written.get_key_value("ring");
    // The ring first, so that single LEDs stand out from it.
    for (key, text) in ring.into_iter().chain(written.iter().filter(|(key, _)| *key != "ring")) {
        let color = match Rgb::read(text, strict) {
            Some(color) => color,
            None if strict => {
                return Err(Refusal::invalid_value(format!("colours are written RRGGBB, got {text:?}")));
            }
            None => continue,
        };
        match (key.as_str(), key.parse()) {
            ("ring", _) => colors = [color; LEDS],
            (_, Ok(at @ 1..=ACCEPTED)) => {
                if let Some(led) = colors.get_mut(at - 1) {
                    *led = color;
                }
            }
            _ if strict => {
                return Err(Refusal::invalid_value(format!(
                    "LEDs are called ring or 1 to {ACCEPTED}, got {key:?}"
                )));
            }
            _ => {}
        }
    }
    Ok(colors)
}

/// The lights of a device besides those of its interactions.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    pub(crate) alert: Option<Light>,
    pub(crate) call: Option<Light>,
    shown: Option<Light>,
}

impl Engine {
    pub(crate) fn set_led(&mut self, ask: &Ask, set: request::SetLed) -> Result<response::SetLed, Refusal> {
        let light = Light::read(set.effect, &set.args, self.config.strict())?;
        let legs = self.legs(ask)?;
        for leg in &legs {
            self.check_active(ask, *leg)?;
        }
        for key in legs {
            // Kept also for one that is suspended: the ring shows it when the person returns.
            let Some(leg) = self.legs.get_mut(key) else { continue };
            leg.light = Some(light.clone());
            let device = leg.device;
            if let Some(device) = self.directory.device_mut(device)
                && device.channels.active() == Some(key)
            {
                // The same effect again starts anew.
                device.ring.shown.take_if(|shown| shown.owner == RingOwner::Interaction);
            }
            self.refresh_ring(device);
        }
        Ok(response::SetLed::new())
    }

    /// Shows what the ring must show, if that has changed.
    pub(crate) fn refresh_ring(&mut self, key: DeviceKey) {
        let Some(device) = self.directory.device_mut(key) else { return };
        let interaction = device.channels.active().and_then(|leg| self.legs.get(leg)?.light.as_ref());
        let ring = &mut device.ring;
        let wanted = ring.call.as_ref().or(ring.alert.as_ref()).or(interaction);
        if ring.shown.as_ref() != wanted {
            ring.shown = wanted.cloned();
            let light = ring.shown.clone();
            self.perceive(key, Perception::Ring(light));
        }
    }

    /// What the ring of a device shows; `None` where it is the device's own.
    pub fn light(&self, device: DeviceKey) -> Option<&Light> {
        self.directory.device(device)?.ring.shown.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
    }

    #[test]
    fn single_leds_stand_out_from_the_ring() {
        let colors = read_colors(Some(&colors(&[("1", "FF0000"), ("ring", "0000ff")])), true).unwrap();
        assert_eq!((colors[0], colors[11]), (Rgb { r: 255, g: 0, b: 0 }, Rgb { r: 0, g: 0, b: 255 }));
    }

    #[test]
    fn sixteen_leds_are_accepted_and_twelve_are_lit() {
        let lit = read_colors(Some(&colors(&[("16", "ff0000")])), true).unwrap();
        assert_eq!(lit, [Rgb::default(); LEDS]);
        assert!(read_colors(Some(&colors(&[("17", "ff0000")])), true).is_err());
    }

    #[test]
    fn colours_are_six_digits() {
        for text in ["red", "#ff0000", "ff00", "+ff000"] {
            assert_eq!(Rgb::parse(text), None);
            assert!(read_colors(Some(&colors(&[("ring", text)])), true).is_err());
        }
        let lenient = read_colors(Some(&colors(&[("ring", "#ff0000")])), false).unwrap();
        assert_eq!(lenient[0], Rgb { r: 255, g: 0, b: 0 });
    }
}
