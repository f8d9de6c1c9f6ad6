//! Each action of the tables against the simulated platform, in each of the ways in which it can end.

use std::collections::BTreeSet;
use std::path::Path;

use relay_protocol::Request;
use relay_runtime::testing::{Fault, Location, Sim};
use relay_runtime::{Cause, Context, RequestError};

use crate::row::{Row, failure};
use crate::tables::{self, CALL, INCIDENT, alice_urn, bob_urn};

/// A platform on which the action can succeed, and a session on it.
async fn scene(row: &Row) -> (Sim, Context) {
    let sim = Sim::new();
    let alice = sim.device_with("Alice", |info| {
        info.location_enabled = true;
        let (address, indoor) = (Some("1 Main St".into()), Some("Kitchen".into()));
        info.location = Location { address, indoor, latlong: Some((35.75, -78.5)) };
    });
    let bob = sim.device("Bob");
    sim.device("Alice B");
    sim.group("Cleaning", [&alice, &bob]);
    let cx = sim.context().await;
    match row.action() {
        "start_interaction" => {}
        "answer" | "hangup" => {
            let call = cx.device(bob_urn()).call(alice_urn()).await.unwrap();
            assert_eq!(call.id(), CALL);
            alice.expect_ringing("Bob").await;
        }
        "resolve_incident" => {
            assert_eq!(cx.device(alice_urn()).create_incident("spill").await.unwrap().id(), INCIDENT);
        }
        _ => {
            let team = cx.start_interactions([alice_urn(), bob_urn()], "hello").await.unwrap();
            assert_eq!(team.len(), 2);
        }
    }
    (sim, cx)
}

/// Calls each action when this happens to its request.
async fn when(fault: Option<Fault>, check: impl Fn(&Row, Result<String, RequestError>)) {
    for row in tables::all() {
        let (sim, cx) = scene(&row).await;
        if let Some(fault) = &fault {
            sim.inject(row.action(), fault.clone());
        }
        check(&row, row.call(&cx).await);
    }
}

fn succeeds(row: &Row, result: Result<String, RequestError>) {
    match result {
        Err(error) if row.sends["field"] == "channel" => {
            let Cause::Refused(why) = error.cause else { panic!("{error}") };
            assert!(why.contains("channel cannot be set"), "{why}"); // that is why it is `danger`
        }
        Err(error) => panic!("{}: {error}", row.sends),
        Ok(_) => {}
    }
}

/// How an action fails, if its error says which it was.
fn cause(row: &Row, result: Result<String, RequestError>) -> Cause {
    let error = result.expect_err(row.action());
    assert_eq!(error.action, row.action());
    error.cause
}

#[relay_runtime::test]
async fn each_action_succeeds() {
    when(None, succeeds).await;
}

#[relay_runtime::test]
async fn each_action_can_be_refused() {
    when(Some(Fault::Refuse("not today".into())), |row, result| {
        assert_eq!(cause(row, result), Cause::Refused("not today".into()));
    })
    .await;
}

#[relay_runtime::test]
async fn each_action_gives_up_by_itself_when_no_answer_comes() {
    when(Some(Fault::Drop), |row, result| {
        let cause = cause(row, result);
        assert!(matches!(cause, Cause::TimedOut { accepted: false, .. }), "{}: {cause}", row.sends);
    })
    .await;
}

#[relay_runtime::test]
async fn each_action_fails_when_the_connection_breaks() {
    when(Some(Fault::Disconnect), |row, result| {
        let cause = cause(row, result);
        assert!(matches!(cause, Cause::Closed(_)), "{}: {cause}", row.sends);
    })
    .await;
}

#[relay_runtime::test]
async fn each_action_is_patient_while_there_is_progress() {
    when(Some(Fault::Progress(3)), succeeds).await;
}

