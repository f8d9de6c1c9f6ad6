//! How triggers of each kind are declared.

use relay_protocol::manifest::{Frequency, TimerSpec, TriggerSpec, Weekday};
use relay_protocol::types::{ButtonAction, CallDirection, NfcTagType, Taps, Transition, TriggerArgs};

use super::{
    AnyTrigger, Battery, ButtonTap, CallTrigger, Emergency, Geofence, Http, Nfc, Other, Phrase, Position,
    Schedule, Trigger,
};
use crate::workflow::OneOf;

impl Trigger<AnyTrigger> {
    /// Every start that no other trigger of the workflow takes. It is not registered.
    pub fn any() -> Self {
        Self::new(None)
    }
}

impl Trigger<Phrase> {
    /// One of these phrases was spoken.
    ///
    /// They are compared without regard to case, spaces and punctuation: the platform stores `I'm at the wi-fi` as
    /// `im at the wi fi`, and tells the phrase as it stored it.
    pub fn phrase(phrases: impl Into<OneOf<String>>) -> Self {
        let phrases = phrases.into().0;
        Self::new(TriggerSpec::Phrases(phrases.clone())).when(move |args| {
            let said = args.phrase.as_deref()?;
            Some(phrases.iter().any(|phrase| same_words(phrase, said)))
        })
    }
}

fn same_words(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    letters(a).eq(letters(b))
}

impl Trigger<ButtonTap> {
    /// Talk was tapped. Registered for a single tap, unless [`taps`](Self::taps) says otherwise.
    pub fn button() -> Self {
        Self::new(TriggerSpec::Button(ButtonAction::SingleTap.as_str().to_owned()))
    }

    /// Talk was tapped once, twice or three times.
    #[must_use]
    pub fn taps(mut self, taps: Taps) -> Self {
        let action = ButtonAction::from(format!("action_button_{taps}_tap").as_str());
        self.spec = Some(TriggerSpec::Button(action.as_str().to_owned()));
        self.when(move |args| Some(*args.action.as_ref()? == action))
    }
}

impl Trigger<Http> {
    /// The workflow was called.
    pub fn http() -> Self {
        Self::new(TriggerSpec::Http("POST".to_owned()))
    }
}

impl Trigger<Nfc> {
    /// A tag was touched. Registered for tags of the type `custom`, unless [`kind`](Self::kind) says otherwise.
    pub fn nfc() -> Self {
        Self::new(TriggerSpec::Nfc([("type".to_owned(), "custom".to_owned())].into()))
    }

    /// The tag's `type`.
    #[must_use]
    pub fn kind(self, kind: NfcTagType) -> Self {
        self.content("type", kind.as_str())
    }

    /// The tag's `category`.
    #[must_use]
    pub fn category(self, category: impl Into<String>) -> Self {
        self.content("category", category)
    }

    /// The tag's `label`.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        self.content("label", label)
    }

    /// What the tag's content has under `key`, which its owner chose.
    #[must_use]
    pub fn content(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let (key, value) = (key.into(), value.into());
        if let Some(TriggerSpec::Nfc(content)) = &mut self.spec {
            content.insert(key.clone(), value.clone());
        }
        self.when(move |args| Some(args.nfc_payload.as_ref()?.get(&key)?.as_str()? == value))
    }
}

impl Trigger<Schedule> {
    /// A time came. Registered for once, at once, unless the methods say otherwise: with a
    /// [`start_time`](Self::start_time) for once at that time; with a [`frequency`](Self::frequency), an
    /// [`interval`](Self::interval) or [`days`](Self::days) for again and again, until [`count`](Self::count) or
    /// [`until`](Self::until) ends it, of which the platform wants exactly one.
    pub fn timer() -> Self {
        Self::new(TriggerSpec::Timer(TimerSpec::default()))
    }

    /// The first time, as wall-clock time without a zone: `2027-01-04T08:00:00`.
    #[must_use]
    pub fn start_time(self, start_time: impl Into<String>) -> Self {
        self.timing(|timer| timer.start_time = start_time.into())
    }

    /// The IANA name of the zone that the times are meant in.
    #[must_use]
    pub fn timezone(self, timezone: impl Into<String>) -> Self {
        self.timing(|timer| timer.timezone = Some(timezone.into()))
    }

    /// What is repeated. Default, if anything is: days.
    #[must_use]
    pub fn frequency(self, frequency: Frequency) -> Self {
        self.timing(|timer| timer.frequency = Some(frequency))
    }

    /// Every how many of them. Default: 1.
    #[must_use]
    pub fn interval(self, interval: u64) -> Self {
        self.timing(|timer| timer.interval = Some(interval))
    }

    /// The days of the week on which it may happen. Default: all.
    #[must_use]
    pub fn days(self, days: impl Into<OneOf<Weekday>>) -> Self {
        self.timing(|timer| timer.byweekday = days.into().0)
    }

