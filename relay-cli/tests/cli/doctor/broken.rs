//! The table: a setup, and the words for what is wrong with it.

use serde_json::{Value, json};

use super::chains::Chain;
use super::peers::{Behaviour, Peer};
use super::{device, registered};
use crate::relay::Relay;
use crate::stub::Stub;

/// The codes of all lines that are worth a word, in order.
fn codes(relay: &Relay, args: &[&str]) -> Vec<String> {
    let output = relay.command("doctor --json").args(args).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let lines = report["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["lines"].as_array().unwrap());
    let told = lines.filter(|line| line["status"] == "fail" || line["status"] == "warn");
    told.map(|line| {
        assert!(line["what"].is_string() && line["next"].is_string(), "no help: {line}");
        format!("{}: {}", line["rung"].as_str().unwrap(), line["code"].as_str().unwrap())
    })
    .collect()
}

/// What is found when this chain is served, and the authority is trusted or not.
fn certificate(chain: Chain, trusted: bool) -> Vec<String> {
    let peer = Peer::start(Some(chain), Behaviour::Workflow);
    let relay = Relay::new();
    let ca = relay.write("ca.pem", &peer.authority());
    let ca = ca.to_str().unwrap();
    let uri = peer.uri();
    let args = ["--ca", ca, uri.as_str()];
    codes(&relay, if trusted { &args } else { &args[2..] })
}

/// What is found of a server without TLS.
fn behaviour(behaviour: Behaviour) -> Vec<String> {
    let peer = Peer::start(None, behaviour);
    let mut codes = codes(&Relay::new(), &[&peer.uri()]);
    assert_eq!(codes.remove(0), "certificate: plain-loopback");
    codes
}

#[test]
fn certificates() {
    for (chain, trusted, expected) in [
        (Chain::good(), true, &["certificate: trusted-here-only"] as &[&str]),
        (Chain::good(), false, &["certificate: private-authority"]),
        (Chain::self_signed(), false, &["certificate: self-signed"]),
        (Chain::self_signed(), true, &["certificate: trusted-here-only"]),
        (Chain::expired(), true, &["certificate: expired"]),
        (Chain::expired(), false, &["certificate: private-authority", "certificate: expired"]),
        (Chain::not_yet(), true, &["certificate: not-yet-valid"]),
        (Chain::elsewhere(), true, &["certificate: wrong-name"]),
        (Chain::without_intermediate(), true, &["certificate: missing-intermediate"]),
        (Chain::leaf_only(), false, &["certificate: unknown-issuer"]),
        (Chain::leaf_only(), true, &["certificate: trusted-here-only"]),
    ] {
        let name = chain.name;
        assert_eq!(certificate(chain, trusted), expected, "{name}, trusted: {trusted}");
    }
}

#[test]
fn answers_to_the_upgrade() {
    for (peer, expected) in [
        (Behaviour::Http(200, "<html>"), "upgrade: not-websocket"),
        (Behaviour::Http(301, ""), "upgrade: redirect"),
        (Behaviour::Http(401, "who are you?"), "upgrade: not-allowed"),
        (Behaviour::Http(403, ""), "upgrade: not-allowed"),
        (Behaviour::Http(404, "no such workflow"), "path: no-such-path"),
        (Behaviour::Http(410, ""), "path: no-such-path"),
        (Behaviour::Http(400, ""), "upgrade: upgrade-lost"),
        (Behaviour::Http(426, ""), "upgrade: upgrade-lost"),
        (Behaviour::Http(500, "oh"), "upgrade: http-error"),
        (Behaviour::Http(502, ""), "upgrade: bad-gateway"),
        (Behaviour::Http(503, "draining"), "upgrade: busy"),
        (Behaviour::HangUp, "upgrade: hangs-up"),
        (Behaviour::Garbage, "upgrade: not-http"),
    ] {
        assert_eq!(behaviour(peer), [expected], "{peer:?}");
    }
}

#[test]
fn answers_to_the_start() {
    for (peer, expected) in [
        (Behaviour::Close(1011, "no trigger matches"), "start: start-rejected"),
        (Behaviour::HangUpOnStart, "start: start-rejected"),
        (Behaviour::Terminate, "start: ended-at-once"),
        (Behaviour::Nonsense, "start: not-relay"),
    ] {
        assert_eq!(behaviour(peer), [expected], "{peer:?}");
    }
    assert_eq!(behaviour(Behaviour::Workflow), [""; 0]);
}

#[test]
fn silence() {
    for (behaviour, encrypted, expected) in [
        (Behaviour::Silent, true, "certificate: silent-tls"),
        (Behaviour::Silent, false, "upgrade: no-answer"),
        (Behaviour::SilentStart, false, "start: silent-start"),
    ] {
        let peer = Peer::start(None, behaviour);
        let uri = if encrypted { peer.uri().replacen("ws:", "wss:", 1) } else { peer.uri() };
        let found = codes(&Relay::new(), &["--timeout", "0.3", &uri]);
        assert_eq!(found.last().unwrap(), expected, "{behaviour:?}");
    }
}

#[test]
fn the_way_there() {
    let relay = Relay::new();
    assert_eq!(codes(&relay, &[&Peer::gone().uri().replacen("ws:", "wss:", 1)]), ["connection: closed-port"]);
    // A label of 64 letters cannot exist, so that nobody is asked for it.
    let nowhere = format!("wss://{}.invalid/hello", "a".repeat(64));
    assert_eq!(codes(&relay, &[&nowhere]), ["name: unknown-host"]);
    for (behaviour, expected) in [
        (Behaviour::Http(400, ""), "certificate: not-tls"),
        (Behaviour::OldTls, "certificate: old-tls"),
        (Behaviour::HangUp, "certificate: tls-closed"),
    ] {
        let peer = Peer::start(None, behaviour);
        assert_eq!(codes(&relay, &[&peer.uri().replacen("ws:", "wss:", 1)]), [expected], "{behaviour:?}");
    }
}

#[cfg(target_os = "linux")] // elsewhere a full queue refuses
#[test]
fn a_port_that_does_not_answer() {
    use std::net::{Ipv4Addr, SocketAddr, TcpStream};
    use std::time::Duration;

    use rustix::net::{AddressFamily, SocketType, bind, getsockname, listen, socket};

    // Nobody takes connections, and there is no room for more than one to wait: the kernel drops the others, as a
    // firewall does.
    let listener = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&listener, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    listen(&listener, 0).unwrap();
    let addr = SocketAddr::try_from(getsockname(&listener).unwrap()).unwrap();
    let connect = || TcpStream::connect_timeout(&addr, Duration::from_millis(300));
    let waiting: Vec<TcpStream> = std::iter::from_fn(|| connect().ok()).collect();
    assert!(!waiting.is_empty());
    let found = codes(&Relay::new(), &["--timeout", "0.5", &format!("wss://{addr}/hello")]);
    assert_eq!(found, ["connection: silent-port"]);
}

#[test]
fn what_the_relay_server_knows() {
    let peer = Peer::start(None, Behaviour::Workflow);
    let uri = peer.uri();
    let found = |relay: &Relay| {
        let mut codes = codes(relay, &["--no-start", &uri]);
        assert_eq!(codes.remove(0), "certificate: plain-loopback");
        codes
    };
    assert_eq!(found(&Relay::near(&Stub::gone())), ["server: unreachable"]);
    assert_eq!(found(&Relay::near(&Stub::start())), ["token: no-token"]);
    assert_eq!(found(&Relay::near(&Stub::start()).token("wrong")), ["token: bad-token"]);

    let server = Stub::start();
    assert_eq!(found(&Relay::of(&server)), ["registration: not-registered"]);
    registered(&server, &format!("{uri}2"), json!(["9900"]));
    assert_eq!(found(&Relay::of(&server)), ["registration: not-registered"]);

    let server = Stub::start();
    registered(&server, &uri, json!([]));
    device(&server, "online");
    assert_eq!(found(&Relay::of(&server)), ["installed: not-installed"]);

    let server = Stub::start();
    registered(&server, &uri, json!(["990007560011111", "8800"]));
    device(&server, "offline");
    assert_eq!(found(&Relay::of(&server)), ["device: offline", "device: unknown-device"]);
}
