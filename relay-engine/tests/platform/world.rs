//! A driver whose clock jumps, with devices, registrations, and workflows that do as the steps say.

use std::collections::BTreeMap;
use std::time::Duration;

use relay_engine::{
    Absorb, Action, Announcement, Channel, Config, DeviceInfo, DeviceKey, Engine, Fault, Geofence, Install,
    InstanceKey, Load, Location, Message, Mode, NoticeKey, Observation, Reason, Registration, RingOwner,
    Sound, Workflow, WorkflowKey,
};
use relay_protocol::codec::encode_any_request;
use relay_protocol::manifest::TriggerSpec;
use relay_protocol::session::{Timestamp, Transmit};
use relay_protocol::urn::DeviceUrn;
use relay_protocol::{Request, Urn, request};

use crate::manners;
use crate::notices::Notices;
use crate::peer::{Expect, Peer};
use crate::step::{About, DEVICES, Deed, Step};

pub(crate) struct World {
    engine: Engine,
    now: Timestamp,
    peers: BTreeMap<InstanceKey, Peer>,
    hostile: bool,
    http: WorkflowKey,
    timer: WorkflowKey,
    asked: u32,
    /// The same as the engine has.
    faults: Vec<(Option<&'static str>, Fault)>,
    /// What was announced last from outside of any run.
    announced: Option<NoticeKey>,
    notices: Notices,
    done: Vec<String>,
}

impl World {
    pub(crate) fn new(mode: Mode, hostile: Option<u64>) -> Self {
        let mut config = Config::default();
        (config.mode, config.hostile) = (mode, hostile);
        config.session.ping_interval = None;
        config.response_gap = Duration::from_millis(300); // long, to get in between
        config.delivery_batch = 1;
        config.home_channel_timeout = Some(Duration::from_secs(20));
        let mut next = 0;
        let mut engine = Engine::new(config, move || {
            next += 1;
            next
        });
        let team = engine.add_group("Team", "g1").unwrap();
        for name in DEVICES {
            let mut info = DeviceInfo::new(name, format!("id-{name}"));
            info.location_enabled = true;
            let device = engine.add_device(info).unwrap();
            engine.add_member(team, device).unwrap();
        }
        engine.add_geofence("yard", Geofence { centre: (0.0, 0.0), radius: 1000.0 });
        engine.add_position("hall", "door", "Front door");
        engine.add_tag("04a2", BTreeMap::new());
        let mut register = |trigger| {
            let workflow = Workflow::new("any", "wss://example.com/");
            engine.register(Registration { workflow, trigger, install: Install::all() }).unwrap()
        };
        let entry = || "entry".to_owned();
        for trigger in [
            TriggerSpec::Phrases(vec!["hello".into()]),
            TriggerSpec::Button("action_button_single_tap".into()),
            TriggerSpec::Nfc(BTreeMap::new()),
            TriggerSpec::BatteryDischarge(50),
            TriggerSpec::Geofence { geofence_id: "yard".into(), transition: entry() },
            TriggerSpec::Position {
                venue_id: "hall".into(),
                position_id: "door".into(),
                transition: entry(),
            },
            TriggerSpec::IncomingCall(".*".into()),
            TriggerSpec::DeviceEvent("emergency".into()),
        ] {
            register(trigger);
        }
        let http = register(TriggerSpec::Http("POST".into()));
        let timer = register(TriggerSpec::Timer(<_>::default()));
        let workflow = Workflow::new("goodbye", "wss://example.com/").transient(false);
        let workflow = workflow.absorb(Absorb::CallRequest).absorb(Absorb::IncomingCall);
        let trigger = TriggerSpec::Phrases(vec!["goodbye".into()]);
        engine.register(Registration { workflow, trigger, install: Install::all() }).unwrap();
        Self {
            engine,
            now: Timestamp::ZERO,
            peers: BTreeMap::new(),
            hostile: hostile.is_some(),
            http,
            timer,
            asked: 0,
            faults: Vec::new(),
            announced: None,
            notices: Notices::default(),
            done: Vec::new(),
        }
    }

