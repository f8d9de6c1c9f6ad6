//! What can be wrong with the file.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use relay_server::model::{Device, Subscriber};
use relay_server::store::{Store, StoreError, StoreOptions};
use sqlx::Connection;

use crate::{open, raw, with_account};

#[tokio::test]
async fn a_database_is_made_with_its_directory_which_is_private() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a/b/relay.db");
    let options = || {
        let mut options = StoreOptions::new(&path);
        options.create = false;
        options
    };
    let error = Store::open(options()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Missing(missing) if *missing == path), "{error}");
    assert!(!path.parent().unwrap().exists());
    open(&path).await.unwrap().close().await;
    let mode = std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    Store::open(options()).await.unwrap();
}

#[tokio::test]
async fn nobody_else_reads_a_database_wherever_it_is() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
    let store = open(&directory.path().join("relay.db")).await.unwrap();
    store.subscriber_create(&Subscriber::new("sub")).await.unwrap();
    store.backup(&directory.path().join("copy.db")).await.unwrap();
    let files = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap());
    let files: Vec<_> = files.collect();
    assert!(files.len() >= 4, "the database, its log, its lock and the copy: {files:?}");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has {mode:o}", file.file_name());
    }
}

#[tokio::test]
async fn a_database_has_one_server_but_any_number_of_tools() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let server = open(&path).await.unwrap();
    let error = open(&path).await.unwrap_err();
    assert!(matches!(&error, StoreError::InUse(used) if *used == path), "{error}");
    let mut options = StoreOptions::new(&path);
    options.serve = false;
    let tool = Store::open(options).await.unwrap();
    tool.subscriber_create(&Subscriber::new("sub")).await.unwrap();
    assert_eq!(server.subscriber_list().await.unwrap().len(), 1);
    drop(server);
    tool.close().await;
    let again = open(&path).await.unwrap();
    again.close().await;
    open(&path).await.unwrap(); // although the other has not been dropped
}

#[tokio::test]
async fn files_of_others_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let (text, other) = (directory.path().join("letter.txt"), directory.path().join("other.db"));
    std::fs::write(&text, "Dear reader, this is no database, and longer than a hundred bytes. ".repeat(9))
        .unwrap();
    let error = open(&text).await.unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    let mut theirs = raw(&other).await;
    sqlx::query("CREATE TABLE theirs (it)").execute(&mut theirs).await.unwrap();
    theirs.close().await.unwrap();
    let before = std::fs::read(&other).unwrap();
    let error = open(&other).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign(_)), "{error}");
    assert_eq!(std::fs::read(&other).unwrap(), before);
}

#[tokio::test]
async fn damage_is_called_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let sub = with_account(&path).await;
    let mut file = std::fs::read(&path).unwrap();
    file[4096..].fill(0xaa); // all pages but the first
    std::fs::write(&path, file).unwrap();
    let error = match open(&path).await {
        Err(error) => error,
        Ok(store) => store.list::<Device>(&sub).await.unwrap_err(),
    };
    assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
    assert!(error.to_string().contains("restore a backup"));
}

#[tokio::test]
async fn who_is_locked_out_for_too_long_gives_up_and_can_go_on_later() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    let sub = with_account(&path).await;
    let mut options = StoreOptions::new(&path);
    options.patience = Duration::from_millis(20);
    let store = Store::open(options).await.unwrap();
    let mut other = raw(&path).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let device = Device::new("990007560011111", "Bob");
    let error = store.save(&sub, &device).await.unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error}");
    assert_eq!(store.list::<Device>(&sub).await.unwrap(), [], "reading goes on all the while");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    store.save(&sub, &device).await.unwrap();
}

#[tokio::test]
async fn what_may_only_be_read_is_not_written_to() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("relay.db");
    with_account(&path).await;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o500)).unwrap();
    let opened = open(&path).await;
    let powerful = std::fs::File::options().append(true).open(&path).is_ok(); // for root there is no such thing
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    if !powerful {
        assert!(matches!(opened.unwrap_err(), StoreError::ReadOnly | StoreError::File { .. }));
    }
}