    /// How many times in all.
    #[must_use]
    pub fn count(self, count: u64) -> Self {
        self.timing(|timer| timer.count = Some(count))
    }

    /// The last possible time, written like the first.
    #[must_use]
    pub fn until(self, until: impl Into<String>) -> Self {
        self.timing(|timer| timer.until = Some(until.into()))
    }

    fn timing(mut self, set: impl FnOnce(&mut TimerSpec)) -> Self {
        if let Some(TriggerSpec::Timer(timer)) = &mut self.spec {
            set(timer);
        }
        self
    }
}

impl Trigger<Battery> {
    /// A battery crossed a level. Registered for sinking to 25 %, unless [`discharge`](Self::discharge) or
    /// [`charge`](Self::charge) says otherwise.
    pub fn battery() -> Self {
        Self::new(TriggerSpec::BatteryDischarge(25)).unless(tells_a_place)
    }

    /// It sank to this level, in percent.
    #[must_use]
    pub fn discharge(mut self, level: u64) -> Self {
        self.spec = Some(TriggerSpec::BatteryDischarge(level));
        self.when(|args| Some(!args.charging?))
    }

    /// It rose to this level, in percent.
    #[must_use]
    pub fn charge(mut self, level: u64) -> Self {
        self.spec = Some(TriggerSpec::BatteryCharge(level));
        self.when(|args| args.charging)
    }
}

impl Trigger<Geofence> {
    /// A device crossed the border of this area. Registered for entering, unless [`transition`](Self::transition) says
    /// otherwise.
    pub fn geofence(geofence_id: impl Into<String>) -> Self {
        let geofence_id = geofence_id.into();
        let transition = Transition::Entry.as_str().to_owned();
        Self::new(TriggerSpec::Geofence { geofence_id: geofence_id.clone(), transition })
            .when(move |args| Some(*args.geofence_id.as_ref()? == geofence_id))
    }

    /// Which way.
    #[must_use]
    pub fn transition(mut self, wanted: Transition) -> Self {
        if let Some(TriggerSpec::Geofence { transition, .. }) = &mut self.spec {
            *transition = wanted.as_str().to_owned();
        }
        self.when(move |args| Some(*args.transition.as_ref()? == wanted))
    }
}

impl Trigger<Position> {
    /// A device came to this place in this building, or left it. Registered for coming, unless
    /// [`transition`](Self::transition) says otherwise.
    pub fn position(venue_id: impl Into<String>, position_id: impl Into<String>) -> Self {
        let (venue_id, position_id) = (venue_id.into(), position_id.into());
        let transition = Transition::Entry.as_str().to_owned();
        Self::new(TriggerSpec::Position {
            venue_id: venue_id.clone(),
            position_id: position_id.clone(),
            transition,
        })
        .unless(tells_a_battery)
        .when(move |args| Some(*args.venue_id.as_ref()? == venue_id))
        .when(move |args| Some(*args.position_id.as_ref()? == position_id))
    }

    /// Which way.
    #[must_use]
    pub fn transition(mut self, wanted: Transition) -> Self {
        if let Some(TriggerSpec::Position { transition, .. }) = &mut self.spec {
            *transition = wanted.as_str().to_owned();
        }
        self.when(move |args| Some(*args.transition.as_ref()? == wanted))
    }
}

// Battery levels and indoor positions arrive under one name, and what is not told counts as fitting. So each of the two
// keeps away from what only the other one is told.

fn tells_a_battery(args: &TriggerArgs) -> bool {
    args.battery.is_some() || args.charging.is_some()
}

fn tells_a_place(args: &TriggerArgs) -> bool {
    args.venue_id.is_some() || args.position_id.is_some() || args.transition.is_some()
}

/// The only pattern of numbers that is known to be registered anywhere.
const ANY_NUMBER: &str = ".*";

impl Trigger<CallTrigger> {
    /// A device calls, or is called. Registered for calling, unless [`direction`](Self::direction) says otherwise.
    pub fn call() -> Self {
        Self::new(TriggerSpec::CallRequest(ANY_NUMBER.to_owned()))
    }

    /// Which of the two.
    #[must_use]
    pub fn direction(mut self, direction: CallDirection) -> Self {
        let number = ANY_NUMBER.to_owned();
        self.spec = Some(match direction {
            CallDirection::Inbound => TriggerSpec::IncomingCall(number),
            _ => TriggerSpec::CallRequest(number),
        });
        self.when(move |args| Some(*args.direction.as_ref()? == direction))
    }
}

impl Trigger<Emergency> {
    /// The alarm was raised.
    pub fn emergency() -> Self {
        Self::new(TriggerSpec::DeviceEvent("emergency".to_owned()))
    }
}

impl Trigger<Other> {
    /// Something happened that the protocol has no word for. It is not registered.
    ///
    /// Battery levels and indoor positions arrive under the same name; a trigger for those takes them first.
    pub fn other() -> Self {
        Self::new(None)
    }
}
