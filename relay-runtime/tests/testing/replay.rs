//! Sessions that are run again.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use relay_protocol::transcript::{Side, What};
use relay_runtime::prelude::*;
use relay_runtime::testing::{self, Sim, StopReason, Transcript, replay};

use crate::workflows::{broken, hello, nap};

async fn greeted() -> Transcript {
    let sim = Sim::new().workflow(hello);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("hello").await;
    alice.expect_say("What is your name?").await;
    alice.speak("Bob").await;
    alice.expect_say("Hello Bob").await;
    sim.expect_stop(StopReason::Normal).await;
    sim.until_idle().await;
    sim.transcripts().remove(0)
}

/// The message of a test that fails.
fn message(test: impl Future<Output = ()>) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| testing::run(test))).expect_err("the test fails");
    *panic.downcast::<String>().unwrap()
}

#[relay_runtime::test]
async fn a_session_is_written_down() {
    let transcript = greeted().await;
    assert_eq!((&*transcript.head.workflow, &*transcript.head.session), ("hello", "1"));
    assert_eq!(transcript.frames(Side::Workflow).count(), 6, "{transcript}");
    assert_eq!(transcript.ended(), Some("stopped (normal)"));
}

#[relay_runtime::test]
async fn the_same_workflow_does_the_same() {
    let seen = greeted().await;
    let again = replay(hello, &seen).await;
    again.assert_same();
    assert_eq!(again.transcript().ended(), Some("stopped (normal)"));
    // At the same times, too.
    let times = |transcript: &Transcript| -> Vec<Duration> {
        transcript.frames(Side::Workflow).map(|(at, _)| at).collect()
    };
    assert_eq!(times(again.transcript()), times(&seen));
    replay(hello, &again.transcript().tidied()).await.assert_same();
}

#[relay_runtime::test]
async fn a_session_with_timers_is_run_again_in_no_time() {
    let sim = Sim::new().workflow(nap);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("wake me").await;
    alice.expect_say("Good morning").await;
    sim.expect_stop(StopReason::Normal).await;
    let seen = sim.transcripts().remove(0);
    replay(nap, &seen).await.assert_same();
}

#[relay_runtime::test]
async fn a_redacted_session_can_be_run_again() {
    let seen = greeted().await.redacted();
    let again = replay(hello, &seen).await;
    again.assert_same();
    assert!(again.transcript().to_string().contains("Hello xxx"), "{}", again.transcript());
}

