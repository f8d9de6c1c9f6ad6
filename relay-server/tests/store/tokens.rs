//! Who may call the interface.

use relay_server::model::{Role, Token, TokenHash};

use crate::fixture::{Fixture, START, after};

fn token(id: &str) -> Token {
    Token {
        id: id.into(),
        name: "lobby bell".into(),
        subscriber: Some("sub".into()),
        role: Role::Trigger,
        created_at: START,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        parent: None,
    }
}

#[tokio::test]
async fn a_token_is_found_by_the_hash_of_its_secret() {
    let store = Fixture::new().await;
    store.token_create(&token("t1"), TokenHash([1; 32])).await.unwrap();
    assert_eq!(store.token_find(TokenHash([1; 32])).await.unwrap(), Some(token("t1")));
    assert_eq!(store.token_find(TokenHash([2; 32])).await.unwrap(), None);
    let again = store.token_create(&token("t2"), TokenHash([1; 32])).await.unwrap_err();
    assert_eq!(again.to_string(), r#"there is a token "t2" already"#);
}

#[tokio::test]
async fn a_token_remembers_its_use_and_its_end() {
    let store = Fixture::new().await;
    store.token_create(&token("t1"), TokenHash([1; 32])).await.unwrap();
    let id = "t1".into();
    for seconds in [60, 30] {
        store.token_touch(&id, after(seconds)).await.unwrap();
    }
    for seconds in [90, 120] {
        store.token_revoke(&id, after(seconds)).await.unwrap();
    }
    let expected = Token { last_used_at: Some(after(60)), revoked_at: Some(after(90)), ..token("t1") };
    assert_eq!(store.token_list().await.unwrap(), [expected]);
    let unknown = store.token_revoke(&"t9".into(), START).await.unwrap_err();
    assert_eq!(unknown.to_string(), r#"there is no token "t9""#);
}

#[tokio::test]
async fn what_was_given_for_a_token_ends_with_it() {
    let store = Fixture::new().await;
    let child = Token { parent: Some("t1".into()), ..token("t2") };
    for (token, hash) in [(token("t1"), 1), (child, 2), (token("t3"), 3)] {
        store.token_create(&token, TokenHash([hash; 32])).await.unwrap();
    }
    store.token_revoke(&"t1".into(), after(1)).await.unwrap();
    let revoked = store.token_list().await.unwrap().into_iter().map(|token| token.revoked_at);
    assert_eq!(revoked.collect::<Vec<_>>(), [Some(after(1)), Some(after(1)), None]);
}

#[tokio::test]
async fn whoever_signs_in_again_and_again_keeps_the_newest_tokens_only() {
    let store = Fixture::new().await;
    store.token_create(&token("t0"), TokenHash([0; 32])).await.unwrap();
    for given in 1..=70_u8 {
        // Their order is that in which they were given, not that of their names.
        let id = format!("given {}", 100 - given);
        let child = Token { parent: Some("t0".into()), created_at: after(given.into()), ..token(&id) };
        store.token_create(&child, TokenHash([given; 32])).await.unwrap();
    }
    assert_eq!(store.token_list().await.unwrap().len(), 1 + 64);
    assert_eq!(store.token_find(TokenHash([6; 32])).await.unwrap(), None);
    assert!(store.token_find(TokenHash([7; 32])).await.unwrap().is_some());
    assert!(store.token_find(TokenHash([0; 32])).await.unwrap().is_some());
}
