//! Many at once.

use relay_testkit::{Device, Peer};
use tokio::task::JoinSet;

use crate::stage::{Stage, Test};

const CROWD: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_conversations_at_once() -> Test {
    let stage = Stage::open().await?;
    let mut peers: Vec<Peer> = Vec::new();
    for _ in 0..CROWD {
        peers.push(stage.dial("/hello").await?);
    }
    assert_eq!(stage.handle.sessions(), CROWD);

    let mut conversations = JoinSet::new();
    for (number, mut peer) in peers.into_iter().enumerate() {
        conversations.spawn(async move {
            let name = format!("Device {number}");
            let mut device = Device::named(&name).unwrap().will_say(format!("the one with {name}"));
            peer.start(device.start("hello")).await?;
            let ending = device.converse(&mut peer).await?;
            assert_eq!(device.heard(), ["What is your name?", &format!("Hello the one with {name}")]);
            Ok::<_, relay_testkit::PeerError>(ending)
        });
    }
    while let Some(ended) = conversations.join_next().await {
        assert_eq!(ended??.code(), Some(1000));
    }
    stage.empty().await;
    Ok(())
}
