//! Runs the tests that stand in the examples, also against platforms that are difficult in a hundred other ways.
#![allow(dead_code, reason = "nobody calls their main")]

#[path = "../buttons.rs"]
mod buttons;
#[path = "../hello_world.rs"]
mod hello_world;
#[path = "../panic_alert.rs"]
mod panic_alert;
#[path = "../signals.rs"]
mod signals;
#[path = "../timers.rs"]
mod timers;

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
