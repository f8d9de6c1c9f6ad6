//! What people read when a test fails.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

use relay_runtime::extract::{Delivery, FromEvent};
use relay_runtime::prelude::*;
use relay_runtime::testing::{self, Sim, StopReason};
use relay_runtime::workflow;
use relay_runtime::workflow::EventKind;
use relay_runtime::workflow::OnHandlerError;

use crate::workflows::{broken, hello};

/// The message of a test that fails, without the line numbers of this file.
fn message(test: impl Future<Output = ()>) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| testing::run(test))).expect_err("the test fails");
    let text = panic.downcast_ref::<String>().unwrap();
    let lines = text.lines().map(|line| match line.split_once("failures.rs:") {
        Some((before, _)) => format!("{before}failures.rs\n"),
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn another_word_is_heard() {
    let text = message(async {
        let sim = Sim::new().well_behaved().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.expect_say("What is your name?").await;
        alice.speak("Bob").await;
        alice.expect_say("Hello Alice").await;
    });
    assert_eq!(
        text,
        r#"expected Alice to hear "Hello Alice"
  at relay-runtime/tests/testing/failures.rs
but Alice heard "Hello Bob"

what has happened:
  0:00:00.100  Alice  says to the Assistant: "hello"
  0:00:00.100  hello  starts (phrase)
  0:00:00.100  Alice  is on the interaction "hello"
  0:00:00.105  Alice  hears "What is your name?"
  0:00:01.305  Alice  hears no more
  0:00:01.305  Alice  may speak
  0:00:01.405  Alice  says "Bob"
  0:00:01.405  Alice  may not speak any more
  0:00:01.405  Alice  hears "Hello Bob"

who waits, at 0:00:01.405:
  hello: running: hello
  hello: waits for `say` on hello@Alice to be done; it was accepted
  the platform: an event leaves that waited for a moment after a response, in 5ms
"#
    );
}

#[test]
fn nothing_is_heard() {
    let text = message(async {
        let sim = Sim::new().well_behaved().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("goodbye").await;
        alice.expect_say("What is your name?").await;
    });
    assert_eq!(
        text,
        r#"expected Alice to hear "What is your name?"
  at relay-runtime/tests/testing/failures.rs
but a day later that has not come

what has happened:
  0:00:00.100  Alice  says to the Assistant: "goodbye"
  0:00:00.100  Alice  finds that nothing reacts to that

who waits, at 24:00:00.100:
  the platform: waits for nothing but people and workflows
"#
    );
}

#[test]
fn a_handler_waits_for_ever() {
    let text = message(async {
        let sim = Sim::new().well_behaved().workflow(broken);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("wait").await;
        sim.expect_stop(StopReason::Normal).await;
    });
    assert_eq!(
        text,
        r#"expected a workflow to end: normal
  at relay-runtime/tests/testing/failures.rs
but a day later that has not come

what has happened:
  0:00:00.100  Alice   says to the Assistant: "wait"
  0:00:00.100  broken  starts (phrase)
  0:00:00.100  broken  asks set_var name="mood" value="patient"

who waits, at 24:00:00.100:
  broken: running: broken, which waits for no answer of the platform, but for something else
  the platform: waits for nothing but people and workflows
"#
    );
}

#[test]
fn a_handler_panics() {
    let text = message(async {
        let sim = Sim::new().workflow(broken);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("panic").await;
        alice.expect_say("All is well").await;
    });
    assert!(text.contains("but broken failed in `broken`: panicked: the roof is on fire\n"), "{text}");
    assert!(text.contains("  broken  FAILS in `broken`: panicked: the roof is on fire\n"), "{text}");
}

#[test]
fn a_failure_is_no_regular_end() {
    let text = message(async {
        let sim = Sim::new().workflow(broken);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("fail").await;
        sim.expect_stop(StopReason::Normal).await;
    });
    assert!(text.starts_with("expected a workflow to end: normal\n"), "{text}");
    assert!(text.contains("\nbut broken failed in `broken`: out of paper\n"), "{text}");
}

#[test]
fn a_failure_is_never_passed_over() {
    let text = message(async {
        let sim = Sim::new().workflow(broken);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("fail").await;
        sim.until_idle().await;
    });
    assert!(text.starts_with("expected no handler to fail\nbut broken failed"), "{text}");
}

#[relay_runtime::test]
async fn a_failure_may_be_expected() {
    let sim = Sim::new().workflow(broken);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("fail").await;
    sim.expect_failure("out of paper").await;
    sim.expect_stop(StopReason::Normal).await;
}

/// Drops what it holds at the first press, and says so at the second.
#[derive(Default)]
struct Clumsy;

#[workflow]
impl Clumsy {
    #[trigger(phrase = "catch")]
    async fn begin(&self, cx: Context, start: Start<Phrase>) -> Result<()> {
        cx.start_interaction(start.source(), "catch").await.map(drop)
    }

    #[on(button, taps = single)]
    async fn drops(&self) -> Result<()> {
        Err(Error::msg("dropped it"))
    }

    #[on(button, taps = double)]
    async fn owns_up(&self, cx: Context, press: Button) -> Result<()> {
        let Some(device) = cx.interaction_of(&press) else { return Ok(()) };
        device.say("Sorry").await?;
        cx.terminate().await
    }
}

#[relay_runtime::test]
async fn a_workflow_goes_on_after_a_failure_if_the_server_says_so() {
    let sim = Sim::new().on_handler_error(OnHandlerError::Continue).workflow(Clumsy::default);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("catch").await;
    alice.expect_channel("catch").await;
    alice.tap().await;
    sim.expect_failure("dropped it").await;
    alice.double_tap().await;
    alice.expect_say("Sorry").await;
    sim.expect_stop(StopReason::Normal).await;
}

#[relay_runtime::test]
async fn a_workflow_is_stopped_after_a_failure_otherwise() {
    let sim = Sim::new().workflow(Clumsy::default);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("catch").await;
    alice.expect_channel("catch").await;
    alice.tap().await;
    sim.expect_failure("dropped it").await;
    sim.expect_stop(StopReason::Normal).await;
}

#[test]
fn nobody_listens() {
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak("Bob").await;
    });
    assert!(text.starts_with("expected a workflow to listen, so that Alice can say \"Bob\"\n"), "{text}");
}

