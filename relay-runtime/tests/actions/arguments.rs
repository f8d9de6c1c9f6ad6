//! What is wrong before it is sent, and answers that make no sense.

use std::time::Duration;

use relay_protocol::response;
use relay_runtime::urn::{DeviceUrn, InteractionUrn};
use relay_runtime::{Cause, Result, Target, Vibration};
use serde_json::json;

use crate::engine::{Relay, session};
use crate::row::{Row, failure};
use crate::tables::{alice, alice_urn, cleaning, device};

/// The argument that an action was refused for.
fn argument<T>(result: Result<T>) -> (&'static str, String) {
    match failure(result).cause {
        Cause::BadArgument { argument, why } => (argument, why),
        other => panic!("not a bad argument: {other}"),
    }
}

#[tokio::test]
async fn what_relay_could_not_do_is_not_sent() {
    let (cx, mut engine) = session().await;
    let nobody = Target::with_status(&InteractionUrn::name("hello").unwrap(), "".into());
    let long = "x".repeat(1001);

    for (refused, expected) in [
        (argument(alice(&cx).vibrate(Vibration::new()).await), "pattern"),
        (argument(alice(&cx).vibrate(Vibration::new().pause(Duration::from_secs(1))).await), "pattern"),
        (argument(cx.interactions([]).say("hello").await), "target"),
        (argument(cx.interactions([]).leds().off().await), "target"),
        (argument(cx.broadcast(nobody.clone(), "hello").await), "target"),
        (argument(cx.start_interactions(nobody, "hello").await), "target"),
        (argument(cleaning(&cx).add(Vec::<DeviceUrn>::new()).await), "target"),
        (argument(cx.start_interaction(alice_urn(), "").await), "name"),
        (argument(cx.start_interactions([alice_urn()], "").await), "name"),
        (argument(cx.alert(alice_urn(), "hello").name("").await), "name"),
        (argument(cx.create_group("").await), "name"),
        (argument(device(&cx).set_name("").await), "name"),
        (argument(cx.analytics().message(&*long).await), "content"),
        (argument(cx.analytics().event("room", &json!({ "text": long })).await), "content"),
        (argument(cx.analytics().message("hello").category("x".repeat(51)).await), "category"),
        (argument(cx.analytics().event("room", &213).await), "parameters"),
        (argument(cx.analytics().set_defaults(&[213])), "parameters"),
        (argument(cx.vars().set("text", "x".repeat(1 << 20)).await), "value"),
        (argument(cx.vars().set_json("text", &[(vec![1], 2)].into_iter().collect::<Map>()).await), "value"),
        (argument(alice(&cx).menu::<()>("Well?").await), "choices"),
    ] {
        assert_eq!(refused.0, expected, "{}", refused.1);
    }

    // Nothing of it went out: this is the first request that the engine sees.
    let (result, _) =
        tokio::join!(device(&cx).set_name("Lobby"), engine.answer(response::SetDeviceInfo::new()));
    result.unwrap();
}

/// Its keys cannot be those of a JSON object.
type Map = std::collections::BTreeMap<Vec<u8>, u8>;

#[tokio::test]
async fn a_bad_argument_says_how_to_put_it_right() {
    let (cx, _engine) = session().await;
    let error = cx.analytics().message("hello").category("x".repeat(63)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`log_analytics_event` in session 1: not sent: bad `category`: it has 63 characters, 50 are allowed: \
         shorten it"
    );
}

#[tokio::test]
async fn the_device_of_an_interaction_on_nobody_knows_which_device_cannot_be_a_member() {
    let (cx, _engine) = session().await;
    let hello = cx.interaction(InteractionUrn::name("hello").unwrap());
    assert_eq!(argument(cleaning(&cx).is_member(&hello).await).0, "device");
}

#[tokio::test]
async fn answers_that_lack_what_was_asked_for_are_errors() {
    let mut relay = Relay::start().await;
    let info = response::GetDeviceInfo::new;
    let group = response::GroupQuery::new;
    for (row, missing) in [
        (Row::new(|cx| device(cx).name(), json!(null), info()), "name"),
        (Row::new(|cx| device(cx).battery(), json!(null), info()), "battery"),
        (Row::new(|cx| device(cx).coordinates(), json!(null), info().latlong([1.0])), "pair of coordinates"),
        (Row::new(|cx| cleaning(cx).is_member(alice_urn()), json!(null), group()), "is_member"),
    ] {
        let (cx, mut engine) = relay.session().await;
        let (result, _) = tokio::join!(row.call(&cx), engine.answer(row.answer.clone()));
        assert_eq!(result.unwrap_err().cause, Cause::BadAnswer(missing));
    }
}

#[tokio::test]
async fn variables_that_do_not_parse_say_which_and_why() {
    let mut relay = Relay::start().await;
    let value = |value: &str| response::GetVar::new().value(value);
    for (row, why) in [
        (Row::new(|cx| cx.vars().get::<u8>("n"), json!(null), value("x")), "invalid digit found in string"),
        (Row::new(|cx| cx.vars().get_or("n", 1), json!(null), value("x")), "invalid digit found in string"),
        (
            Row::new(|cx| cx.vars().get_list::<u8>("n"), json!(null), value("1,x")),
            "invalid digit found in string",
        ),
        (
            Row::new(|cx| cx.vars().get_json::<u8>("n"), json!(null), value("x")),
            "expected value at line 1 column 1",
        ),
    ] {
        let (cx, mut engine) = relay.session().await;
        let (result, _) = tokio::join!(row.call(&cx), engine.answer(row.answer.clone()));
        let expected = format!("the variable `n` has a value that does not parse: {why}");
        assert_eq!(result.unwrap_err().cause, Cause::BadValue(expected));
    }
}

#[tokio::test]
async fn the_longest_times_do_no_harm() {
    let (cx, mut engine) = session().await;
    let hello = alice(&cx);
    let (heard, ()) = tokio::join!(hello.listen().timeout(Duration::MAX).within(Duration::MAX), async {
        let request = engine.request().await;
        assert_eq!(request.frame["timeout"], (1_u64 << 53) - 1);
        engine.refuse(&request, "timeout").await;
    });
    assert!(heard.is_err());
}

#[tokio::test]
async fn notifications_without_a_name_get_one_each() {
    let (cx, mut engine) = session().await;
    let mut names = Vec::new();
    for _ in 0..2 {
        let (_, request) =
            tokio::join!(cx.broadcast(alice_urn(), "hello"), engine.answer(response::Notification::new()));
        names.push(request.frame["name"].as_str().unwrap().to_owned());
    }
    assert!(!names[0].is_empty() && names[0] != names[1], "{names:?}");
}
