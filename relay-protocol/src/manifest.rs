//! What a workflow says about itself, so that it can be registered without being described a second time.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// A workflow: its name, where the workflow side offers it, what starts it, and what it listens to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkflowManifest {
    /// Unique in its server.
    pub name: String,
    /// The path of the URI that the engine side dials, with its leading slash.
    pub path: String,
    /// What it does, for people. May be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// What starts it. A registration holds one trigger, so that a workflow with several needs several registrations.
    #[serde(default)]
    pub triggers: Vec<TriggerSpec>,
    /// The events that it has handlers for.
    #[serde(default)]
    pub events: Vec<EventSpec>,
}

impl WorkflowManifest {
    /// A workflow at the path `/name`, without triggers and events.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let path = format!("/{name}");
        Self { name, path, docs: String::new(), triggers: Vec::new(), events: Vec::new() }
    }
}

/// Events that a workflow has a handler for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventSpec {
    /// The event's name, such as `button`; or `any`, or `unknown`.
    pub event: String,
    /// By key, the words of which one must stand there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filter: BTreeMap<String, Vec<String>>,
}

impl EventSpec {
    /// Every event of this name for which each condition holds.
    pub fn new(event: impl Into<String>, filter: BTreeMap<String, Vec<String>>) -> Self {
        Self { event: event.into(), filter }
    }
}

/// What makes the platform start a workflow, as its registration says it: `{"on_phrases":["hello"]}`.
///
/// The keys and the shape of the values are those that the official command line sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TriggerSpec {
    /// Somebody speaks one of the phrases to the Assistant. Some clients write one phrase as `on_phrase`.
    #[serde(rename = "on_phrases", alias = "on_phrase", deserialize_with = "one_or_more")]
    Phrases(Vec<String>),
    /// Somebody taps Talk on the Assistant channel: `action_button_single_tap`.
    #[serde(rename = "on_button")]
    Button(String),
    /// Somebody calls the workflow over HTTP with this method, which is always `POST`.
    #[serde(rename = "on_http")]
    Http(String),
    /// Somebody holds a device to a tag whose content has all of these values.
    #[serde(rename = "on_nfc")]
    Nfc(BTreeMap<String, String>),
    /// A time comes.
    #[serde(rename = "on_timer")]
    Timer(TimerSpec),
    /// A battery sinks to this level, in percent.
    #[serde(rename = "on_battery_discharge")]
    BatteryDischarge(u64),
    /// A battery rises to this level, in percent.
    #[serde(rename = "on_battery_charge")]
    BatteryCharge(u64),
    /// A device crosses the border of an area.
    #[serde(rename = "on_geofence")]
    Geofence {
        /// The area.
        geofence_id: String,
        /// `entry` or `exit`.
        transition: String,
    },
    /// A device comes to a place inside a building, or leaves it.
    #[serde(rename = "on_position")]
    Position {
        /// The building.
        venue_id: String,
        /// The place in it.
        position_id: String,
        /// `entry` or `exit`.
        transition: String,
    },
    /// Somebody calls from a device, to a number that fits the pattern; the only one known is `.*`.
    #[serde(rename = "on_call_request")]
    CallRequest(String),
    /// Somebody calls a device, from a number that fits the pattern; the only one known is `.*`.
    #[serde(rename = "on_incoming_call")]
    IncomingCall(String),
    /// Something happens on a device; all that can be registered is `emergency`.
    #[serde(rename = "on_device_event")]
    DeviceEvent(String),
}

/// When a workflow is started by the clock.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimerSpec {
    /// `immediately`, or the first time as wall-clock time without a zone: `2027-01-04T08:00:00`.
    pub start_time: String,
    /// The IANA name of the zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// What is repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Every how many of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<u64>,
    /// How many times in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The last possible time, written like `start_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The days on which it may happen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byweekday: Vec<Weekday>,
}

impl TimerSpec {
    /// The same, with what the official command line adds: a single time has the count 1, and what is repeated says how
    /// often and on which days.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        if self.start_time.is_empty() {
            self.start_time = "immediately".to_owned();
        }
        let ends = self.count.is_some() || self.until.is_some();
        if ends || self.frequency.is_some() || self.interval.is_some() || !self.byweekday.is_empty() {
            self.frequency.get_or_insert(Frequency::Daily);
            self.interval.get_or_insert(1);
            if self.byweekday.is_empty() {
                self.byweekday.extend(Weekday::ALL);
            }
        } else if self.start_time != "immediately" {
            self.count = Some(1);
        }
        self
    }
}

/// What a timer repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// Minutes.
    Minutely,
    /// Hours.
    Hourly,
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

