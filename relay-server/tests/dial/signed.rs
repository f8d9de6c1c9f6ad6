//! What a dial says of who dials.

use std::time::{SystemTime, UNIX_EPOCH};

use relay_protocol::signature::{Signed, SigningSecret};
use relay_server::dial::{Dialer, DialerConfig, Roots, Target, Trust};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use crate::stand::{PATIENCE, Test, serve, target};

/// The head of the request that a dial of this target sends, where `HOST` is whom it dials.
async fn head(target_of: impl FnOnce(String) -> Target) -> Test<String> {
    let (seen, mut heads) = mpsc::unbounded_channel();
    let address = serve(move |mut tcp| {
        let seen = seen.clone();
        async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && tcp.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
            let _ = seen.send(String::from_utf8_lossy(&head).into_owned());
            let _ = tcp.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
        }
    })
    .await?;
    let dialer = Dialer::new(DialerConfig::new(Trust::load(Roots::Mozilla, &[])?));
    let _ = dialer.dial(&target_of(format!("ws://{address}")), PATIENCE).await;
    Ok(heads.recv().await.ok_or("no request")?)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}: ")))?;
    line.split_once(": ").map(|(_, value)| value)
}

fn signed(head: &str) -> Signed<'_> {
    Signed {
        id: header(head, "webhook-id"),
        timestamp: header(head, "webhook-timestamp"),
        signature: header(head, "webhook-signature"),
    }
}

#[tokio::test]
async fn a_dial_is_signed_by_each_secret_for_its_instance_and_path() -> Test {
    let [old, new, other] = [1, 2, 3].map(|seed| SigningSecret::from_bytes([seed; 32]));
    let (old, new, other) = (old?, new?, other?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for path in ["/hello", "/hello/?site=3&x=%20", "", "?site=3"] {
        let head =
            head(|host| target(&format!("{host}{path}")).for_instance("wfi_1").signed_by([&new, &old]))
                .await?;
        let asked = head.split(' ').nth(1).ok_or("no path")?;
        assert_eq!(header(&head, "webhook-id"), Some("wfi_1"));
        assert_eq!(header(&head, "relay-instance"), Some("wfi_1"));
        for secret in [&old, &new] {
            assert_eq!(signed(&head).verify(std::slice::from_ref(secret), asked, now), Ok(()), "{head}");
        }
        assert!(signed(&head).verify(std::slice::from_ref(&other), asked, now).is_err());
        for secret in [old.reveal(), new.reveal()] {
            assert!(!head.contains(&secret["whsec_".len()..]), "the secret itself stays here");
        }
    }
    Ok(())
}

#[tokio::test]
async fn without_a_secret_there_is_no_signature() -> Test {
    let head = head(|host| target(&host).for_instance("wfi_1")).await?;
    assert_eq!(signed(&head), Signed::default());
    Ok(())
}