    pub(crate) fn apply(&mut self, step: &Step) {
        let now = self.now;
        match step.clone() {
            Step::Ask { run, target, request } => self.ask(run, &target, request),
            Step::Refer { run, about } => self.refer(run, about),
            Step::Garbage { run, frame } => {
                if let Some(run) = self.run(run) {
                    self.engine.handle_text(now, run, frame);
                }
            }
            Step::Disconnect { run } => {
                if let Some(run) = self.run(run) {
                    self.engine.handle_disconnect(now, run, None);
                }
            }
            Step::Stop { run } => {
                if let Some(run) = self.run(run) {
                    self.engine.stop(now, run, "enough");
                }
            }
            Step::Invoke { device } => {
                let device = DEVICES.get(device).and_then(|name| self.device(name));
                self.engine.invoke(now, self.http, device, <_>::default()).unwrap();
            }
            Step::Schedule => _ = self.engine.fire_schedule(now, self.timer).unwrap(),
            Step::CloseIncident { resolved } => {
                let id = self.engine.incidents().next().map(|(id, _)| id.to_owned());
                let _ = id.map(|id| match resolved {
                    true => self.engine.resolve_incident(now, &id, "done"),
                    false => self.engine.cancel_incident(now, &id, "none"),
                });
            }
            Step::Announce { alert } => {
                let everybody: Vec<_> = self.engine.directory().devices().map(|(key, _)| key).collect();
                let words = Announcement::new("leave the building");
                let announced = match alert {
                    true => self.engine.alert(now, &everybody, words),
                    false => self.engine.broadcast(now, &everybody, words),
                };
                self.announced = Some(announced.unwrap());
            }
            Step::TakeBack => {
                if let Some(announced) = self.announced {
                    self.engine.take_back(now, announced);
                }
            }
            Step::Inject { request, fault } => {
                self.engine.inject(request, fault.clone(), 1);
                self.faults.push((request, fault));
            }
            Step::Person { device, does } => {
                if let Some(device) = self.device(DEVICES[device]) {
                    self.person(device, does);
                }
            }
            Step::Wait { time } => self.wait(time),
        }
        self.pump();
    }

    /// Lets everything come to its end.
    pub(crate) fn finish(mut self) -> (Vec<String>, Load) {
        self.wait(Duration::from_secs(400));
        for (key, peer) in &self.peers {
            if self.engine.instance(*key).is_some_and(|instance| instance.is_running()) {
                peer.at_rest();
            }
        }
        let runs: Vec<_> = self.peers.keys().copied().collect();
        for run in runs {
            self.engine.stop(self.now, run, "over");
        }
        self.pump();
        assert!(self.peers.is_empty(), "not released: {:?}", self.peers);
        let devices: Vec<_> = self.engine.directory().devices().map(|(key, _)| key).collect();
        for device in devices {
            let channel = self.engine.channel(device);
            assert!(!matches!(channel, Some(Channel::Interaction(_))), "still on {channel:?}");
            let owner = self.engine.light(device).map(|light| light.owner);
            assert_ne!(owner, Some(RingOwner::Interaction), "the ring is still a workflow's");
            let _ = self.engine.set_online(self.now, device, false);
        }
        while let Some((due, reason)) = self.engine.poll_timeout() {
            let of_a_run = [Reason::Link, Reason::Gap, Reason::Timer, Reason::Listen, Reason::Held];
            assert!(!of_a_run.contains(&reason), "a deadline is left: {reason:?}");
            self.wait(due - self.now);
        }
        self.notices.at_rest();
        (self.done, self.engine.load())
    }

    fn device(&self, name: &str) -> Option<DeviceKey> {
        self.engine.directory().device_named(name)
    }

    fn run(&self, at: usize) -> Option<InstanceKey> {
        self.peers.keys().copied().cycle().nth(at)
    }

    fn ask(&mut self, run: usize, target: &[Urn], request: Request) {
        let Some(key) = self.run(run) else { return };
        let Some(peer) = self.peers.get_mut(&key).filter(|peer| !peer.stopped) else { return };
        self.asked += 1;
        let id = format!("r{}", self.asked);
        let frame = encode_any_request(&id, target, &request);
        let expect = expect(&mut self.faults, request.name());
        if !matches!(request, Request::Terminate(_)) {
            peer.asks(id, request, expect);
        }
        self.engine.handle_text(self.now, key, &frame);
    }

