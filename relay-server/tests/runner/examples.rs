//! Every example that says where it listens, as a process of its own, registered by what it says about itself and played
//! through a script.

use relay_engine::Taken;
use relay_protocol::types::{ButtonName, Taps as Tapped};
use relay_server::account::Platform;
use relay_server::model::{Device, DeviceId, Group, PageRequest, Rest, Tag, TriggerFilter, Workflow};
use serde_json::{Value, json};

use self::Step::*;
use crate::process::Example;
use crate::stage::{Stage, Test};

/// Something that happens, or must happen next. First who.
enum Step {
    /// Speaks to the Assistant.
    Asks(&'static str, &'static str),
    /// Speaks to the workflow.
    Says(&'static str, &'static str),
    /// Taps Talk.
    Taps(&'static str),
    TapsTwice(&'static str),
    Holds(&'static str),
    RaisesAlarm(&'static str),
    Scans(&'static str, &'static str),
    /// Somebody calls this workflow over HTTP, for whom.
    Calls(&'static str, &'static str, Value),
    /// Hears a text or a sound.
    Hears(&'static str, &'static str),
    /// Perceives something else: the word of the event.
    Perceives(&'static str, &'static str),
    /// Something happens that is no device's: the word of the event.
    Happens(&'static str),
    /// Lets workflows know where they are.
    TellsWhere(&'static str),
    /// All runs end, as they should.
    Over,
    /// The runs that go on are stopped.
    Stop,
}

const PEOPLE: [&str; 7] = ["Alice", "Bob", "Carol", "Maria", "Guest", "Stage", "Device 3"];

fn id(name: &str) -> DeviceId {
    let n = PEOPLE.iter().position(|person| *person == name).unwrap();
    DeviceId::from(format!("99000756000001{n}"))
}

async fn play(name: &str, args: &[(&str, Value)], script: Vec<Step>) -> Test {
    let mut stage = Stage::with(|config| {
        config.engine.speaking_rate = 500;
        config.engine.sound_length = std::time::Duration::from_millis(100);
    })
    .await?;
    populate(&stage).await?;
    let example = Example::start(name).await?;
    for manifest in &example.manifests {
        for (n, trigger) in manifest.triggers.iter().enumerate() {
            let (id, name) = (format!("wf_{}_{n}", manifest.name), format!("{}-{n}", manifest.name));
            let uri = format!("{}{}", example.uri, manifest.path);
            let mut workflow = Workflow::new(id.as_str(), name, uri, trigger.clone());
            workflow.install_rule = Some("urn:relay-resource:all:device".to_owned());
            let target = &mut workflow.config.trigger.start.workflow;
            target.args.extend(args.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
            stage.save(workflow).await?;
        }
    }
    for step in script {
        take(&mut stage, step).await?;
    }
    Ok(())
}

/// Everybody, their groups and the tags on the walls.
async fn populate(stage: &Stage) -> Test {
    let devices = PEOPLE.map(|name| Device::new(id(name).as_str(), name));
    let group = |name: &str, members: &[&str]| Group {
        id: name.into(),
        name: name.to_owned(),
        members: members.iter().map(|member| id(member).to_string()).collect(),
        rest: Rest::new(),
    };
    let groups = [
        group("Cleaning", &["Bob", "Carol"]),
        group("Engineering", &["Bob", "Carol"]),
        group("Responders", &["Bob", "Carol"]),
        group("Night shift", &["Bob"]),
    ];
    let content = [("category", "checkpoint"), ("label", "the gate"), ("next", "the roof")];
    let tag = Tag {
        id: "tag".into(),
        uid: "04:01".to_owned(),
        counter: 0,
        content: content.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        rest: Rest::new(),
    };
    stage
        .account
        .run(move |platform| -> Result<(), relay_engine::DirectoryError> {
            for known in [crate::stage::ALICE, crate::stage::BOB] {
                platform.remove_device(&known.into());
            }
            devices.iter().try_for_each(|device| platform.save_device(device))?;
            groups.iter().try_for_each(|group| platform.save_group(group))?;
            platform.save_tag(&tag);
            Ok(())
        })
        .await??;
    Ok(())
}

async fn take(stage: &mut Stage, step: Step) -> Test {
    let who = |name: &'static str| id(name).to_string();
    match step {
        Asks(name, text) => drop(act(stage, name, move |e, now, key| e.ask_assistant(now, key, text)).await?),
        Says(name, text) => {
            // Who speaks before the workflow listens is not heard.
            while !matches!(
                act(stage, name, move |e, now, key| e.speak(now, key, text)).await,
                Ok(Taken::Workflow(_))
            ) {
                stage.event(|_| true).await;
            }
        }
        Taps(name) => tap(stage, name, ButtonName::Action, Tapped::Single).await?,
        TapsTwice(name) => tap(stage, name, ButtonName::Action, Tapped::Double).await?,
        Holds(name) => tap(stage, name, ButtonName::Action, Tapped::Long).await?,
        RaisesAlarm(name) => drop(act(stage, name, |e, now, key| e.raise_alarm(now, key)).await?),
        Scans(name, uid) => drop(act(stage, name, move |e, now, key| e.touch_tag(now, key, uid)).await?),
        Calls(name, workflow, args) => {
            let mut invocation = stage.invocation(workflow, None);
            invocation.device = Some(id(name));
            invocation.args = args.as_object().cloned().unwrap_or_default();
            stage.runner.invoke(invocation).await?;
        }
        Hears(name, what) => {
            let device = who(name);
            stage
                .event(|event| {
                    let sound = |key: &str| event.data[key] == what;
                    event.what == "sound_started"
                        && event.device.as_ref() == Some(&device)
                        && (sound("text") || sound("file"))
                })
                .await;
        }
        Perceives(name, what) => {
            let device = who(name);
            stage.event(|event| event.what == what && event.device.as_ref() == Some(&device)).await;
        }
        Happens(what) => drop(stage.event(|event| event.what == what).await),
        TellsWhere(name) => {
            let tells = move |platform: &mut Platform<'_>| {
                let key = platform.ids.devices.key(&id(name)).unwrap();
                platform.engine.set_location_enabled(key, true)
            };
            stage.account.run(tells).await??;
        }
        Over => {
            let (all, page) = (TriggerFilter::default(), PageRequest::default());
            for row in stage.store.trigger_list(&stage.subscriber, &all, &page).await?.items {
                assert_eq!(stage.outcome(&row.id).await?, ("completed".into(), String::new()));
            }
        }
        Stop => {
            for live in stage.runner.live_instances(&stage.subscriber).await {
                assert!(stage.runner.stop_instance(&stage.subscriber, &live.id, "normal").await?);
            }
        }
    }
    Ok(())
}

async fn tap(stage: &Stage, name: &'static str, button: ButtonName, taps: Tapped) -> Test {
    act(stage, name, move |engine, now, key| engine.tap(now, key, button, taps)).await.map(drop)
}

async fn act(
    stage: &Stage,
    name: &'static str,
    act: impl FnOnce(
        &mut relay_engine::Engine,
        relay_protocol::session::Timestamp,
        relay_engine::DeviceKey,
    ) -> Result<Taken, relay_engine::DeviceError>
    + Send
    + 'static,
) -> Test<Taken> {
    let done = stage.account.run(move |platform| {
        let key = platform.ids.devices.key(&id(name)).unwrap();
        act(platform.engine, platform.now, key)
    });
    Ok(done.await??)
}

/// `name: [steps]`, or `name(variables of the registration): [steps]`.
macro_rules! scripts {
    ($($name:ident $(($($key:ident = $value:literal),*))? : [$($step:expr),* $(,)?];)*) => {
        const PLAYED: &[&str] = &[$(stringify!($name)),*];
        $(
        #[tokio::test]
        async fn $name() -> Test {
            play(stringify!($name), &[$($((stringify!($key), json!($value))),*)?], vec![$($step),*]).await
        }
        )*
    };
}

/// The guide's programs, a server to be measured, and one that does not say where it listens.
const LEFT_OUT: [&str; 3] = ["guide", "bench_target", "hello_standalone"];

#[test]
fn no_example_is_forgotten() -> Test {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "rs") && !LEFT_OUT.contains(&name) {
            assert!(PLAYED.contains(&name), "{name} has no script");
        }
    }
    Ok(())
}

scripts! {
    alert: [
        Asks("Alice", "clean up room 213"), Hears("Bob", "Cleanup needed in room 213"), Taps("Bob"),
        Hears("Carol", "Bob cleans room 213"), Over,
    ];
    analytics: [
        Asks("Alice", "done 213"), Hears("Alice", "Was it a deep clean?"), Says("Alice", "yes"),
        Hears("Alice", "Thank you"), Over,
    ];
    audio: [Asks("Alice", "music"), Hears("Alice", "relay-static://emergency"), Hears("Alice", "tune.wav"), Over];
    broadcast: [Asks("Alice", "tell everyone lunch is ready"), Hears("Bob", "lunch is ready"), Over];
    buttons: [
        Asks("Alice", "coffee"), Perceives("Alice", "ring"), Hears("Alice", "Tap for each coffee"),
        Taps("Alice"), Hears("Alice", "1"), Holds("Alice"), Hears("Alice", "1 coffees"), Over,
    ];
    call: [
        Asks("Alice", "get me Bob"), Perceives("Bob", "call"), Taps("Bob"), Perceives("Alice", "call"), Stop,
    ];
    coffee_order: [
        Asks("Alice", "order coffee"), Hears("Alice", "Latte or espresso?"), Says("Alice", "latte"),
        Hears("Alice", "The shop does not answer. Please try later"), Over,
    ];
    device_info: [Asks("Alice", "about me"), Hears("Alice", "I am Alice, a relay2 with 100 percent of battery")];
    group: [
        Asks("Alice", "night shift"), Hears("Alice", "Welcome. You are 2 now"), Over,
        Asks("Alice", "night shift"), Hears("Alice", "Good night"), Over,
    ];
    hello_world: [
        Asks("Alice", "hello"), Hears("Alice", "What is your name?"), Says("Alice", "Bob"),
        Hears("Alice", "Hello Bob"), Over,
    ];
    http_trigger: [
        Calls("Alice", "ready_0", json!({ "table": 7, "dishes": ["soup", "fish"] })),
        Hears("Alice", "Table 7: soup, fish"), Over,
    ];
    incident: [Asks("Alice", "report a spill"), Happens("incident_opened"), Stop];
    interval: [Asks("Alice", "count down"), Perceives("Alice", "channel"), Stop];
    led: [Asks("Alice", "lights"), Perceives("Alice", "ring"), Taps("Alice"), Perceives("Alice", "ring"), Stop];
    listen_menu: [
        Asks("Alice", "breakfast"), Hears("Alice", "Boiled, fried or none? Say it, or tap that many times"),
        Says("Alice", "Boiled"), Hears("Alice", "Your eggs need 4 minutes"), Over,
    ];
    location: [Asks("Alice", "where am I"), Hears("Alice", "May I look where you are?"), Stop];
    login: [Asks("Device 3", "log in zoe"), Hears("Device 3", "Welcome, zoe"), Over];
    nfc: [Scans("Alice", "04:01"), Hears("Alice", "This is the gate. Go on to the roof"), Over];
    notify_first_responder: [
        TellsWhere("Alice"), RaisesAlarm("Alice"), Hears("Bob", "Alice has raised the alarm"), Taps("Bob"),
        Perceives("Bob", "channel"), Over,
    ];
    panic_alert: [
        Asks("Alice", "help"), Hears("Bob", "Alice needs help"), Taps("Bob"), Hears("Alice", "Bob is coming"), Over,
    ];
    signals: [
        Asks("Bob", "on duty"), Perceives("Bob", "channel"), Asks("Guest", "bring two towels"),
        Hears("Bob", "Tap to bring two towels"), Taps("Bob"), Hears("Guest", "Bob is on the way"),
    ];
    timers: [Asks("Alice", "tea"), Hears("Alice", "I will call you in four minutes"), Taps("Alice"), Over];
    transcribe: [
        Asks("Alice", "write this down"), Hears("Alice", "Hold Talk and speak. Tap twice when you are done"),
        Says("Alice", "the tap drips"), Hears("Alice", "the tap drips"), TapsTwice("Alice"),
        Hears("Alice", "1 sentences"), Over,
    ];
    translate: [Asks("Alice", "tell Maria room 213 is free"), Hears("Maria", "[es-ES] room 213 is free"), Over];
    variables(greeting = "Good morning"): [Asks("Alice", "shift"), Hears("Alice", "Good morning"), Over];
    vibrate: [Calls("Alice", "curtain_0", json!({})), Perceives("Stage", "vibration"), Taps("Stage"), Over];
}