#[test]
fn silence_is_broken() {
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.expect_silence(std::time::Duration::from_secs(1)).await;
    });
    assert!(text.contains("but Alice heard \"What is your name?\"\n"), "{text}");
}

#[test]
fn a_test_that_waits_for_something_else_ends_too() {
    let text = message(async {
        let sim = Sim::new().workflow(broken);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("wait").await;
        std::future::pending::<()>().await;
    });
    assert!(text.starts_with("the test waits for something that never comes"), "{text}");
    assert!(text.contains("\n  broken: running: broken, which waits for no answer"), "{text}");
}

#[test]
fn mistakes_of_the_test_are_named() {
    let first_line = |test| {
        let text: String = test;
        text.lines().next().unwrap().to_owned()
    };
    let text = message(async { drop(Sim::new().workflow(hello).workflow(hello)) });
    assert_eq!(first_line(text), r#"there are two workflows named "hello""#);
    let text = message(async { drop(Sim::new().args([("a", "b")])) });
    assert_eq!(first_line(text), "this belongs to a workflow: name the workflow first");
    let text = message(async {
        let sim = Sim::new();
        sim.device("Alice");
        drop(sim.workflow(hello));
    });
    assert_eq!(
        first_line(text),
        "the platform is running: workflows and settings come before the first device"
    );
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        sim.invoke("hallo", ()).await;
    });
    assert_eq!(first_line(text), r#"there is no workflow "hallo", only ["hello"]"#);
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        sim.invoke("hello", ()).await;
    });
    assert_eq!(first_line(text), r#"the workflow "hello" has no trigger of the kind: an HTTP"#);
    let panic = catch_unwind(|| drop(Sim::new())).expect_err("no clock");
    let text = panic.downcast_ref::<String>().unwrap();
    assert_eq!(text, "a Sim needs the clock of `#[relay_runtime::test]` or `relay_runtime::testing::run`");
}

#[test]
fn a_difficult_platform_says_how_it_can_be_had_again() {
    let text = message(async {
        let sim = Sim::new().hostile(17).workflow(hello);
        sim.expect_stop(StopReason::Normal).await;
    });
    assert!(text.ends_with("\nthe platform was difficult on purpose: RELAY_SEED=17 repeats it\n"), "{text}");
}

/// A parameter that panics while it is made.
struct Bomb;

impl<E: EventKind> FromEvent<E> for Bomb {
    fn from_event(_: &Delivery<'_, E>) -> relay_runtime::Result<Self> {
        panic!("bang")
    }
}

#[workflow(phrase = "hello")]
async fn bombed(_: Bomb) {}

#[test]
fn parameters_have_the_name_that_metrics_give_them() {
    let text = message(async {
        let sim = Sim::new().workflow(bombed);
        sim.device("Alice").speak_to_assistant("hello").await;
        sim.until_idle().await;
    });
    assert!(text.contains("bombed failed in `parameters`: panicked: bang"), "{text}");
}