    fn refer(&mut self, run: usize, about: About) {
        let Some(peer) = self.run(run).and_then(|key| self.peers.get(&key)) else { return };
        let everybody: Vec<Urn> = DEVICES.map(|name| DeviceUrn::name(name).unwrap().into()).into();
        let call = peer.calls().next().map(str::to_owned);
        let incident = peer.incidents().next().map(str::to_owned);
        let device = &everybody[run % everybody.len()..][..1];
        let asked: Option<Request> = match about {
            About::Answer => call.map(|id| request::Answer::new(id).into()),
            About::HangUp => call.map(|id| request::Hangup::new(id).into()),
            About::Resolve => incident.map(|id| request::ResolveIncident::new(id).into()),
        };
        if let Some(asked) = asked {
            let target = if matches!(asked, Request::ResolveIncident(_)) { &[] } else { device };
            self.ask(run, target, asked);
        }
    }

    fn person(&mut self, device: DeviceKey, does: Deed) {
        let (engine, now) = (&mut self.engine, self.now);
        // Whether it can be done now is the engine's to say.
        match does {
            Deed::Online(online) => drop(engine.set_online(now, device, online)),
            Deed::DoNotDisturb(on) => drop(engine.set_do_not_disturb(device, on)),
            Deed::Turn(channel) => drop(engine.turn_to(now, device, channel)),
            Deed::Tap(button, taps) => drop(engine.tap(now, device, button, taps)),
            Deed::Button(button, true) => drop(engine.button_down(now, device, &button)),
            Deed::Button(button, false) => drop(engine.button_up(now, device, &button)),
            Deed::Speak(text) => drop(engine.speak(now, device, text)),
            Deed::AskAssistant(text) => drop(engine.ask_assistant(now, device, text)),
            Deed::Alarm => drop(engine.raise_alarm(now, device)),
            Deed::Call(to) => drop(engine.place_call(now, device, to)),
            Deed::Battery(level, charging) => drop(engine.set_battery(now, device, level, charging)),
            Deed::Move(long) => {
                let location = Location { latlong: Some((0.0, long)), ..Location::default() };
                drop(engine.set_location(now, device, location));
            }
            Deed::Position(there) => {
                drop(engine.set_position(now, device, there.then_some(("hall", "door"))));
            }
            Deed::Tag => drop(engine.touch_tag(now, device, "04a2")),
            Deed::Message => {
                let sound = Sound::File("missed".into());
                drop(engine.leave_message(device, Message::new("Zed", sound, Duration::from_secs(1))));
            }
            Deed::Rename(name) => drop(engine.rename_device(device, name)),
            Deed::Remove => engine.remove_device(now, device),
        }
    }

    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        self.pump();
        while let Some((due, _)) = self.engine.poll_timeout().filter(|(due, _)| *due <= until) {
            self.now = self.now.max(due);
            self.engine.handle_timeout(self.now);
            assert!(self.engine.poll_timeout().is_none_or(|(next, _)| next > self.now), "a deadline stays");
            self.pump();
        }
        self.now = until;
    }

    fn pump(&mut self) {
        while let Some(action) = self.engine.poll_action() {
            self.done.push(format!("{action:?}"));
            match action {
                Action::Dial { instance, .. } => {
                    assert!(self.peers.insert(instance, Peer::default()).is_none(), "dialled twice");
                    self.engine.handle_connected(self.now, instance);
                }
                Action::Transmit { instance, transmit } => {
                    let peer = self.peers.get_mut(&instance).expect("a run that is known");
                    match transmit {
                        Transmit::Text(frame) => {
                            if !self.hostile {
                                manners::check(&frame);
                            }
                            peer.hears(&frame);
                        }
                        _ => self.engine.handle_disconnect(self.now, instance, Some(1000)),
                    }
                }
                Action::Observed(Observation::Notification { notice, what, .. }) => {
                    self.notices.became(notice, &what);
                }
                Action::Release { instance } => drop(self.peers.remove(&instance).expect("released once")),
                _ => {}
            }
        }
    }
}

/// The first planned fault that fits is the one that happens.
fn expect(faults: &mut Vec<(Option<&'static str>, Fault)>, request: &str) -> Expect {
    let fits = |(planned, _): &(Option<&str>, Fault)| planned.is_none_or(|planned| planned == request);
    match faults.iter().position(fits).map(|at| faults.remove(at).1) {
        Some(Fault::Drop) => Expect::Silence,
        Some(Fault::Refuse(_)) => Expect::Refusal,
        _ => Expect::Answer,
    }
}
