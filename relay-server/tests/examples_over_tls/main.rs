//! The tests of the examples once more, as they stand there, with the server in place of the simulator.
//!
//! What the examples know as `relay_runtime` is this crate: the real one, but for its test kit. So each of their tests plays
//! on a server with a database, which dials the workflows over TLS and runs the devices.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]
#![allow(dead_code, reason = "nobody calls the main of an example")]

extern crate relay_runtime as sdk;
extern crate self as relay_runtime;

pub(crate) use sdk::*;

// In place of the SDK's own.
pub(crate) mod testing;

mod process;

/// One module for each example, and their names.
macro_rules! examples {
    ($($path:literal $name:ident)*) => {
        $(#[path = $path] mod $name;)*
        const EXAMPLES: &[&str] = &[$(stringify!($name)),*];
    };
}

examples! {
    "../../../examples/alert.rs" alert
    "../../../examples/analytics.rs" analytics
    "../../../examples/audio.rs" audio
    "../../../examples/broadcast.rs" broadcast
    "../../../examples/buttons.rs" buttons
    "../../../examples/call.rs" call
    "../../../examples/coffee_order.rs" coffee_order
    "../../../examples/device_info.rs" device_info
    "../../../examples/group.rs" group
    "../../../examples/hello_standalone.rs" hello_standalone
    "../../../examples/hello_world.rs" hello_world
    "../../../examples/http_trigger.rs" http_trigger
    "../../../examples/incident.rs" incident
    "../../../examples/interval.rs" interval
    "../../../examples/led.rs" led
    "../../../examples/listen_menu.rs" listen_menu
    "../../../examples/location.rs" location
    "../../../examples/login.rs" login
    "../../../examples/nfc.rs" nfc
    "../../../examples/notify_first_responder.rs" notify_first_responder
    "../../../examples/panic_alert.rs" panic_alert
    "../../../examples/signals.rs" signals
    "../../../examples/timers.rs" timers
    "../../../examples/transcribe.rs" transcribe
    "../../../examples/translate.rs" translate
    "../../../examples/variables.rs" variables
    "../../../examples/vibrate.rs" vibrate
}

/// The programs of the guide, and a server to be measured.
const NO_EXAMPLES: [&str; 2] = ["guide", "bench_target"];

#[::core::prelude::v1::test]
fn no_example_is_forgotten() -> std::io::Result<()> {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples"))? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "rs") && !NO_EXAMPLES.contains(&name) {
            assert!(EXAMPLES.contains(&name), "{name} is not played on the server");
        }
    }
    Ok(())
}
