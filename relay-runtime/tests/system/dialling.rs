//! Dials that must fail, and what the one who dials is told.

use std::error::Error;

use relay_testkit::{Authority, DialError, Peer, Step, TlsTrouble, Trust};
use tokio::net::TcpListener;

use crate::stage::{AUTHORITY, Stage, Test};

fn refusal(dialled: Result<Peer, DialError>) -> Test<DialError> {
    dialled.err().ok_or_else(|| "the dial should have been refused".into())
}

fn tls_trouble(dialled: Result<Peer, DialError>) -> Test<TlsTrouble> {
    match refusal(dialled)? {
        DialError::Tls { trouble, .. } => Ok(trouble),
        other => Err(other.into()),
    }
}

#[tokio::test]
async fn a_path_that_nobody_registered() -> Test {
    let stage = Stage::open().await?;
    let error = refusal(stage.dial("/helo").await)?;
    assert!(matches!(error, DialError::Refused { status: 404, .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with("the upgrade was refused with HTTP 404: no workflow has the path `/helo`"),
        "{text}"
    );
    stage.empty().await;
    Ok(())
}

#[tokio::test]
async fn a_certificate_from_an_authority_that_the_system_does_not_know() -> Test {
    let stage = Stage::open().await?;
    let trouble = tls_trouble(Peer::dial(&stage.uri("/hello"), &Trust::system()?).await)?;
    assert!(matches!(trouble, TlsTrouble::UnknownIssuer), "{trouble}");
    Ok(())
}

#[tokio::test]
async fn a_certificate_from_another_authority() -> Test {
    let stage = Stage::open().await?;
    let another = Authority::new("Another authority")?.trust()?;
    let trouble = tls_trouble(Peer::dial(&stage.uri("/hello"), &another).await)?;
    assert!(matches!(trouble, TlsTrouble::UnknownIssuer), "{trouble}");
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_has_expired() -> Test {
    let stage = Stage::certified(AUTHORITY.expired_certificate()?).await?;
    let trouble = tls_trouble(stage.dial("/hello").await)?;
    assert!(matches!(trouble, TlsTrouble::Expired), "{trouble}");
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_another_name() -> Test {
    let stage = Stage::certified(AUTHORITY.certificate_for("relay.example")?).await?;
    let trouble = tls_trouble(stage.dial("/hello").await)?;
    assert!(matches!(trouble, TlsTrouble::WrongName), "{trouble}");
    Ok(())
}

#[tokio::test]
async fn every_name_of_this_machine_is_in_the_certificate() -> Test {
    let stage = Stage::open().await?;
    let port = stage.addr.port();
    for host in ["127.0.0.1", "localhost"] {
        let mut peer = Peer::dial(&format!("wss://{host}:{port}/hello"), &AUTHORITY.trust()?).await?;
        peer.close(1000, "").await?;
        peer.closed().await?;
    }
    Ok(())
}

#[tokio::test]
async fn plain_text_to_a_tls_port() -> Test {
    let stage = Stage::open().await?;
    let uri = format!("ws://{}/hello", stage.addr);
    let error = refusal(Peer::dial(&uri, &Trust::nobody()?).await)?;
    assert!(matches!(error, DialError::Refused { status: 400, .. }), "{error}");
    assert!(error.to_string().contains("dial wss://"), "{error}");
    Ok(())
}

#[tokio::test]
async fn nobody_there() -> Test {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let addr = listener.local_addr()?;
    drop(listener);
    let error = refusal(Peer::dial(&format!("wss://{addr}/hello"), &AUTHORITY.trust()?).await)?;
    assert_eq!(error.step(), Some(Step::Tcp), "{error}");
    Ok(())
}

#[tokio::test]
async fn no_uri() -> Test {
    for uri in ["", "hello", "https://localhost/hello", "wss://"] {
        let error = refusal(Peer::dial(uri, &Trust::nobody()?).await)?;
        assert_eq!(error.step(), None, "{error}");
        let _: Box<dyn Error> = error.into();
    }
    Ok(())
}
