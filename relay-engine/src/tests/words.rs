//! What is heard and seen, in words.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use relay_protocol::{Event, Response, Urn, response};

use crate::{CallStatus, Perception, Sound};

/// What a response holds beyond its kind.
pub(super) fn answer(response: Option<Response>) -> String {
    match response {
        Some(Response::Translate(translate)) => format!(" {:?}", translate.text),
        Some(Response::GetVar(get)) => format!(" {:?}", get.value),
        Some(Response::SetVar(set)) => format!(" {}={:?} {}", set.name, set.value, set.kind),
        Some(Response::GroupQuery(query)) => {
            let members = query.member_uris.map(|uris| format!(" {uris:?}"));
            let is_member = query.is_member.map(|is| format!(" {is}"));
            members.or(is_member).unwrap_or_default()
        }
        Some(Response::ListGroupMembers(list)) => format!(" {:?}", list.device_names),
        Some(Response::CreateGroup(create)) => format!(" {}", create.uri),
        Some(Response::CreateIncident(create)) => format!(" {}", create.incident_id),
        Some(Response::Call(call)) => format!(" {}", call.call_id),
        Some(Response::InboxCount(inbox)) => format!(" {}", inbox.count),
        Some(Response::Sms(sms)) => format!(" {}", sms.message_id),
        Some(Response::GetDeviceInfo(get)) => device_info(&get),
        _ => String::new(),
    }
}

fn device_info(get: &response::GetDeviceInfo) -> String {
    let texts = [
        ("name", &get.name),
        ("id", &get.id),
        ("address", &get.address),
        ("location", &get.location),
        ("indoor_location", &get.indoor_location),
        ("username", &get.username),
    ];
    let mut fields: Vec<String> =
        texts.iter().filter_map(|(key, text)| Some(format!(" {key}={}", text.as_ref()?))).collect();
    fields.extend(get.kind.as_ref().map(|kind| format!(" type={kind}")));
    fields.extend(get.battery.map(|battery| format!(" battery={battery}")));
    fields.extend(get.location_enabled.map(|enabled| format!(" location_enabled={enabled}")));
    fields.extend(get.latlong.as_ref().map(|latlong| format!(" latlong={latlong:?}")));
    fields.concat()
}

/// `hello@Alice` for the interaction hello on Alice.
fn place(urn: Option<&Urn>) -> String {
    let Some(urn) = urn else { return "nowhere".to_string() };
    let device = urn.device().and_then(|device| device.id().map(|id| id.as_str().to_string()));
    format!("{}@{}", urn.interaction_name().unwrap_or_default(), device.unwrap_or_default())
}

pub(super) fn happened(event: &Event) -> String {
    match event {
        Event::Start(start) => format!("start {}", start.trigger.kind),
        Event::Stop(stop) => format!("stop {}", stop.reason),
        Event::InteractionLifecycle(event) => {
            let reason = event.reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
            format!("{} {}{reason}", event.kind, place(Some(&event.source_uri)))
        }
        Event::Prompt(prompt) => format!("prompt {} {}", prompt.kind, place(prompt.source_uri.as_ref())),
        Event::Button(button) => {
            format!("button {} {} {}", button.button, button.taps, place(button.source_uri.as_ref()))
        }
        Event::Speech(speech) => {
            let audio = speech.audio.as_ref().map(|audio| format!("audio {audio:?}"));
            let text = speech.text.as_ref().map(|text| format!("{text:?}"));
            format!("speech {} {}", text.or(audio).unwrap(), speech.lang)
        }
        Event::Notification(notification) => {
            let state = &notification.notification_state;
            let lists = [
                ("created", &state.created),
                ("acknowledged", &state.acknowledged),
                ("cancelled", &state.cancelled),
                ("timed_out", &state.timed_out),
            ];
            let lists = lists.iter().filter(|(_, names)| !names.is_empty());
            let lists: Vec<String> =
                lists.map(|(what, names)| format!(" {what}={}", names.join(","))).collect();
            let device = notification.source_uri.as_ref().and_then(|urn| urn.device()).unwrap();
            let device = device.id().unwrap().as_str().to_string();
            format!("{} {} {device}{}", notification.event, notification.name, lists.concat())
        }
        Event::CallStartRequest(call) => format!("call_start_request {}", call.uri),
        Event::CallReceived(call) => format!("call_received {} {}", call.direction, call.device_name),
        Event::CallRinging(call) => format!("call_ringing {} {}", call.direction, call.device_name),
        Event::CallProgressing(call) => format!("call_progressing {} {}", call.direction, call.device_name),
        Event::CallConnected(call) => format!("call_connected {} {}", call.direction, call.device_name),
        Event::CallDisconnected(call) => {
            format!("call_disconnected {} {} {}", call.direction, call.device_name, call.reason)
        }
        Event::CallFailed(call) => {
            format!("call_failed {} {} {}", call.direction, call.device_name, call.reason)
        }
        Event::PlayInboxMessage(played) => format!("play_inbox_message {}", played.action),
        Event::Incident(incident) => {
            format!("incident {} {} {:?}", incident.kind, incident.incident_id, incident.reason)
        }
        Event::Sms(sms) => format!("sms {} {}", sms.id, sms.event.as_ref().unwrap().as_str().unwrap()),
        Event::Timer(_) => "timer".to_string(),
        Event::TimerFired(timer) => format!("timer_fired {}", timer.name),
        event => format!("{event:?}"),
    }
}

pub(super) fn perceived(what: &Perception) -> String {
    match what {
        Perception::SoundStarted { sound: Sound::Speech { text, .. }, .. } => format!("hears {text:?}"),
        Perception::SoundStarted { sound: Sound::File(name), .. } => format!("hears {name}"),
        Perception::SoundStopped => "hears no more".to_string(),
        Perception::Call(CallStatus::Calling { name }) => format!("calls {name}"),
        Perception::Call(CallStatus::Ringing { name }) => format!("is called by {name}"),
        Perception::Call(CallStatus::Connected { name }) => format!("talks to {name}"),
        Perception::Call(CallStatus::Ended { reason }) => format!("call over: {reason}"),
        Perception::Push { text, push } => {
            let title = push.title.as_deref().map(|title| format!("{title}: ")).unwrap_or_default();
            format!("sees {title}{text}")
        }
        Perception::Listening(true) => "may speak".to_string(),
        Perception::Listening(false) => "may not speak".to_string(),
        Perception::Vibration(pattern) => format!("feels {pattern:?}"),
        Perception::Ring(None) => "ring off".to_string(),
        Perception::Ring(Some(light)) => format!("ring {} {:?}", light.effect, light.colors[0]),
        Perception::Channel(channel) => format!("on {channel:?}"),
    }
}
