//! What people change.

use relay_protocol::manifest::TriggerSpec;
use relay_server::model::{Audio, Device, Group, Kind, Rest, Schedule, Subscriber, SubscriberId, Workflow};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START};

fn workflow(id: &str, name: &str) -> Workflow {
    Workflow::new(id, name, "wss://example.org/hello", TriggerSpec::Http("POST".into()))
}

#[tokio::test]
async fn a_record_is_found_as_it_was_saved() {
    let store = Fixture::new().await;
    let mut greeter = workflow("wf_1", "greeter");
    greeter.rest.insert("theirs".into(), 7.into());
    store.save(&store.sub, &greeter).await.unwrap();
    assert_eq!(store.get::<Workflow>(&store.sub, "wf_1").await.unwrap(), Some(greeter.clone()));
    assert_eq!(store.get::<Workflow>(&store.sub, "wf_2").await.unwrap(), None);
    let store = store.reopen().await;
    assert_eq!(store.list::<Workflow>(&store.sub).await.unwrap(), [greeter]);
}

#[tokio::test]
async fn saving_again_replaces_and_keeps_the_place() {
    let store = Fixture::new().await;
    for id in ["wf_b", "wf_a"] {
        store.save(&store.sub, &workflow(id, id)).await.unwrap();
    }
    store.save(&store.sub, &workflow("wf_b", "renamed")).await.unwrap();
    let names: Vec<_> =
        store.list::<Workflow>(&store.sub).await.unwrap().into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["renamed", "wf_a"]);
}

#[tokio::test]
async fn a_name_belongs_to_one_of_a_kind_in_an_account() {
    let store = Fixture::new().await;
    store.save(&store.sub, &workflow("wf_1", "Bob")).await.unwrap();
    let taken = store.save(&store.sub, &workflow("wf_2", "Bob")).await.unwrap_err();
    assert!(
        matches!(&taken, StoreError::NameTaken { kind: Kind::Workflow, name } if name == "Bob"),
        "{taken}"
    );
    assert_eq!(taken.to_string(), r#"there is another workflow with the name "Bob""#);
    // A device is of another kind, and another account has names of its own.
    store.save(&store.sub, &Device::new("990007560011111", "Bob")).await.unwrap();
    let other = SubscriberId::from("other");
    store.subscriber_create(&Subscriber::new(other.clone())).await.unwrap();
    store.save(&other, &workflow("wf_2", "Bob")).await.unwrap();
    assert_eq!(store.list::<Workflow>(&store.sub).await.unwrap().len(), 1);
    // Whoever gives a name up leaves it to others.
    store.save(&store.sub, &workflow("wf_1", "Rob")).await.unwrap();
    store.save(&store.sub, &workflow("wf_2", "Bob")).await.unwrap();
}

#[tokio::test]
async fn people_may_share_a_name() {
    let store = Fixture::new().await;
    for id in ["USER1", "USER2"] {
        let user = relay_server::model::User { id: id.into(), name: "Bob".into(), rest: Rest::new() };
        store.save(&store.sub, &user).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_belongs_to_an_account_that_does_not_exist() {
    let store = Fixture::new().await;
    let refused = store.save(&SubscriberId::from("nobody"), &workflow("wf_1", "n")).await.unwrap_err();
    assert_eq!(refused.to_string(), r#"there is no subscriber "nobody""#);
}

#[tokio::test]
async fn what_is_deleted_takes_along_what_is_kept_beside_it() {
    let store = Fixture::new().await;
    let id = "wf_1".into();
    store.save(&store.sub, &workflow("wf_1", "n")).await.unwrap();
    let schedule = Schedule { next: Some(START), past: 0 };
    store.schedule_set(&store.sub, &id, Some(schedule)).await.unwrap();
    assert!(store.delete::<Workflow>(&store.sub, "wf_1").await.unwrap());
    assert!(!store.delete::<Workflow>(&store.sub, "wf_1").await.unwrap());
    assert_eq!(store.schedule_get(&store.sub, &id).await.unwrap(), None);
}

#[tokio::test]
async fn a_group_keeps_its_members() {
    let store = Fixture::new().await;
    let members = vec!["990007560011111".into(), "USER1".into()];
    let group = Group { id: "g1".into(), name: "Crew".into(), members, rest: Rest::new() };
    store.save(&store.sub, &group).await.unwrap();
    assert_eq!(store.get::<Group>(&store.sub, "g1").await.unwrap(), Some(group));
}

#[tokio::test]
async fn a_sound_has_its_bytes_beside_it() {
    let store = Fixture::new().await;
    let id = "a1".into();
    let refused = store.audio_put_content(&store.sub, &id, vec![1]).await.unwrap_err();
    assert_eq!(refused.to_string(), r#"there is no audio "a1""#);
    let ding = Audio {
        id: "a1".into(),
        name: "ding".into(),
        format: "wave".into(),
        length_ms: None,
        rest: Rest::new(),
    };
    store.save(&store.sub, &ding).await.unwrap();
    assert_eq!(store.audio_content(&store.sub, &id).await.unwrap(), None);
    for content in [vec![1, 2], vec![3; 100_000]] {
        store.audio_put_content(&store.sub, &id, content.clone()).await.unwrap();
        assert_eq!(store.audio_content(&store.sub, &id).await.unwrap(), Some(content));
    }
    store.delete::<Audio>(&store.sub, "a1").await.unwrap();
    assert_eq!(store.audio_content(&store.sub, &id).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_is_made_once() {
    let store = Fixture::new().await;
    let again = store.subscriber_create(&Subscriber::new("sub")).await.unwrap_err();
    assert_eq!(again.to_string(), r#"there is a subscriber "sub" already"#);
    assert_eq!(store.subscriber_list().await.unwrap(), [Subscriber::new("sub")]);
    assert_eq!(store.subscriber_get(&"nobody".into()).await.unwrap(), None);
}

#[tokio::test]
async fn what_one_write_does_wrong_does_not_concern_its_neighbours() {
    let store = Fixture::new().await;
    store.save(&store.sub, &workflow("wf_0", "taken")).await.unwrap();
    let (good, bad): (Vec<_>, Vec<_>) = (1..=200)
        .map(|n| workflow(&format!("wf_{n}"), &if n % 2 == 0 { "taken".into() } else { format!("n{n}") }))
        .partition(|it| it.name != "taken");
    let save = |it: Workflow| {
        let (store, sub) = (&*store, &store.sub);
        async move { store.save(sub, &it).await }
    };
    let all = good.iter().chain(&bad).cloned().map(save);
    let results = futures_util::future::join_all(all).await;
    assert!(results[..good.len()].iter().all(Result::is_ok));
    assert!(results[good.len()..].iter().all(|it| matches!(it, Err(StoreError::NameTaken { .. }))));
    assert_eq!(store.list::<Workflow>(&store.sub).await.unwrap().len(), good.len() + 1);
    let metrics = store.metrics().await.unwrap();
    assert!(metrics.commits < metrics.writes / 10, "{metrics:?}");
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let store = Fixture::new().await;
    store.ping().await.unwrap();
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));
    assert!(matches!(store.delete::<Workflow>(&store.sub, "wf_1").await, Err(StoreError::Closed)));
}
