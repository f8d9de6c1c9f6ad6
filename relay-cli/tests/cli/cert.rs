//! `relay cert`.

use rcgen::{CertificateParams, KeyPair};
use snapbox::str;

use crate::doctor::{Behaviour, Chain, Peer};
use crate::relay::Relay;

#[test]
fn a_development_certificate_is_trusted_with_its_authority() {
    let relay = Relay::new();
    relay.run("cert dev").success().stdout_eq(str![[r#"
authority    [CONFIG]/dev-certs/ca.pem (new)
certificate  [CONFIG]/dev-certs/cert.pem (new)
key          [CONFIG]/dev-certs/key.pem (new)

"#]]).stderr_eq(str![[r#"

Serve workflows with it:
  export RELAY_TLS_CERT='[CONFIG]/dev-certs/cert.pem'
  export RELAY_TLS_KEY='[CONFIG]/dev-certs/key.pem'
Trust it, where that is wanted:
  this command       --ca '[CONFIG]/dev-certs/ca.pem', or RELAY_CA_CERT
  your Relay server  --extra-ca '[CONFIG]/dev-certs/ca.pem'
  Debian, Ubuntu     sudo cp '[CONFIG]/dev-certs/ca.pem' /usr/local/share/ca-certificates/relay-dev.crt && sudo update-ca-certificates
  Fedora             sudo trust anchor '[CONFIG]/dev-certs/ca.pem'
Relay's cloud trusts public authorities only.

"#]]);
    let chain = Chain::from_files(&relay.read("dev-certs/cert.pem"), &relay.read("dev-certs/key.pem"));
    let peer = Peer::start(Some(chain), Behaviour::Workflow);
    relay.command("doctor --ca dev-certs/ca.pem").arg(peer.uri()).assert().success();
    relay
        .run("cert check dev-certs/cert.pem --key dev-certs/key.pem --ca dev-certs/ca.pem --name localhost")
        .success();
}

#[test]
fn it_is_made_once_and_again_when_a_name_is_missing() {
    let relay = Relay::new();
    relay.run("cert dev --dir here").success();
    let (ca, cert) = (relay.read("here/ca.pem"), relay.read("here/cert.pem"));
    relay.run("cert dev --dir here").success().stdout_eq(str![[r#"
authority    [CONFIG]/here/ca.pem (as it was)
certificate  [CONFIG]/here/cert.pem (as it was)
key          [CONFIG]/here/key.pem (as it was)

"#]]);
    assert_eq!(relay.read("here/cert.pem"), cert);
    relay.run("cert dev --dir here laptop.local --json").success().stdout_eq(str![[r#"
{
  "ca": "[CONFIG]/here/ca.pem",
  "cert": "[CONFIG]/here/cert.pem",
  "key": "[CONFIG]/here/key.pem",
  "made": {
    "ca": false,
    "cert": true
  }
}

"#]]);
    assert_ne!(relay.read("here/cert.pem"), cert);
    assert_eq!(relay.read("here/ca.pem"), ca);
    relay.run("cert check here/cert.pem --ca here/ca.pem --name laptop.local").success();
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_keys() {
    use std::os::unix::fs::PermissionsExt;
    let relay = Relay::new();
    relay.run("cert dev").success();
    for file in ["ca-key.pem", "key.pem"] {
        let mode = std::fs::metadata(relay.path("dev-certs").join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_certificate_is_described_and_judged() {
    let relay = Relay::new();
    let pem = Chain::elsewhere().pem();
    relay.write("cert.pem", &pem);
    relay.run("cert check cert.pem --name workflows.example").code(6).stdout_eq(str![[r#"
cert.pem
✓ file          1 certificate
                1. "Test Leaf", signed by "Test Root"; for relay.example,
                10.0.0.1; 2020-01-01 to 2999-01-01 ([N] days left)
✗ trust         it was signed by "Test Root", which was not sent and which
                nobody knows
                next:  if that is an intermediate, serve the whole chain
                       (fullchain.pem); if it is an authority of your own, add
                       it: --ca FILE here, --extra-ca FILE for the server
✗               it is not for workflows.example, but for relay.example, 10.0.0.1
                next:  get one for this host, or register the workflow under a
                       name that it is for

"#]]);
}

/// What is said of each line of the report; `ok` if there is nothing to say. What is wrong has a next step.
fn codes(relay: &Relay, line: &str) -> Vec<String> {
    let output = relay.command(&format!("cert check --json {line}")).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let lines = report["sections"][0]["lines"].as_array().unwrap();
    let code = |line: &serde_json::Value| {
        assert!(line["status"] == "ok" || line["next"].is_string(), "no help: {line}");
        line["code"].as_str().unwrap_or("ok").to_owned()
    };
    lines.iter().map(code).collect()
}

#[test]
fn each_wrong_file_is_recognised() {
    let relay = Relay::new();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let request = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let other = KeyPair::generate().unwrap().serialize_pem();
    let pem = certificate.pem();
    let authority = Chain::good().authority;
    let expired = Chain::expired();
    let swapped = format!("{authority}{}", Chain::good().pem());
    std::fs::write(relay.path("cert.der"), certificate.der()).unwrap();
    for (name, text) in [
        ("cut.pem", pem.lines().take(4).collect::<Vec<_>>().join("\n")),
        ("damaged.pem", pem.replacen("MII", "M!!", 1)),
        ("noise.pem", pem.replacen("MII", "AAA", 1)),
        ("page.pem", "<html>Log in to download</html>".to_owned()),
        ("swapped.pem", swapped),
        ("authority.pem", authority),
        ("expired.pem", expired.pem()),
        ("ca.pem", expired.authority),
        ("cert.pem", pem),
        ("key.pem", key.serialize_pem()),
        ("other-key.pem", other),
        ("encrypted.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n".to_owned()),
        ("request.pem", request),
        ("empty.pem", String::new()),
    ] {
        relay.write(name, &text);
    }
    let code = |line: &str| codes(&relay, line).pop().unwrap();
    assert_eq!(code("cert.pem --key key.pem --ca cert.pem"), "ok");
    assert_eq!(code("cert.pem --key other-key.pem"), "other-key");
    assert_eq!(code("cert.pem --key encrypted.pem"), "encrypted-key");
    assert_eq!(code("cert.pem --key cert.pem"), "no-key");
    assert_eq!(code("cert.pem"), "self-signed");
    assert_eq!(code("key.pem"), "swapped");
    assert_eq!(code("request.pem"), "request");
    assert_eq!(code("empty.pem"), "empty");
    assert_eq!(code("cert.der"), "der");
    assert_eq!(code("cut.pem"), "damaged");
    assert_eq!(code("damaged.pem"), "damaged");
    assert_eq!(code("noise.pem"), "unreadable-certificate");
    assert_eq!(code("page.pem"), "empty");
    assert_eq!(code("expired.pem --ca ca.pem"), "expired");
    let all = |line: &str| codes(&relay, line);
    assert!(all("swapped.pem").contains(&"wrong-order".to_owned()), "{:?}", all("swapped.pem"));
    assert!(all("authority.pem").contains(&"authority".to_owned()), "{:?}", all("authority.pem"));
    relay.run("cert check .").code(3).stderr_eq(str![[r#"
error: cannot read .
  cause: Is a directory (os error 21)

"#]]);
    relay.run("cert check gone.pem").code(3).stderr_eq(str![[r#"
error: cannot read gone.pem
  cause: No such file or directory (os error 2)

"#]]);
}
