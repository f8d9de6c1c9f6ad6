//! What the person at a virtual device does, and what happens to it.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::find::Which;
use crate::commands::Cx;
use crate::commands::entries::own;
use crate::error::Result;

/// Something that is done with a device.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// The person holds Talk and speaks
    Speak(Speak),
    /// The person presses a button
    Tap(Tap),
    /// The device is somewhere else
    Move(Move),
    /// The device is at a place in a building, or at none
    Position(Position),
    /// The person holds the device to a tag
    Scan(Scan),
    /// The charge of the battery has changed
    Charge(Charge),
    /// The person calls somebody
    Call(Call),
    /// The person takes the call that rings
    Answer(Plain),
    /// The person ends the call, or does not take it
    HangUp(Plain),
    /// The device comes online
    Online(Plain),
    /// The device goes offline
    Offline(Plain),
    /// The person raises the alarm
    Alarm(Plain),
    /// The person wants to be left alone, or not any more
    DoNotDisturb(DoNotDisturb),
    /// The person turns the volume
    Volume(Volume),
}

#[derive(Debug, Args)]
pub(crate) struct Plain {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Speak {
    #[command(flatten)]
    which: Which,
    /// What is said
    #[arg(required = true, num_args = 1..)]
    text: Vec<String>,
    /// To the Assistant, whatever channel the device is on
    #[arg(short, long)]
    assistant: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Tap {
    #[command(flatten)]
    which: Which,
    /// Talk, or Assistant
    #[arg(long, value_enum, default_value_t = Button::Action)]
    button: Button,
    /// How
    #[arg(long, value_enum, default_value_t = Taps::Single)]
    taps: Taps,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Button {
    /// Talk.
    #[value(alias = "talk")]
    Action,
    /// Assistant.
    #[value(alias = "assistant")]
    Channel,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Taps {
    Single,
    Double,
    Triple,
    Long,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    #[command(flatten)]
    which: Which,
    /// In degrees, north is positive
    #[arg(allow_negative_numbers = true)]
    latitude: f64,
    /// In degrees, east is positive
    #[arg(allow_negative_numbers = true)]
    longitude: f64,
    /// The nearest street address
    #[arg(long)]
    address: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Position {
    #[command(flatten)]
    which: Which,
    /// The building, as `relay venues` shows it
    #[arg(requires = "position")]
    venue: Option<String>,
    /// The place in it, as `relay positions` shows it
    position: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Scan {
    #[command(flatten)]
    which: Which,
    /// What the tag says of itself, as `relay tag list -x` shows it
    uid: String,
}

#[derive(Debug, Args)]
pub(crate) struct Charge {
    #[command(flatten)]
    which: Which,
    /// In percent
    #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
    battery: u8,
    /// It is plugged in
    #[arg(long)]
    charging: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    #[command(flatten)]
    which: Which,
    /// The name of the other device
    to: String,
}

#[derive(Debug, Args)]
pub(crate) struct DoNotDisturb {
    #[command(flatten)]
    which: Which,
    /// Whether
    #[arg(value_enum)]
    on: Switch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Debug, Args)]
pub(crate) struct Volume {
    #[command(flatten)]
    which: Which,
    /// In percent
    #[arg(value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: u8,
}

impl Act {
    /// Whom it concerns, what the server calls it, and with what.
    fn parts(self) -> (Which, &'static str, Value) {
        match self {
            Self::Speak(act) => {
                (act.which, "speak", json!({ "text": act.text.join(" "), "assistant": act.assistant }))
            }
            Self::Tap(act) => {
                let word = |value: Option<clap::builder::PossibleValue>| {
                    value.map(|value| value.get_name().to_owned())
                };
                let (button, taps) =
                    (word(act.button.to_possible_value()), word(act.taps.to_possible_value()));
                (act.which, "tap", json!({ "button": button, "taps": taps }))
            }
            Self::Move(act) => {
                let (latitude, longitude) = (act.latitude, act.longitude);
                (
                    act.which,
                    "move",
                    json!({ "latitude": latitude, "longitude": longitude, "address": act.address }),
                )
            }
            Self::Position(act) => {
                (act.which, "position", json!({ "venue": act.venue, "position": act.position }))
            }
            Self::Scan(act) => (act.which, "scan", json!({ "uid": act.uid })),
            Self::Charge(act) => {
                (act.which, "charge", json!({ "battery": act.battery, "charging": act.charging }))
            }
            Self::Call(act) => (act.which, "call", json!({ "to": act.to })),
            Self::Answer(act) => (act.which, "answer", json!({})),
            Self::HangUp(act) => (act.which, "hang-up", json!({})),
            Self::Online(act) => (act.which, "online", json!({ "online": true })),
            Self::Offline(act) => (act.which, "online", json!({ "online": false })),
            Self::Alarm(act) => (act.which, "alarm", json!({})),
            Self::DoNotDisturb(act) => (act.which, "do-not-disturb", json!({ "on": act.on == Switch::On })),
            Self::Volume(act) => (act.which, "volume", json!({ "percent": act.percent })),
        }
    }

    pub(crate) async fn run(self, cx: &Cx) -> Result<()> {
        let (which, verb, body) = self.parts();
        let client = cx.client()?;
        let id = which.find(&client).await?;
        let answer = client.post(&["v1", "devices", &id, verb], body).try_send().await?;
        let answer = own(answer, &format!("POST /v1/devices/{id}/{verb}"))?;
        let text = match (answer["taken"].as_str(), answer["instance"].as_str()) {
            (Some("workflow"), Some(instance)) => format!("taken by the workflow {instance}"),
            (Some("workflow"), None) => "taken by a workflow".into(),
            (Some("nobody"), _) => "nobody took it".into(),
            _ => "done".into(),
        };
        cx.out.result(text, &answer)
    }
}
