//! Variables as a struct.

use std::collections::BTreeMap;

use relay_protocol::response;
use relay_runtime::{Cause, Context, Result};
use serde::Deserialize;

use crate::engine::{Engine, session};
use crate::row::failure;

#[derive(Debug, Deserialize, PartialEq)]
struct Site {
    greeting: String,
    floors: u8,
    desk: Option<String>,
}

/// What becomes of it when Relay has these values.
async fn read(cx: &Context, engine: &mut Engine, values: &[(&str, &str)]) -> Result<Site> {
    let values: BTreeMap<&str, &str> = values.iter().copied().collect();
    let relay = async {
        for _ in 0..3 {
            let request = engine.request().await;
            let name = request.frame["name"].as_str().unwrap();
            let answer = match values.get(name) {
                Some(value) => response::GetVar::new().value(*value),
                None => response::GetVar::new(),
            };
            engine.respond(&request, answer).await;
        }
    };
    tokio::join!(cx.vars().all_as(), relay).0
}

#[tokio::test]
async fn each_field_is_the_variable_of_its_name() {
    let (cx, mut engine) = session().await;
    let site = read(&cx, &mut engine, &[("greeting", "hello"), ("floors", "3")]).await.unwrap();
    assert_eq!(site, Site { greeting: "hello".into(), floors: 3, desk: None });
}

#[tokio::test]
async fn a_variable_that_does_not_fit_is_named_with_the_request() {
    let (cx, mut engine) = session().await;
    let error = failure(read(&cx, &mut engine, &[("greeting", "hello"), ("floors", "many")]).await);
    assert_eq!((error.action, error.session), ("get_var", cx.session()));
    assert!(matches!(&error.cause, Cause::BadValue(why) if why.contains("`floors`")), "{error}");

    let error = failure(read(&cx, &mut engine, &[("floors", "3")]).await);
    assert!(matches!(&error.cause, Cause::BadValue(why) if why.contains("`greeting`")), "{error}");
}

#[tokio::test]
async fn what_is_no_struct_has_no_variables() {
    let (cx, _engine) = session().await;
    let error = failure(cx.vars().all_as::<Vec<String>>().await);
    assert!(matches!(error.cause, Cause::BadArgument { argument: "T", .. }), "{error}");
}
