//! What people and the hardware do with a device: a virtual one is driven by this. What comes of it on the device (what is
//! heard, felt, seen) is told by `/v1/events?kinds=device&device=…`.

use axum::Json;
use axum::extract::{Path, State};
use relay_engine::{Channel, DeviceError, DeviceKey, Location, Taken};
use relay_protocol::types::{ButtonName, Taps};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::app::App;
use super::super::body::Lenient;
use super::super::endpoint::Endpoint;
use super::super::error::{ApiError, ApiResult};
use super::super::guard::Scope;
use crate::account::Platform;
use crate::model::{DeviceId, Role};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        verb::<Speak>("/v1/devices/{id}/speak", "The person holds Talk, or Assistant, and speaks.")
            .body(json!({"text": "say hello", "assistant": true})),
        verb::<Tap>(
            "/v1/devices/{id}/tap",
            "The person presses a button: `action` is Talk, `channel` is Assistant.",
        )
        .body(json!({"button": "action", "taps": "single"})),
        verb::<Turn>(
            "/v1/devices/{id}/turn",
            "The person turns to a channel: `talk` or `interaction` with its name, or `assistant`.",
        )
        .body(json!({"talk": "Home"})),
        verb::<Move>("/v1/devices/{id}/move", "The device is somewhere else on the map.")
            .body(json!({"latitude": 51.5, "longitude": -0.12, "address": "1 Main St"})),
        verb::<Place>(
            "/v1/devices/{id}/position",
            "The device is at a position in a venue; without one, at none.",
        )
        .body(json!({"venue": "v1", "position": "p1"})),
        verb::<Scan>("/v1/devices/{id}/scan", "The person holds the device to a tag.")
            .body(json!({"uid": "04a1b2c3"})),
        verb::<Charge>("/v1/devices/{id}/charge", "The charge of the battery has changed.")
            .body(json!({"battery": 20, "charging": false})),
        verb::<Call>("/v1/devices/{id}/call", "The person calls somebody, by the name of their device.")
            .body(json!({"to": "Bob"})),
        verb::<Answer>("/v1/devices/{id}/answer", "The person takes the call that rings."),
        verb::<HangUp>("/v1/devices/{id}/hang-up", "The person ends the call, or does not take it."),
        verb::<Online>("/v1/devices/{id}/online", "The device comes online, or goes offline.")
            .body(json!({"online": false})),
        verb::<Alarm>("/v1/devices/{id}/alarm", "The person raises the alarm."),
        verb::<DoNotDisturb>(
            "/v1/devices/{id}/do-not-disturb",
            "The person wants to be left alone, or not any more.",
        )
        .body(json!({"on": true})),
        verb::<Volume>("/v1/devices/{id}/volume", "The person turns the volume.")
            .body(json!({"percent": 80})),
    ]
}

/// Something that is done with a device.
trait Verb: DeserializeOwned + Send + 'static {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError>;
}

fn verb<V: Verb>(path: &'static str, says: &'static str) -> Endpoint {
    Endpoint::post(path, run::<V>)
        .role(Role::Trigger)
        .says(says)
        .query("subscriber_id", "the account, if the token is for several")
        .answer(json!({"taken": "workflow", "instance": "wfi_0198…"}))
}

async fn run<V: Verb>(
    State(app): State<App>,
    scope: Scope,
    Path(id): Path<String>,
    body: Lenient,
) -> ApiResult<Json<Value>> {
    let verb: V = body.read()?;
    let account = app.account(&scope.subscriber)?;
    let acted = account.run(move |platform| {
        let key = platform.ids.devices.key(&DeviceId::from(id.as_str()));
        let key = key.ok_or_else(|| ApiError::not_found("device", id))?;
        let taken = verb.act(platform, key).map_err(refused)?;
        Ok(Json(match taken {
            Taken::Workflow(key) => json!({"taken": "workflow", "instance": platform.ids.instances.id(key)}),
            Taken::Platform => json!({"taken": "platform"}),
            _ => json!({"taken": "nobody"}),
        }))
    });
    acted.await?
}

fn refused(error: DeviceError) -> ApiError {
    let code = match error {
        DeviceError::Offline => "device_offline",
        DeviceError::NoInteraction => "no_interaction",
        DeviceError::InCall => "in_call",
        DeviceError::DoNotDisturb => "do_not_disturb",
        DeviceError::NoPlace => "no_such_position",
        _ => "device_refused",
    };
    ApiError::conflict(code, error.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Speak {
    text: String,
    /// To the Assistant, whatever channel the device is on.
    #[serde(default)]
    assistant: bool,
}

impl Verb for Speak {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        match self.assistant {
            true => platform.engine.ask_assistant(platform.now, device, &self.text),
            false => platform.engine.speak(platform.now, device, self.text.as_str()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tap {
    #[serde(default = "action")]
    button: String,
    #[serde(default = "single")]
    taps: String,
}

fn action() -> String {
    "action".into()
}

fn single() -> String {
    "single".into()
}

impl Verb for Tap {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.tap(platform.now, device, ButtonName::from(&*self.button), Taps::from(&*self.taps))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Turn {
    Talk(String),
    Interaction(String),
    Assistant {},
}

impl Verb for Turn {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        let channel = match self {
            Self::Talk(name) => Channel::Talk(name),
            Self::Interaction(name) => Channel::Interaction(name),
            Self::Assistant {} => Channel::Assistant,
        };
        platform.engine.turn_to(platform.now, device, channel).map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    latitude: f64,
    longitude: f64,
    address: Option<String>,
}

impl Verb for Move {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        let here = platform.engine.directory().device(device).ok_or(DeviceError::Unknown)?;
        let indoor = here.info().location.indoor.clone();
        let location =
            Location { address: self.address, latlong: Some((self.latitude, self.longitude)), indoor };
        platform.engine.set_location(platform.now, device, location).map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    venue: Option<String>,
    position: Option<String>,
}

impl Verb for Place {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        let place = self.venue.as_deref().zip(self.position.as_deref());
        platform.engine.set_position(platform.now, device, place).map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    uid: String,
}

impl Verb for Scan {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.touch_tag(platform.now, device, &self.uid)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Charge {
    battery: u8,
    #[serde(default)]
    charging: bool,
}

impl Verb for Charge {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform
            .engine
            .set_battery(platform.now, device, self.battery, self.charging)
            .map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    to: String,
}

impl Verb for Call {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.place_call(platform.now, device, &self.to)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {}

impl Verb for Answer {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.tap(platform.now, device, ButtonName::Action, Taps::Single)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HangUp {}

impl Verb for HangUp {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.tap(platform.now, device, ButtonName::Channel, Taps::Double)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Online {
    online: bool,
}

impl Verb for Online {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.set_online(platform.now, device, self.online).map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alarm {}

impl Verb for Alarm {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.raise_alarm(platform.now, device)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DoNotDisturb {
    on: bool,
}

impl Verb for DoNotDisturb {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.set_do_not_disturb(device, self.on).map(|()| Taken::Platform)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Volume {
    percent: u8,
}

impl Verb for Volume {
    fn act(self, platform: &mut Platform<'_>, device: DeviceKey) -> Result<Taken, DeviceError> {
        platform.engine.set_volume(device, self.percent).map(|()| Taken::Platform)
    }
}
