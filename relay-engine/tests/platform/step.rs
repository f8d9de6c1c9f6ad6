//! What may happen.

use std::time::Duration;

use proptest::prelude::*;
use relay_engine::{Channel, Fault};
use relay_protocol::types::{
    ButtonName, DeviceInfoField, DeviceInfoQuery, DeviceMode, GroupQueryType, LedEffect, NotificationType,
    Taps, TimerType,
};
use relay_protocol::urn::{DeviceUrn, GroupUrn, InteractionUrn};
use relay_protocol::{Request, Urn, request};

/// One thing that happens. Numbers choose among what there is.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Ask {
        run: usize,
        target: Vec<Urn>,
        request: Request,
    },
    /// What a workflow asks about something that it was told of.
    Refer {
        run: usize,
        about: About,
    },
    Garbage {
        run: usize,
        frame: &'static str,
    },
    Disconnect {
        run: usize,
    },
    Stop {
        run: usize,
    },
    Invoke {
        device: usize,
    },
    Schedule,
    CloseIncident {
        resolved: bool,
    },
    /// Somebody outside of any run alerts everybody, or tells them something.
    Announce {
        alert: bool,
    },
    /// Takes back what was announced last.
    TakeBack,
    Inject {
        request: Option<&'static str>,
        fault: Fault,
    },
    Person {
        device: usize,
        does: Deed,
    },
    Wait {
        time: Duration,
    },
}

#[derive(Debug, Clone)]
pub(crate) enum About {
    Answer,
    HangUp,
    Resolve,
}

