//! A copy of the live database.

use relay_server::model::Device;
use relay_server::store::StoreError;

use crate::{open, with_account};

#[tokio::test]
async fn a_backup_is_whole_while_work_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = (directory.path().join("relay.db"), directory.path().join("copy.db"));
    let sub = with_account(&path).await;
    let store = open(&path).await.unwrap();
    store.save(&sub, &Device::new("990007560011111", "Bob")).await.unwrap();
    let work = async {
        for n in 0..200 {
            store.save(&sub, &Device::new(n.to_string(), n.to_string())).await.unwrap();
        }
    };
    let (copied, ()) = tokio::join!(store.backup(&copy), work);
    copied.unwrap();
    let copied = open(&copy).await.unwrap().list::<Device>(&sub).await.unwrap();
    // What was there before is there, and of what came meanwhile a beginning.
    let all = store.list::<Device>(&sub).await.unwrap();
    assert!(!copied.is_empty());
    assert_eq!(copied, all[..copied.len()]);
}

#[tokio::test]
async fn a_backup_replaces_nothing_and_leaves_nothing_half_done() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    with_account(&path).await;
    let store = open(&path).await.unwrap();
    assert!(matches!(store.backup(&path).await, Err(StoreError::Exists { what: "file", .. })));
    let nowhere = directory.path().join("no such directory/copy.db");
    store.backup(&nowhere).await.unwrap_err();
    // One that was interrupted is in nobody's way.
    let copy = directory.path().join("copy.db");
    std::fs::write(directory.path().join("copy.db.part"), "half of it").unwrap();
    store.backup(&copy).await.unwrap();
    assert!(copy.exists() && !directory.path().join("copy.db.part").exists());
}