#[test]
fn what_is_done_differently_is_shown() {
    let text = message(async {
        let sim = Sim::new().well_behaved().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.speak("Bob").await;
        alice.expect_say("What is your name?").await;
        alice.expect_say("Hello Bob").await;
        sim.expect_stop(StopReason::Normal).await;
        let transcript = sim.transcripts().remove(0).to_string();
        let other: Transcript = transcript.replace("What is your name?", "Who are you?").parse().unwrap();
        replay(hello, &other).await.assert_same();
    });
    assert_eq!(
        text.split_once("engine    prompt").unwrap().0,
        r#"the workflow does something else than in the transcript

  0:00:00.000  engine    start trigger={"args":{"phrase":"hello","source_uri":"Alice"},"type":"phrase"}
  0:00:00.000  workflow  start_interaction on Alice name="hello"
  0:00:00.005  engine    interaction_lifecycle source_uri="hello@Alice" type="started"
- 0:00:00.005  workflow  say on hello@Alice lang="en-US" text="Who are you?"
+ 0:00:00.005  workflow  say on hello@Alice lang="en-US" text="What is your name?"
  0:00:00.005  engine    interaction_lifecycle source_uri="hello@Alice" type="resumed"
  0:00:00.010  "#
    );
    assert!(text.contains(r#"text="Hello Bob""#), "it has gone on: {text}");
}

/// As hello, with a change of every kind: something new, something else, something slower.
#[workflow(phrase = "hello")]
async fn hello_2(cx: Context, start: Start<Phrase>) -> Result<()> {
    cx.vars().set("greeted", "soon").await?;
    let alice = cx.start_interaction(start.source(), "hello").await?;
    alice.say("One moment").await?;
    let _ = tokio::time::timeout(secs(10), std::future::pending::<()>()).await;
    let heard = alice.listen().timeout(secs(30)).await?;
    alice.say(format!("Hello {heard}")).await
}

#[relay_runtime::test]
async fn a_workflow_that_has_changed_is_played_with_as_far_as_possible() {
    let again = replay(hello_2, &greeted().await).await;
    again.assert_no_failure();
    assert_eq!(again.transcript().ended(), Some("stopped (normal)"));
    let changes: Vec<String> =
        again.to_string().lines().filter(|line| !line.starts_with(' ')).map(str::to_owned).collect();
    let [new, old_say, new_say] = &*changes else { panic!("{again}") };
    assert!(new.starts_with("+ ") && new.contains("set_var"), "{new}");
    assert!(old_say.starts_with("- ") && old_say.contains("What is your name?"), "{old_say}");
    assert!(new_say.starts_with("+ ") && new_say.contains("One moment"), "{new_say}");
}

#[workflow(phrase = "hello")]
async fn silent(cx: Context) -> Result<()> {
    cx.closed().await;
    Ok(())
}

#[relay_runtime::test]
async fn a_workflow_that_does_nothing_any_more_comes_to_an_end_too() {
    let again = replay(silent, &greeted().await).await;
    assert_eq!(again.diff().count(), 6, "{again}");
}

#[relay_runtime::test]
async fn a_failure_is_had_again_until_it_is_mended() {
    let sim = Sim::new().workflow(broken);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("fail").await;
    sim.expect_failure("out of paper").await;
    sim.expect_stop(StopReason::Normal).await;
    let seen = sim.transcripts().remove(0);
    assert!(seen.failures().next().is_some());

    replay(broken, &seen).await.assert_same();
    let text = catch_unwind_in_replay(broken, &seen).await;
    assert!(text.starts_with("the workflow failed in `broken`: out of paper\n"), "{text}");

    #[workflow(phrase = "fail")]
    async fn mended(cx: Context, start: Start<Phrase>) -> Result<()> {
        cx.vars().set("phrase", start.phrase()).await
    }
    let again = replay(mended, &seen).await;
    again.assert_no_failure();
    assert!(again.to_string().contains("\n- "), "{again}");
}

async fn catch_unwind_in_replay<M>(
    workflow: impl relay_runtime::workflow::IntoWorkflow<M>,
    seen: &Transcript,
) -> String {
    let again = replay(workflow, seen).await;
    let panic = catch_unwind(|| again.assert_no_failure()).expect_err("it fails");
    *panic.downcast::<String>().unwrap()
}

#[relay_runtime::test]
async fn a_connection_that_broke_breaks_again() {
    let mut seen = greeted().await;
    let listens = seen.entries.iter().position(|entry| entry.to_string().contains("wf_api_listen_request"));
    seen.entries.truncate(listens.unwrap() + 1);
    let at = seen.entries.last().unwrap().at + Duration::from_secs(3);
    let how = "the connection broke without a stop event";
    seen.entries.push(relay_protocol::transcript::Entry::new(at, What::Ended(how.into())));
    let again = replay(hello, &seen).await;
    assert_eq!(again.transcript().ended(), Some(how));
    let ended = again.transcript().entries.iter().find(|entry| matches!(entry.what, What::Ended(_)));
    assert!(ended.unwrap().at >= at, "{again}");
}

/// Two handlers at once, for two devices.
#[workflow(phrase = "all")]
async fn all(cx: Context) -> Result<()> {
    let greet = async |name: &str| {
        let device = cx.start_interaction(relay_runtime::urn::DeviceUrn::name(name)?, "all").await?;
        device.say(format!("Hello {name}")).await?;
        device.listen().timeout(secs(10)).await?;
        Ok::<_, Error>(())
    };
    let (alice, bob) = tokio::join!(greet("Alice"), greet("Bob"));
    alice.and(bob)
}

#[relay_runtime::test]
async fn handlers_that_run_at_once_may_take_turns() {
    let sim = Sim::new().workflow(all);
    let (alice, bob) = (sim.device("Alice"), sim.device("Bob"));
    alice.speak_to_assistant("all").await;
    bob.speak("good").await;
    alice.speak("fine").await;
    sim.expect_stop(StopReason::Normal).await;
    replay(all, &sim.transcripts()[0]).await.assert_same();
}

#[relay_runtime::test]
async fn a_run_is_as_the_golden_one() {
    let sim = Sim::new().well_behaved().workflow(hello);
    let alice = sim.device("Alice");
    alice.speak_to_assistant("hello").await;
    alice.speak("Bob").await;
    alice.expect_say("What is your name?").await;
    alice.expect_say("Hello Bob").await;
    sim.expect_stop(StopReason::Normal).await;
    sim.assert_golden("tests/testing/golden/hello.jsonl").await;
}

#[relay_runtime::test]
async fn a_golden_transcript_can_be_run_again() {
    replay(hello, &testing::transcript("tests/testing/golden/hello.jsonl")).await.assert_same();
}

#[test]
fn a_run_that_is_not_as_the_golden_one_shows_the_difference() {
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        let alice = sim.device("Alice");
        alice.speak_to_assistant("hello").await;
        alice.speak("Eve").await;
        alice.expect_say("What is your name?").await;
        alice.expect_say("Hello Eve").await;
        sim.expect_stop(StopReason::Normal).await;
        sim.assert_golden("tests/testing/golden/hello.jsonl").await;
    });
    let (first, diff) = text.split_once("\n\n").unwrap();
    assert_eq!(
        first,
        "the workflow does not do any more what stands in tests/testing/golden/hello.jsonl; UPDATE_GOLDEN=1 accepts what \
         it does"
    );
    assert!(diff.contains("\n- ") && diff.contains("text=\"Hello Eve\""), "{text}");
}

#[test]
fn mistakes_with_transcripts_are_named() {
    let text = message(async {
        let sim = Sim::new().workflow(hello);
        sim.assert_golden("tests/testing/golden/hello.jsonl").await;
    });
    assert_eq!(text, "a golden transcript is of one run, and this simulation has seen 0");
    let text = message(async { drop(testing::transcript("Cargo.toml")) });
    assert_eq!(text, "Cargo.toml: not a transcript: it does not begin with `relay_transcript`");
    let text = message(async { drop(testing::transcript("nowhere.jsonl")) });
    assert!(text.starts_with("cannot read the transcript nowhere.jsonl: "), "{text}");
    let panic = catch_unwind(|| drop(replay(hello, &Transcript::default()))).expect_err("no clock");
    let text = panic.downcast::<String>().unwrap();
    assert_eq!(
        *text,
        "a replay needs the clock of `#[relay_runtime::test]` or `relay_runtime::testing::run`"
    );
}
