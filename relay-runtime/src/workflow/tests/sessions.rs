//! What belongs to a session, and when it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use relay_protocol::event;

use super::{Session, phrase};
use crate::workflow::trigger::Trigger;
use crate::workflow::{Filter, IntoWorkflow, Routes, Workflow};
use crate::{Context, Error, Result, workflow};

#[derive(Default)]
struct Counter {
    count: AtomicU32,
}

#[workflow]
impl Counter {
    #[trigger(any)]
    async fn begin(&self) -> Result<()> {
        self.add(1)
    }

    #[on(timer)]
    async fn tick(&self) -> Result<()> {
        self.add(10)
    }

    /// Fails with the count, for the test to see it.
    fn add(&self, n: u32) -> Result<()> {
        Err(Error::msg(self.count.fetch_add(n, Ordering::Relaxed) + n))
    }
}

#[test]
fn the_handlers_of_a_session_share_one_value_and_no_other_session_does() {
    let entry = Counter::default.into_workflow();
    let (one, other) = (Session::of(entry.clone()), Session::of(entry));
    assert_eq!(one.error(phrase("go")).to_string(), "1");
    assert_eq!(one.error(event::Timer::new()).to_string(), "11");
    assert_eq!(other.error(event::Timer::new()).to_string(), "10");
}

#[test]
fn the_value_is_made_by_the_factory() {
    let from = Arc::new(5);
    let session = Session::of(move || Counter { count: AtomicU32::new(*from) });
    assert_eq!(session.error(phrase("go")).to_string(), "6");
}

#[workflow(phrase = "hello")]
async fn hello(cx: Context) -> Result<()> {
    let _ = cx;
    Ok(())
}

#[workflow]
async fn fails() -> std::result::Result<(), std::fmt::Error> {
    Err(std::fmt::Error)
}

#[test]
fn a_story_that_is_told_ends_the_session() {
    // Nobody answers the request to terminate, so that the story waits for ever.
    let (handler, ended) = Session::of(hello).send(phrase("hello")).unwrap();
    assert!(handler == "hello" && ended.is_none());
    let by_hand = Routes::<()>::new("by_hand").story(Trigger::any(), || async {});
    let (_, ended) = Session::of(by_hand).send(phrase("hello")).unwrap();
    assert!(ended.is_none());
}

#[test]
fn a_story_that_fails_leaves_the_end_to_the_session() {
    assert!(Session::of(fails).error(phrase("hello")).downcast_ref::<std::fmt::Error>().is_some());
}

#[test]
fn other_handlers_do_not_end_the_session() {
    let routes = Routes::<()>::new("open").trigger(Trigger::any(), || async {});
    let (_, ended) = Session::of(routes).send(phrase("hello")).unwrap();
    assert!(matches!(ended, Some(Ok(()))));
}

#[tokio::test]
async fn a_story_can_be_told_without_a_server() {
    let cx = Context::detached(crate::extract::States::default());
    hello(cx).await.unwrap();
    fails().await.unwrap_err();
}

struct Turnstile;

impl Workflow for Turnstile {
    fn routes() -> Routes<Self> {
        Routes::new("turnstile").trigger(Trigger::any(), enter).on(Filter::<event::Timer>::new(), enter)
    }
}

/// One fn for several kinds, with the session's value.
async fn enter(this: Arc<Turnstile>, _cx: Context) {
    drop(this);
}

#[test]
fn one_fn_may_handle_several_kinds() {
    let session = Session::of(|| Turnstile);
    assert_eq!(session.handler(phrase("hello")), Some("enter"));
    assert_eq!(session.handler(event::Timer::new()), Some("enter"));
}