/// What a person or the hardware does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Online(bool),
    DoNotDisturb(bool),
    Turn(Channel),
    Tap(ButtonName, Taps),
    /// With the finger: down, or up.
    Button(ButtonName, bool),
    Speak(&'static str),
    AskAssistant(&'static str),
    Alarm,
    Call(&'static str),
    Battery(u8, bool),
    Move(f64),
    Position(bool),
    Tag,
    Message,
    Rename(&'static str),
    Remove,
}

pub(crate) const DEVICES: [&str; 3] = ["Alice", "Bob", "Carol"];
const INTERACTIONS: [&str; 2] = ["x", "y z"];

fn device() -> impl Strategy<Value = DeviceUrn> {
    prop::sample::select(DEVICES.to_vec()).prop_map(|name| DeviceUrn::name(name).unwrap())
}

fn interaction() -> impl Strategy<Value = Urn> {
    (prop::sample::select(INTERACTIONS.to_vec()), device())
        .prop_map(|(name, device)| InteractionUrn::name(name).unwrap().on(&device).into())
}

fn group() -> impl Strategy<Value = Urn> {
    Just(GroupUrn::name("Team").unwrap().into())
}

/// A request to one of the interactions, whether or not it is open.
fn on_interactions() -> impl Strategy<Value = (Vec<Urn>, Request)> {
    let request = prop_oneof![
        4 => Just(request::Say::new("good morning").into()),
        2 => Just(request::Play::new("relay-static://bell").into()),
        1 => Just(request::StopPlayback::new().into()),
        3 => (0..3u64).prop_map(|timeout| request::Listen::new().timeout(timeout).into()),
        1 => Just(request::SetLed::new(LedEffect::Rainbow).into()),
        1 => Just(request::Vibrate::new().pattern([100, 500]).into()),
        2 => Just(request::EndInteraction::new().into()),
    ];
    (prop::collection::vec(interaction(), 0..3), request)
}

fn on_devices() -> impl Strategy<Value = (Vec<Urn>, Request)> {
    let name = prop::sample::select(INTERACTIONS.to_vec());
    let kind = prop::sample::select(NotificationType::ALL.to_vec());
    let one = prop_oneof![
        Just(request::GetDeviceInfo::new(DeviceInfoQuery::Battery).into()),
        Just(request::SetDeviceInfo::new(DeviceInfoField::LocationEnabled, "true").into()),
        Just(request::SetUserProfile::new("somebody").into()),
        Just(request::SetChannel::new("Sales").into()),
        any::<bool>().prop_map(|on| request::SetHomeChannelState::new(on).into()),
        Just(request::InboxCount::new().into()),
        Just(request::PlayInboxMessages::new().into()),
        device().prop_map(|callee| request::Call::new().uri(callee.as_str()).into()),
        Just(request::Register::new().uri("sip:somebody").into()),
        Just(request::SetDeviceMode::new().mode(DeviceMode::Panic).into()),
        any::<bool>().prop_map(|restart| request::DevicePowerOff::new().restart(restart).into()),
    ];
    prop_oneof![
        5 => (device(), name).prop_map(|(device, name)| {
            (vec![Urn::from(device)], request::StartInteraction::new(name).into())
        }),
        4 => (prop_oneof![group(), device().prop_map(Urn::from)], kind).prop_map(|(urn, kind)| {
            let sent = request::Notification::new(kind, "news").text("lunch").originator(Urn::server());
            (vec![urn], sent.into())
        }),
        6 => (device(), one).prop_map(|(device, one)| (vec![Urn::from(device)], one)),
        1 => (device(), group(), any::<bool>()).prop_map(|(device, group, joins)| {
            let request = match joins {
                true => request::AddGroupMembers::new(group).into(),
                false => request::RemoveGroupMembers::new(group).into(),
            };
            (vec![Urn::from(device)], request)
        }),
    ]
}

fn on_nothing() -> impl Strategy<Value = (Vec<Urn>, Request)> {
    let request = prop_oneof![
        Just(request::StartTimer::new().timeout(1).into()),
        Just(request::StopTimer::new().into()),
        (0..2usize, any::<bool>()).prop_map(|(name, again)| {
            let kind = if again { TimerType::Interval } else { TimerType::Timeout };
            request::SetTimer::new(INTERACTIONS[name]).kind(kind).timeout(1).into()
        }),
        (0..2usize).prop_map(|name| request::ClearTimer::new(INTERACTIONS[name]).into()),
        Just(request::SetVar::new("a", "b").into()),
        Just(request::GetVar::new("a").into()),
        Just(request::UnsetVar::new("a").into()),
        Just(request::Translate::new("hello").into()),
        Just(request::LogAnalyticsEvent::new("hello").into()),
        Just(request::Sms::new("hello", "tel:1").into()),
        group().prop_map(|group| request::GroupQuery::new(GroupQueryType::ListMembers, group).into()),
        Just(request::CreateGroup::new("Team").into()),
        group().prop_map(|group| request::DeleteGroup::new(group).into()),
        device().prop_map(|device| request::CreateIncident::new("spill", device).into()),
        Just(request::Terminate::new().into()),
    ];
    request.prop_map(|request| (Vec::new(), request))
}

fn deed() -> impl Strategy<Value = Deed> {
    let button = prop::sample::select(ButtonName::ALL.to_vec());
    let taps = prop::sample::select(Taps::ALL.to_vec());
    let channel = prop_oneof![
        Just(Channel::Assistant),
        Just(Channel::Talk("Sales".into())),
        prop::sample::select(INTERACTIONS.to_vec()).prop_map(|name| Channel::Interaction(name.into())),
    ];
    prop_oneof![
        3 => any::<bool>().prop_map(Deed::Online),
        1 => any::<bool>().prop_map(Deed::DoNotDisturb),
        2 => channel.prop_map(Deed::Turn),
        8 => (button.clone(), taps).prop_map(|(button, taps)| Deed::Tap(button, taps)),
        4 => (button, any::<bool>()).prop_map(|(button, down)| Deed::Button(button, down)),
        3 => prop::sample::select(vec!["hello", "yes"]).prop_map(Deed::Speak),
        6 => prop::sample::select(vec!["hello there", "goodbye", "call Bob", "what?"]).prop_map(Deed::AskAssistant),
        1 => Just(Deed::Alarm),
        2 => prop::sample::select(vec!["Alice", "Bob", "sip:somebody", "nobody"]).prop_map(Deed::Call),
        1 => (0..100u8, any::<bool>()).prop_map(|(level, charging)| Deed::Battery(level, charging)),
        1 => (0..2u8).prop_map(|there| Deed::Move(there.into())),
        1 => any::<bool>().prop_map(Deed::Position),
        1 => Just(Deed::Tag),
        1 => Just(Deed::Message),
        1 => prop::sample::select(DEVICES.to_vec()).prop_map(Deed::Rename),
        1 => Just(Deed::Remove),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        (0..2000u64).prop_map(|millis| Fault::Delay(Duration::from_millis(millis))),
        Just(Fault::Drop),
        Just(Fault::Reorder),
        Just(Fault::Refuse("no luck".into())),
        (0..3u32).prop_map(Fault::Progress),
        Just(Fault::Disconnect),
        Just(Fault::CodePoints),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let run = || 0..5usize;
    let asked = prop_oneof![5 => on_interactions(), 5 => on_devices(), 4 => on_nothing()];
    let about = prop_oneof![Just(About::Answer), Just(About::HangUp), Just(About::Resolve)];
    let named = prop::option::of(prop::sample::select(vec!["say", "start_interaction", "terminate"]));
    let garbage =
        vec!["", "{", "[]", "{\"_id\":\"1\"}", "{\"_id\":\"g\",\"_type\":\"wf_api_dance_request\"}"];
    prop_oneof![
        40 => (run(), asked).prop_map(|(run, (target, request))| Step::Ask { run, target, request }),
        3 => (run(), about).prop_map(|(run, about)| Step::Refer { run, about }),
        1 => (run(), prop::sample::select(garbage)).prop_map(|(run, frame)| Step::Garbage { run, frame }),
        1 => run().prop_map(|run| Step::Disconnect { run }),
        1 => run().prop_map(|run| Step::Stop { run }),
        2 => (0..4usize).prop_map(|device| Step::Invoke { device }),
        1 => Just(Step::Schedule),
        1 => any::<bool>().prop_map(|resolved| Step::CloseIncident { resolved }),
        2 => any::<bool>().prop_map(|alert| Step::Announce { alert }),
        1 => Just(Step::TakeBack),
        2 => (named, fault()).prop_map(|(request, fault)| Step::Inject { request, fault }),
        25 => (0..DEVICES.len(), deed()).prop_map(|(device, does)| Step::Person { device, does }),
        12 => (0..2000u64).prop_map(|millis| Step::Wait { time: Duration::from_millis(millis) }),
        1 => Just(Step::Wait { time: Duration::from_secs(40) }),
    ]
}
