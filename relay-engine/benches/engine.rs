//! What one event costs on a busy platform: 50,000 devices, 10,000 of them with a live run. The goal is single-digit
//! microseconds, the frames read and written included.

use std::time::Duration;

use divan::Bencher;
use relay_engine::{Action, Config, DeviceInfo, DeviceKey, Engine, InstanceKey, Utterance, Workflow};
use relay_protocol::session::Timestamp;
use relay_protocol::types::{ButtonName, Taps, Trigger, TriggerType};
use relay_protocol::urn::{DeviceUrn, InteractionUrn};
use relay_protocol::{Urn, codec, request};

const DEVICES: usize = 50_000;
const RUNS: usize = 10_000;

fn main() {
    divan::main();
}

struct Platform {
    engine: Engine,
    now: Timestamp,
    runs: Vec<(InstanceKey, DeviceKey, Urn)>,
    turn: usize,
}

impl Platform {
    fn new() -> Self {
        let mut next = 0;
        let mut config = Config::default();
        config.session.ping_interval = None; // the runs would end, for nobody answers here
        let mut engine = Engine::new(config, move || {
            next += 1;
            next
        });
        let devices: Vec<DeviceKey> = (0..DEVICES)
            .map(|n| {
                engine.add_device(DeviceInfo::new(format!("Device {n}"), format!("99{n:013}"))).expect("new")
            })
            .collect();
        let workflow = engine.add_workflow(Workflow::new("bench", "wss://example.com/"));
        let mut platform = Self { engine, now: Timestamp::ZERO, runs: Vec::new(), turn: 0 };
        for run in 0..RUNS {
            let device = DeviceUrn::name(format!("Device {}", run * (DEVICES / RUNS))).expect("a name");
            let urn = InteractionUrn::name("hello").expect("a name").on(&device);
            let trigger = Trigger::new(TriggerType::Http);
            let key = platform.engine.launch(platform.now, workflow, trigger).expect("registered");
            platform.engine.handle_connected(platform.now, key);
            platform.runs.push((key, devices[run * (DEVICES / RUNS)], urn.into()));
            platform.ask("a", key, &[device.into()], &request::StartInteraction::new("hello"));
        }
        platform.pass(Duration::from_millis(10));
        platform
    }

    fn ask<R: relay_protocol::RequestBody>(&mut self, id: &str, run: InstanceKey, to: &[Urn], body: &R) {
        let frame = codec::encode_request(id, to, body);
        self.engine.handle_text(self.now, run, &frame);
    }

    /// Lets time pass, and takes what there is to do.
    fn pass(&mut self, time: Duration) -> usize {
        self.now = self.now + time;
        self.engine.handle_timeout(self.now);
        let mut frames = 0;
        while let Some(action) = self.engine.poll_action() {
            frames += usize::from(matches!(divan::black_box(action), Action::Transmit { .. }));
        }
        frames
    }

    /// The runs in turn, so that none is still in the cache.
    fn next(&mut self) -> (InstanceKey, DeviceKey, Urn) {
        self.turn = (self.turn + 7919) % self.runs.len();
        self.runs[self.turn].clone()
    }
}

#[divan::bench(sample_count = 200, sample_size = 200)]
fn tap(bencher: Bencher<'_, '_>) {
    let mut platform = Platform::new();
    bencher.bench_local(|| {
        let (_, device, _) = platform.next();
        let tapped = platform.engine.tap(platform.now, device, ButtonName::Action, Taps::Single);
        assert!(tapped.is_ok());
        platform.pass(Duration::from_micros(10))
    });
}

/// The request, its response, and both prompt events.
#[divan::bench(sample_count = 200, sample_size = 200)]
fn say(bencher: Bencher<'_, '_>) {
    let mut platform = Platform::new();
    bencher.bench_local(|| {
        let (run, _, urn) = platform.next();
        platform.ask(
            "0123456789abcdef0123456789abcdef",
            run,
            &[urn],
            &request::Say::new("What is your name?"),
        );
        platform.pass(Duration::from_millis(1))
    });
}

/// The request, its response, the answer of the person, and the speech event.
#[divan::bench(sample_count = 200, sample_size = 200)]
fn listen(bencher: Bencher<'_, '_>) {
    let mut platform = Platform::new();
    bencher.bench_local(|| {
        let (run, device, urn) = platform.next();
        platform.ask("0123456789abcdef0123456789abcdef", run, &[urn], &request::Listen::new());
        let heard = platform.engine.speak(platform.now, device, Utterance::from("Bob"));
        assert!(heard.is_ok());
        platform.pass(Duration::from_millis(1))
    });
}

/// A request that takes no target and has no consequences.
#[divan::bench(sample_count = 200, sample_size = 200)]
fn get_var(bencher: Bencher<'_, '_>) {
    let mut platform = Platform::new();
    bencher.bench_local(|| {
        let (run, _, _) = platform.next();
        platform.ask("0123456789abcdef0123456789abcdef", run, &[], &request::GetVar::new("greeting"));
        platform.pass(Duration::from_micros(10))
    });
}
