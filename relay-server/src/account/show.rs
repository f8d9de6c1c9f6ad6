//! What people perceive, as JSON for whoever shows it.

use relay_engine::{CallStatus, Channel, Light, NotificationChange, Perception, RingOwner, Sound};
use serde_json::{Value, json};

use super::ids::Ids;

/// What the person at a device perceives: in one word, and the rest.
pub(super) fn perception(ids: &Ids, what: Perception) -> (&'static str, Value) {
    match what {
        Perception::Channel(channel) => ("channel", self::channel(&channel)),
        Perception::SoundStarted { sound, by } => {
            let by = by.and_then(|key| ids.instances.id(key)).map(|id| id.as_str());
            let data = match sound {
                Sound::Speech { text, lang } => json!({ "text": text, "lang": lang.as_str(), "by": by }),
                Sound::File(name) => json!({ "file": name, "by": by }),
                _ => json!({ "by": by }),
            };
            ("sound_started", data)
        }
        Perception::SoundStopped => ("sound_stopped", Value::Null),
        Perception::Ring(light) => ("ring", light.as_ref().map_or(Value::Null, ring)),
        Perception::Vibration(pattern) => ("vibration", json!({ "pattern": pattern })),
        Perception::Call(status) => {
            let data = match status {
                CallStatus::Calling { name } => json!({ "status": "calling", "name": name }),
                CallStatus::Ringing { name } => json!({ "status": "ringing", "name": name }),
                CallStatus::Connected { name } => json!({ "status": "connected", "name": name }),
                CallStatus::Ended { reason } => json!({ "status": "ended", "reason": reason }),
                _ => Value::Null,
            };
            ("call", data)
        }
        Perception::Push { text, push } => ("push", json!({ "text": text, "title": push.title })),
        Perception::Listening(on) => ("listening", json!({ "on": on })),
        _ => ("other", Value::Null),
    }
}

fn channel(channel: &Channel) -> Value {
    match channel {
        Channel::Talk(name) => json!({ "kind": "talk", "name": name }),
        Channel::Assistant => json!({ "kind": "assistant" }),
        Channel::Interaction(name) => json!({ "kind": "interaction", "name": name }),
        _ => Value::Null,
    }
}

fn ring(light: &Light) -> Value {
    let owner = match light.owner {
        RingOwner::Interaction => "interaction",
        RingOwner::Alert => "alert",
        RingOwner::Call => "call",
        _ => "platform",
    };
    let colors: Vec<String> = light.colors.iter().map(ToString::to_string).collect();
    json!({
        "owner": owner,
        "effect": light.effect.as_str(),
        "colors": colors,
        "times": light.times,
        "duration": light.duration,
        "repeat_delay": light.repeat_delay,
        "pattern_repeats": light.pattern_repeats,
    })
}

/// What became of a notification.
pub(super) fn notification(ids: &Ids, name: &str, what: &NotificationChange) -> Value {
    let device = |key| ids.devices.id(key).map(|id| id.as_str());
    match what {
        NotificationChange::Sent { kind, text, recipients } => {
            json!({ "name": name, "change": "sent", "type": kind.as_str(), "text": text, "recipients": recipients })
        }
        NotificationChange::Acknowledged(key) => {
            json!({ "name": name, "change": "acknowledged", "device": device(*key) })
        }
        NotificationChange::Cancelled(key) => {
            json!({ "name": name, "change": "cancelled", "device": device(*key) })
        }
        NotificationChange::TimedOut(key) => {
            json!({ "name": name, "change": "timed_out", "device": device(*key) })
        }
        _ => json!({ "name": name }),
    }
}