/// A day of the week, by its name in iCalendar; on the wire 1 for Monday to 7 for Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Weekday {
    /// Monday.
    Mo = 1,
    /// Tuesday.
    Tu,
    /// Wednesday.
    We,
    /// Thursday.
    Th,
    /// Friday.
    Fr,
    /// Saturday.
    Sa,
    /// Sunday.
    Su,
}

impl Weekday {
    /// All seven, from Monday on.
    pub const ALL: [Self; 7] = [Self::Mo, Self::Tu, Self::We, Self::Th, Self::Fr, Self::Sa, Self::Su];
}

impl From<Weekday> for u8 {
    fn from(day: Weekday) -> Self {
        day as Self
    }
}

impl TryFrom<u8> for Weekday {
    type Error = NoSuchDay;

    fn try_from(day: u8) -> Result<Self, NoSuchDay> {
        Self::ALL.into_iter().find(|known| *known as u8 == day).ok_or(NoSuchDay(day))
    }
}

/// Not a day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchDay(
    /// What stood for the day.
    pub u8,
);

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no day of the week, which are 1 for Monday to 7 for Sunday", self.0)
    }
}

impl core::error::Error for NoSuchDay {}

/// A list of text, or one text.
fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct OneOrMore;

    impl<'de> Visitor<'de> for OneOrMore {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a phrase or a list of phrases")
        }

        fn visit_str<E>(self, one: &str) -> Result<Vec<String>, E> {
            Ok(alloc::vec![one.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut all = Vec::new();
            while let Some(one) = list.next_element()? {
                all.push(one);
            }
            Ok(all)
        }
    }

    deserializer.deserialize_any(OneOrMore)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use serde_json::{Value, from_value, json, to_value};

    use super::*;

    fn timer(spec: TimerSpec) -> Value {
        to_value(TriggerSpec::Timer(spec.with_defaults())).unwrap()
    }

    #[test]
    fn a_trigger_is_written_as_its_registration() {
        let phrases = TriggerSpec::Phrases(vec!["hello".into(), "hi".into()]);
        assert_eq!(to_value(phrases).unwrap(), json!({"on_phrases": ["hello", "hi"]}));
        let geofence = TriggerSpec::Geofence { geofence_id: "geo_17".into(), transition: "entry".into() };
        let written = json!({"on_geofence": {"geofence_id": "geo_17", "transition": "entry"}});
        assert_eq!(to_value(&geofence).unwrap(), written);
        assert_eq!(from_value::<TriggerSpec>(written).unwrap(), geofence);
    }

    #[test]
    fn one_phrase_may_stand_alone() {
        let spec: TriggerSpec = from_value(json!({"on_phrase": "hello"})).unwrap();
        assert_eq!(spec, TriggerSpec::Phrases(vec!["hello".into()]));
    }

    #[test]
    fn a_timer_without_anything_fires_at_once() {
        assert_eq!(timer(TimerSpec::default()), json!({"on_timer": {"start_time": "immediately"}}));
    }

    #[test]
    fn a_timer_with_a_time_fires_once() {
        let at = TimerSpec { start_time: "2027-01-04T08:00:00".into(), ..TimerSpec::default() };
        assert_eq!(timer(at), json!({"on_timer": {"start_time": "2027-01-04T08:00:00", "count": 1}}));
    }

    #[test]
    fn a_repeated_timer_says_how_often_and_on_which_days() {
        let three_times = TimerSpec {
            start_time: "2027-01-04T08:00:00".into(),
            timezone: Some("America/New_York".into()),
            count: Some(3),
            ..TimerSpec::default()
        };
        let written = json!({"on_timer": {
            "start_time": "2027-01-04T08:00:00", "timezone": "America/New_York",
            "frequency": "daily", "interval": 1, "count": 3, "byweekday": [1, 2, 3, 4, 5, 6, 7],
        }});
        assert_eq!(timer(three_times), written);
    }

    #[test]
    fn a_day_that_does_not_exist_is_refused() {
        let spec =
            from_value::<TriggerSpec>(json!({"on_timer": {"start_time": "immediately", "byweekday": [8]}}));
        assert!(spec.unwrap_err().to_string().contains("8 is no day of the week"));
    }

    #[test]
    fn a_manifest_survives_the_wire() {
        let mut manifest = WorkflowManifest::new("checkin");
        manifest.triggers.push(TriggerSpec::Http("POST".into()));
        manifest.events.push(EventSpec::new("button", [("taps".into(), vec!["double".into()])].into()));
        let written = json!({
            "name": "checkin", "path": "/checkin",
            "triggers": [{"on_http": "POST"}],
            "events": [{"event": "button", "filter": {"taps": ["double"]}}],
        });
        assert_eq!(to_value(&manifest).unwrap(), written);
        assert_eq!(from_value::<WorkflowManifest>(written).unwrap(), manifest);
    }
}
