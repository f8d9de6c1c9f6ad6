//! What a registration waits for, checked and ready to be compared.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use relay_protocol::manifest::TriggerSpec;
use relay_protocol::types::{ButtonAction, Transition};

use super::Places;
use crate::error::UnknownWorkflow;
use crate::speech::normalised;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    /// As they are compared.
    Phrases(Vec<String>),
    Button(ButtonAction),
    Http,
    Nfc(BTreeMap<String, String>),
    Timer,
    Battery {
        charging: bool,
        level: u8,
    },
    Geofence {
        id: String,
        transition: Transition,
    },
    Position {
        venue: String,
        position: String,
        transition: Transition,
    },
    /// Whom is called.
    CallRequest(String),
    /// Who calls.
    IncomingCall(String),
    Emergency,
}

/// Why a workflow cannot be registered so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistrationError {
    /// Nothing can be said that would be this phrase.
    Phrase {
        /// The phrase.
        phrase: String,
    },
    /// There is no phrase at all.
    NoPhrase,
    /// A word that is none of those that may stand there.
    Word {
        /// The key, as in the registration.
        key: &'static str,
        /// The word.
        word: String,
    },
    /// A battery level that is not from 1 to 100.
    Level {
        /// The level, in percent.
        level: u64,
    },
    /// There is no such geofence, or position in a venue.
    Place {
        /// The id; of a position the one of the venue first, then a slash.
        id: String,
    },
    /// The key names no registration.
    Unknown(UnknownWorkflow),
}

impl core::error::Error for RegistrationError {}

impl fmt::Display for RegistrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phrase { phrase } => write!(f, "nobody can say the phrase {phrase:?}"),
            Self::NoPhrase => f.write_str("on_phrases needs a phrase"),
            Self::Word { key, word } => write!(f, "{word:?} cannot be registered for {key}"),
            Self::Level { level } => write!(f, "a battery level is from 1 to 100 percent, got {level}"),
            Self::Place { id } => write!(f, "there is no place {id:?}"),
            Self::Unknown(unknown) => fmt::Display::fmt(unknown, f),
        }
    }
}

impl Rule {
    pub(super) fn read(trigger: TriggerSpec, places: &Places) -> Result<Self, RegistrationError> {
        Ok(match trigger {
            TriggerSpec::Phrases(phrases) if phrases.is_empty() => return Err(RegistrationError::NoPhrase),
            TriggerSpec::Phrases(phrases) => {
                Self::Phrases(phrases.into_iter().map(phrase).collect::<Result<_, _>>()?)
            }
            TriggerSpec::Button(word) => match ButtonAction::from(&*word) {
                ButtonAction::Unknown(word) => {
                    return Err(RegistrationError::Word { key: "on_button", word });
                }
                action => Self::Button(action),
            },
            TriggerSpec::Http(word) if word == "POST" => Self::Http,
            TriggerSpec::Http(word) => return Err(RegistrationError::Word { key: "on_http", word }),
            TriggerSpec::Nfc(content) => Self::Nfc(content),
            TriggerSpec::Timer(_) => Self::Timer,
            TriggerSpec::BatteryDischarge(percent) => {
                Self::Battery { charging: false, level: level(percent)? }
            }
            TriggerSpec::BatteryCharge(percent) => Self::Battery { charging: true, level: level(percent)? },
            TriggerSpec::Geofence { geofence_id: id, .. } if places.geofence(&id).is_none() => {
                return Err(RegistrationError::Place { id });
            }
            TriggerSpec::Geofence { geofence_id: id, transition } => {
                Self::Geofence { id, transition: way("on_geofence", transition)? }
            }
            TriggerSpec::Position { venue_id: venue, position_id: position, transition } => {
                if places.position(&venue, &position).is_none() {
                    return Err(RegistrationError::Place { id: venue + "/" + &position });
                }
                Self::Position { venue, position, transition: way("on_position", transition)? }
            }
            TriggerSpec::CallRequest(pattern) => Self::CallRequest(pattern),
            TriggerSpec::IncomingCall(pattern) => Self::IncomingCall(pattern),
            TriggerSpec::DeviceEvent(word) if word == "emergency" => Self::Emergency,
            TriggerSpec::DeviceEvent(word) => {
                return Err(RegistrationError::Word { key: "on_device_event", word });
            }
            _ => {
                return Err(RegistrationError::Word { key: "a trigger", word: "a newer kind".into() });
            }
        })
    }
}

fn phrase(phrase: String) -> Result<String, RegistrationError> {
    match normalised(&phrase) {
        words if words.is_empty() => Err(RegistrationError::Phrase { phrase }),
        words => Ok(words),
    }
}

fn level(percent: u64) -> Result<u8, RegistrationError> {
    match u8::try_from(percent) {
        Ok(level @ 1..=100) => Ok(level),
        _ => Err(RegistrationError::Level { level: percent }),
    }
}

fn way(key: &'static str, word: String) -> Result<Transition, RegistrationError> {
    match Transition::from(&*word) {
        Transition::Unknown(word) => Err(RegistrationError::Word { key, word }),
        transition => Ok(transition),
    }
}
