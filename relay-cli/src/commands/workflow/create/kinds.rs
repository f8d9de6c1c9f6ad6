//! The kinds of triggers that need few words.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use relay_protocol::manifest::TriggerSpec;

use super::super::lint;
use super::common::Common;
use crate::commands::times::Times;
use crate::error::{CliError, Result};

/// Start it when somebody says a phrase to the Assistant
#[derive(Debug, Args)]
pub(crate) struct Phrase {
    #[command(flatten)]
    pub(super) common: Common,
    /// What to say; any one of several
    #[arg(long, value_name = "TEXT", num_args = 1.., required = true)]
    pub(super) trigger: Vec<String>,
}

impl Phrase {
    pub(super) fn spec(&self) -> Result<TriggerSpec> {
        lint::phrases(&self.trigger).map(TriggerSpec::Phrases)
    }
}

/// Start it when somebody taps Talk on the Assistant channel
#[derive(Debug, Args)]
pub(crate) struct Button {
    #[command(flatten)]
    pub(super) common: Common,
    /// How often
    #[arg(long, value_enum, default_value_t = Taps::Single)]
    trigger: Taps,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Taps {
    Single,
    Double,
}

impl Button {
    pub(super) fn spec(&self) -> TriggerSpec {
        TriggerSpec::Button(match self.trigger {
            Taps::Single => "action_button_single_tap".into(),
            Taps::Double => "action_button_double_tap".into(),
        })
    }
}

/// Start it by an HTTP call
#[derive(Debug, Args)]
pub(crate) struct Http {
    #[command(flatten)]
    pub(super) common: Common,
    /// The method
    #[arg(long, value_parser = ["POST"], default_value = "POST")]
    trigger: String,
}

impl Http {
    pub(super) fn spec(&self) -> TriggerSpec {
        TriggerSpec::Http(self.trigger.clone())
    }
}

/// Start it when somebody holds a device to a tag
#[derive(Debug, Args)]
pub(crate) struct Nfc {
    #[command(flatten)]
    pub(super) common: Common,
    /// The kind of tag
    #[arg(long, value_parser = ["custom", "user_profile"], default_value = "custom")]
    r#type: String,
    /// The category of the tag
    #[arg(short, long)]
    category: Option<String>,
    /// The label of the tag
    #[arg(short, long)]
    label: Option<String>,
    /// Anything else that stands on the tag
    #[arg(short, long, value_name = "NAME=VALUE", num_args = 1..)]
    matcher: Vec<String>,
}

impl Nfc {
    pub(super) fn spec(&self) -> Result<TriggerSpec> {
        let mut content = BTreeMap::new();
        for pair in &self.matcher {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| CliError::usage(format_args!("--matcher {pair}: NAME=VALUE is wanted")))?;
            content.insert(name.to_owned(), value.to_owned());
        }
        content.insert("type".into(), self.r#type.clone());
        let named = [("category", &self.category), ("label", &self.label)];
        content.extend(named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))));
        Ok(TriggerSpec::Nfc(content))
    }
}

/// Start it when a battery comes to a level
#[derive(Debug, Args)]
pub(crate) struct Battery {
    #[command(flatten)]
    pub(super) common: Common,
    /// Whether it falls or rises to the level
    #[arg(long, value_enum, default_value_t = Charging::Discharge)]
    trigger: Charging,
    /// The level in percent
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u64).range(1..=100))]
    threshold: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Charging {
    Discharge,
    Charge,
}

impl Battery {
    pub(super) fn spec(&self) -> TriggerSpec {
        match self.trigger {
            Charging::Discharge => TriggerSpec::BatteryDischarge(self.threshold),
            Charging::Charge => TriggerSpec::BatteryCharge(self.threshold),
        }
    }
}

/// Start it when a device crosses the border of an area
#[derive(Debug, Args)]
pub(crate) struct Geofence {
    #[command(flatten)]
    pub(super) common: Common,
    /// Which way
    #[arg(long, value_enum, default_value_t = Way::Entry)]
    trigger: Way,
    /// The area, as `relay geofence list` shows it
    #[arg(long)]
    id: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    Entry,
    Exit,
}

impl Way {
    fn word(self) -> String {
        match self {
            Self::Entry => "entry".into(),
            Self::Exit => "exit".into(),
        }
    }
}

impl Geofence {
    pub(super) fn spec(&self) -> TriggerSpec {
        TriggerSpec::Geofence { geofence_id: self.id.clone(), transition: self.trigger.word() }
    }
}

/// Start it when a device comes to a place in a building, or leaves it
#[derive(Debug, Args)]
pub(crate) struct Position {
    #[command(flatten)]
    pub(super) common: Common,
    /// Which way
    #[arg(long, value_enum, default_value_t = Way::Entry)]
    trigger: Way,
    /// The building, as `relay venues` shows it
    #[arg(short, long, alias = "venue_id")]
    venue_id: String,
    /// The place in it, as `relay positions` shows it
    #[arg(short, long, alias = "position_id")]
    position_id: String,
}

impl Position {
    pub(super) fn spec(&self) -> TriggerSpec {
        TriggerSpec::Position {
            venue_id: self.venue_id.clone(),
            position_id: self.position_id.clone(),
            transition: self.trigger.word(),
        }
    }
}

/// Start it when a device calls or is called
#[derive(Debug, Args)]
pub(crate) struct Call {
    #[command(flatten)]
    pub(super) common: Common,
    /// Who begins: the device, or somebody who calls it
    #[arg(long, value_enum, default_value_t = Direction::Outbound)]
    trigger: Direction,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Direction {
    Outbound,
    Inbound,
}

impl Call {
    /// Every number. Other patterns have never been seen.
    pub(super) fn spec(&self) -> TriggerSpec {
        match self.trigger {
            Direction::Outbound => TriggerSpec::CallRequest(".*".into()),
            Direction::Inbound => TriggerSpec::IncomingCall(".*".into()),
        }
    }
}

/// Start it when somebody raises the alarm on a device
#[derive(Debug, Args)]
pub(crate) struct Event {
    #[command(flatten)]
    pub(super) common: Common,
    /// What happens
    #[arg(long, value_parser = ["emergency"], default_value = "emergency")]
    trigger: String,
}

impl Event {
    pub(super) fn spec(&self) -> TriggerSpec {
        TriggerSpec::DeviceEvent(self.trigger.clone())
    }
}

/// Start it at a time, or again and again
#[derive(Debug, Args)]
pub(crate) struct Timer {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    times: Times,
}

impl Timer {
    pub(super) fn spec(&self) -> Result<TriggerSpec> {
        self.times.spec().map(TriggerSpec::Timer)
    }
}
