//! Runs the tests that stand in the examples, also against platforms that are difficult in a hundred other ways.
#![allow(dead_code, reason = "nobody calls their main")]

#[path = "../alert.rs"]
mod alert;
#[path = "../analytics.rs"]
mod analytics;
#[path = "../audio.rs"]
mod audio;
#[path = "../broadcast.rs"]
mod broadcast;
#[path = "../buttons.rs"]
mod buttons;
#[path = "../call.rs"]
mod call;
#[path = "../coffee_order.rs"]
mod coffee_order;
#[path = "../device_info.rs"]
mod device_info;
#[path = "../group.rs"]
mod group;
#[path = "../hello_standalone.rs"]
mod hello_standalone;
#[path = "../hello_world.rs"]
mod hello_world;
#[path = "../http_trigger.rs"]
mod http_trigger;
#[path = "../incident.rs"]
mod incident;
#[path = "../interval.rs"]
mod interval;
#[path = "../led.rs"]
mod led;
#[path = "../listen_menu.rs"]
mod listen_menu;
#[path = "../location.rs"]
mod location;
#[path = "../login.rs"]
mod login;
#[path = "../nfc.rs"]
mod nfc;
#[path = "../notify_first_responder.rs"]
mod notify_first_responder;
#[path = "../panic_alert.rs"]
mod panic_alert;
#[path = "../signals.rs"]
mod signals;
#[path = "../timers.rs"]
mod timers;
#[path = "../transcribe.rs"]
mod transcribe;
#[path = "../translate.rs"]
mod translate;
#[path = "../variables.rs"]
mod variables;
#[path = "../vibrate.rs"]
mod vibrate;

/// Each run of this program is one more, decided by the environment.
#[test]
fn workflows_work_on_a_hundred_difficult_platforms() -> std::io::Result<()> {
    for seed in 0..100 {
        let tests = std::env::current_exe()?;
        let run = std::process::Command::new(tests)
            .args(["tests::", "--quiet"])
            .env("RELAY_SEED", seed.to_string())
            .output()?;
        let output = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "seed {seed}:\n{output}");
        assert!(!output.contains(" 0 passed"), "{output}");
    }
    Ok(())
}
