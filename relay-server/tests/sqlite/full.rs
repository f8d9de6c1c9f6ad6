//! When there is no room.

use relay_server::model::{Audio, AudioId, Device, Rest};
use relay_server::store::{Store, StoreError, StoreOptions};

use crate::with_account;

#[tokio::test]
async fn what_is_too_much_is_refused_and_its_neighbours_are_not() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let sub = with_account(&path).await;
    let mut options = StoreOptions::new(&path);
    options.max_bytes = Some(1 << 20);
    let store = Store::open(options).await.unwrap();
    let ding = Audio {
        id: AudioId::from("a1"),
        name: "ding".into(),
        format: "wave".into(),
        length_ms: None,
        rest: Rest::new(),
    };
    store.save(&sub, &ding).await.unwrap();
    let large = store.audio_put_content(&sub, &ding.id, vec![7; 2 << 20]);
    let devices: Vec<_> = (0..50).map(|n| Device::new(n.to_string(), n.to_string())).collect();
    let small = futures_util::future::join_all(devices.iter().map(|device| store.save(&sub, device)));
    let (large, small) = tokio::join!(large, small);
    assert!(matches!(large, Err(StoreError::Full)), "{large:?}");
    assert!(small.iter().all(Result::is_ok), "{small:?}");
    assert_eq!(store.audio_content(&sub, &ding.id).await.unwrap(), None);
    assert_eq!(store.list::<Device>(&sub).await.unwrap(), devices);
}

#[tokio::test]
async fn room_that_is_made_can_be_used() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let sub = with_account(&path).await;
    let mut options = StoreOptions::new(&path);
    options.max_bytes = Some(1 << 20);
    let store = Store::open(options).await.unwrap();
    let sound = |n: usize| Audio {
        id: AudioId::from(n.to_string()),
        name: n.to_string(),
        format: "wave".into(),
        length_ms: None,
        rest: Rest::new(),
    };
    let mut kept = 0;
    loop {
        store.save(&sub, &sound(kept)).await.unwrap();
        match store.audio_put_content(&sub, &sound(kept).id, vec![7; 100_000]).await {
            Ok(()) => kept += 1,
            Err(StoreError::Full) => break,
            Err(other) => panic!("{other}"),
        }
    }
    assert!((5..10).contains(&kept), "{kept}");
    store.delete::<Audio>(&sub, "0").await.unwrap();
    store.audio_put_content(&sub, &sound(kept).id, vec![7; 100_000]).await.unwrap();
}
