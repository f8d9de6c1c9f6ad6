//! What becomes of a session when a handler fails is for the program to say.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use relay_protocol::event;
use relay_protocol::request::GetVar;
use relay_protocol::response;
use relay_protocol::types::Taps;
use relay_runtime::prelude::*;
use relay_runtime::server::ServerBuilder;
use relay_runtime::workflow::{AfterError, IntoWorkflow, OnHandlerError};
use relay_testkit::{Device, Peer};

use crate::stage::{AUTHORITY, Test, alice};

/// Fails at the first press, asks at a double one, panics at a triple one.
#[derive(Default)]
struct Clumsy;

#[workflow]
impl Clumsy {
    #[trigger(phrase = "go")]
    async fn begin(&self) {}

    #[on(button, taps = single)]
    async fn fails(&self) -> Result<()> {
        Err(Error::msg("dropped it"))
    }

    #[on(button, taps = double)]
    async fn asks(&self, cx: Context) -> Result<()> {
        cx.vars().get::<String>("name").await.map(drop)
    }

    #[on(button, taps = triple)]
    async fn panics(&self) {
        panic!("as the story wants");
    }
}

async fn serve(builder: ServerBuilder) -> Test<SocketAddr> {
    let listening = builder.bind(([127, 0, 0, 1], 0)).listen().await?;
    let addr = listening.local_addr();
    tokio::spawn(listening.serve_with_shutdown(pending()));
    Ok(addr)
}

/// A session that has begun, and in which a handler has failed.
async fn stumble(addr: SocketAddr) -> Test<Peer> {
    let mut peer = Peer::dial(&format!("ws://{addr}/clumsy"), &AUTHORITY.trust()?).await?;
    let alice: Device = alice();
    peer.start(alice.start("go")).await?;
    peer.emit(event::Button::new("action", Taps::Single)).await?;
    Ok(peer)
}

/// The session is alive: it asks when it should, and takes the answer.
async fn goes_on(peer: &mut Peer) -> Test {
    peer.emit(event::Button::new("action", Taps::Double)).await?;
    let get = peer.expect::<GetVar>().await?;
    peer.answer(&get, response::GetVar::new().value("42")).await?;
    Ok(())
}

#[tokio::test]
async fn the_workflow_is_terminated_unless_something_else_is_said() -> Test {
    let addr = serve(Server::builder().workflow(Clumsy::default)).await?;
    stumble(addr).await?.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_workflow_may_go_on_but_not_after_a_panic() -> Test {
    let addr =
        serve(Server::builder().workflow(Clumsy::default).on_handler_error(OnHandlerError::Continue)).await?;
    let mut peer = stumble(addr).await?;
    goes_on(&mut peer).await?;
    peer.emit(event::Button::new("action", Taps::Triple)).await?;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn nor_when_no_trigger_matches() -> Test {
    let builder = Server::builder().workflow(Clumsy::default);
    let addr = serve(builder.on_handler_error(OnHandlerError::Continue)).await?;
    let mut peer = Peer::dial(&format!("ws://{addr}/clumsy"), &AUTHORITY.trust()?).await?;
    peer.start(alice().start("something else")).await?;
    peer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_workflow_has_its_own_policy_before_that_of_the_server() -> Test {
    let careful = IntoWorkflow::into_workflow(Clumsy::default).on_handler_error(OnHandlerError::Stop);
    let builder = Server::builder().on_handler_error(OnHandlerError::Continue).workflow(careful);
    stumble(serve(builder).await?).await?.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_policy_can_decide_case_by_case() -> Test {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let policy = OnHandlerError::custom({
        let seen = seen.clone();
        move |failed| {
            let mut seen = seen.lock().unwrap_or_else(|error| error.into_inner());
            seen.push(format!("{} {}: {}", failed.workflow, failed.session, failed.error));
            assert!(failed.handler.ends_with("fails"), "{}", failed.handler);
            if seen.len() == 1 { AfterError::Continue } else { AfterError::Stop }
        }
    });
    let addr = serve(Server::builder().workflow(Clumsy::default).on_handler_error(policy)).await?;
    let mut peer = stumble(addr).await?;
    goes_on(&mut peer).await?;
    peer.emit(event::Button::new("action", Taps::Single)).await?;
    peer.finish().await?;
    let seen = seen.lock().unwrap_or_else(|error| error.into_inner());
    assert_eq!(*seen, ["clumsy 1: dropped it", "clumsy 1: dropped it"]);
    Ok(())
}

#[tokio::test]
async fn a_policy_that_panics_stops_its_session() -> Test {
    let policy = OnHandlerError::custom(|_| panic!("as the story wants"));
    let addr = serve(Server::builder().workflow(Clumsy::default).on_handler_error(policy)).await?;
    stumble(addr).await?.finish().await?;
    Ok(())
}
