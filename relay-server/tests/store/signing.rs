//! What proves to workflow servers who dials.

use relay_protocol::signature::SigningSecret;
use relay_server::model::{Retiring, Signing};
use relay_server::store::StoreError;

use crate::fixture::{Fixture, START, after};

fn secret(seed: u8) -> SigningSecret {
    SigningSecret::from_bytes([seed; 32]).unwrap()
}

#[tokio::test]
async fn an_account_gets_one_first_secret() {
    let store = Fixture::new().await;
    assert_eq!(store.signing_get(&store.sub).await.unwrap(), None);
    let first = Signing { current: secret(1), previous: None };
    assert_eq!(store.signing_begin(&store.sub, &secret(1)).await.unwrap(), first);
    assert_eq!(store.signing_begin(&store.sub, &secret(2)).await.unwrap(), first, "somebody was quicker");
    assert_eq!(store.signing_get(&store.sub).await.unwrap(), Some(first));
    let nobody = store.signing_begin(&"none".into(), &secret(1)).await.unwrap_err();
    assert!(matches!(nobody, StoreError::NotFound { .. }), "{nobody}");
}

#[tokio::test]
async fn a_secret_that_is_replaced_signs_on_for_a_while_and_there_is_no_third() {
    let store = Fixture::new().await;
    store.signing_begin(&store.sub, &secret(1)).await.unwrap();
    let both = store.signing_replace(&store.sub, &secret(2), START, after(60)).await.unwrap();
    let previous = Some(Retiring { secret: secret(1), until: after(60) });
    assert_eq!(both, Signing { current: secret(2), previous });
    let sign = |at| both.secrets(at).cloned().collect::<Vec<_>>();
    assert_eq!(sign(after(59)), [secret(2), secret(1)]);
    assert_eq!(sign(after(60)), [secret(2)]);

    let third = store.signing_replace(&store.sub, &secret(3), after(59), after(119)).await.unwrap_err();
    assert!(matches!(third, StoreError::Replaced { until } if until == after(60)), "{third}");
    let later = store.signing_replace(&store.sub, &secret(3), after(60), after(120)).await.unwrap();
    assert_eq!(later.secrets(after(60)).cloned().collect::<Vec<_>>(), [secret(3), secret(2)]);
}