/// The five ways for what is no row: `prepare` makes it on a platform with Alice and Bob, and then `act` asks for it.
async fn five_ways<T>(
    request: &str,
    prepare: impl AsyncFn(&Sim, &Context) -> T,
    act: impl AsyncFn(&Context, T) -> relay_runtime::Result<()>,
) {
    let ending = async |fault: Option<Fault>| {
        let sim = Sim::new();
        sim.device("Alice");
        sim.device("Bob");
        let cx = sim.context().await;
        let prepared = prepare(&sim, &cx).await;
        if let Some(fault) = fault {
            sim.inject(request, fault);
        }
        act(&cx, prepared).await
    };
    ending(None).await.unwrap();
    ending(Some(Fault::Progress(3))).await.unwrap();
    let refused = failure(ending(Some(Fault::Refuse("not today".into()))).await);
    assert_eq!(refused.cause, Cause::Refused("not today".into()));
    let lost = failure(ending(Some(Fault::Drop)).await);
    assert!(matches!(lost.cause, Cause::TimedOut { accepted: false, .. }), "{lost}");
    let broken = failure(ending(Some(Fault::Disconnect)).await);
    assert!(matches!(broken.cause, Cause::Closed(_)), "{broken}");
}

#[relay_runtime::test]
async fn interactions_on_several_devices() {
    let start = async |cx: &Context, ()| {
        let team = cx.start_interactions([alice_urn(), bob_urn()], "hello").await?;
        assert_eq!(team.len(), 2);
        Ok(())
    };
    five_ways("start_interaction", async |_, _| (), start).await;
}

#[relay_runtime::test]
async fn an_alert_that_is_called_back() {
    let alert = async |_: &Sim, cx: &Context| cx.alert([alice_urn(), bob_urn()], "help").await.unwrap();
    five_ways("notification", alert, async |_, alert| alert.cancel().await).await;
    five_ways("notification", alert, async |_, alert| alert.cancel_on(bob_urn()).await).await;
}

#[relay_runtime::test]
async fn speech_that_is_stopped() {
    let speech = async |_: &Sim, cx: &Context| {
        let alice = cx.start_interaction(alice_urn(), "hello").await.unwrap();
        alice.say("a very long story").in_background().await.unwrap()
    };
    five_ways("stop_playback", speech, async |_, speech| speech.stop().await).await;
}

/// It has no response that could refuse it, or report progress.
#[relay_runtime::test]
async fn a_termination_is_confirmed_or_not() {
    let terminate = async |fault: Option<Fault>| {
        let sim = Sim::new();
        let cx = sim.context().await;
        if let Some(fault) = fault {
            sim.inject("terminate", fault);
        }
        cx.terminate().await
    };
    assert!(terminate(None).await.is_ok());
    assert!(matches!(failure(terminate(Some(Fault::Drop)).await).cause, Cause::TimedOut { .. }));
    assert!(matches!(failure(terminate(Some(Fault::Disconnect)).await).cause, Cause::Closed(_)));
}

/// What is asked for by other means than the rows of the tables.
const ELSEWHERE: [&str; 2] = ["terminate", "list_group_members"];

#[test]
fn the_tables_have_every_request() {
    let rows = tables::all();
    let mut known: BTreeSet<&str> = rows.iter().map(Row::action).collect();
    known.extend(ELSEWHERE);
    let missing: Vec<_> = Request::NAMES.iter().filter(|name| !known.contains(*name)).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

/// Looks at the sources, since methods cannot be listed otherwise.
#[test]
fn the_tables_have_every_action() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tables = texts(&tests.join("tests/actions/tables")) + &texts(&tests.join("tests/actions/on_sim.rs"));
    for source in texts(&tests.join("src/context")).split("\n}\n") {
        for item in source.split("    pub fn ").skip(1) {
            let signature = item.split(" {").next().unwrap();
            let brings = signature.rsplit("-> ").next().unwrap();
            if !["Action<", "PlayInbox", "StartInteractions"].iter().any(|action| brings.starts_with(action))
            {
                continue;
            }
            let name = signature.split(['(', '<']).next().unwrap();
            let called = [format!(".{name}("), format!(".{name}::<")];
            assert!(called.iter().any(|called| tables.contains(called)), "no row calls `{name}`");
        }
    }
}

/// All Rust files in a folder, or one.
fn texts(path: &Path) -> String {
    if path.is_file() {
        return std::fs::read_to_string(path).unwrap();
    }
    path.read_dir().unwrap().map(|entry| texts(&entry.unwrap().path())).collect()
}
