//! What an honest provider proves.

use chrono::{TimeDelta, Utc};
use domain::AuthMethodId;
use oidc::IdTokenFlaw::Expired;
use oidc::{Proven, ProviderError, ProviderSettings, Providers};
use serde_json::json;
use test_support::OpenIdProvider;

use crate::visit::{address, go, id, proofs, providers, sign_in};
use test_support::AtProvider::{Cancel, SignIn};

#[tokio::test]
async fn a_provider_proves_who_someone_is() {
    let provider = OpenIdProvider::start().await;
    provider.set_person("ada", json!({ "email": "ada@acme.example", "email_verified": true, "name": "Ada" })).await;
    provider.set_person("bob", json!({ "email": "bob@acme.example", "email_verified": false })).await;
    provider.set_person("cleo", json!({})).await;
    provider.set_person("dora", json!({ "email": "dora@acme.example", "email_verified": "true" })).await;
    let providers = providers(provider.issuer());
    for (person, email, verified, name) in [
        ("ada", Some("ada@acme.example"), true, Some("Ada")),
        ("bob", Some("bob@acme.example"), false, None),
        ("cleo", None, false, None),
        // A text vouches for nothing.
        ("dora", Some("dora@acme.example"), false, None),
    ] {
        let Proven { identity: proven, name: called } = sign_in(&providers, SignIn(person)).await.unwrap();
        assert_eq!((proven.issuer.as_str(), proven.subject.as_str()), (provider.issuer(), person));
        assert_eq!(
            (address(&proven), proven.email_verified, called.as_ref().map(|name| name.0.as_str())),
            (email, verified, name),
            "{person}"
        );
        assert_eq!(proven.auth_method, id());
    }
}

#[tokio::test]
async fn the_same_subject_comes_back_with_another_address() {
    let provider = OpenIdProvider::start().await;
    let providers = providers(provider.issuer());
    for email in ["ada@acme.example", "ada@elsewhere.example"] {
        provider.set_person("ada", json!({ "email": email, "email_verified": true })).await;
        let proven = sign_in(&providers, SignIn("ada")).await.unwrap().identity;
        assert_eq!((proven.subject.as_str(), address(&proven)), ("ada", Some(email)));
    }
}

#[tokio::test]
async fn going_back_without_signing_in_proves_no_one() {
    let provider = OpenIdProvider::start().await;
    assert_eq!(sign_in(&providers(provider.issuer()), Cancel).await, Err(ProviderError::Declined));
}

#[tokio::test]
async fn a_code_counts_once_and_only_with_the_proofs_of_its_own_sign_in() {
    let provider = OpenIdProvider::start().await;
    provider.set_person("ada", json!({ "email": "ada@acme.example", "email_verified": true })).await;
    let providers = providers(provider.issuer());
    let (mine, other) = (proofs(1), proofs(2));
    let refused = Err(ProviderError::CodeRefused { code: "invalid_grant".to_owned() });

    let callback = go(&providers, &mine, SignIn("ada")).await;
    assert_eq!(providers.finish(&id(), &callback, &other, Utc::now()).await, Err(ProviderError::StateMismatch));
    let mut stateless = callback.clone();
    stateless.state = None;
    assert_eq!(providers.finish(&id(), &stateless, &mine, Utc::now()).await, Err(ProviderError::StateMismatch));
    assert!(providers.finish(&id(), &callback, &mine, Utc::now()).await.is_ok());
    assert_eq!(providers.finish(&id(), &callback, &mine, Utc::now()).await, refused, "a replay");

    let mut injected = go(&providers, &mine, SignIn("ada")).await;
    injected.state = go(&providers, &other, SignIn("ada")).await.state;
    assert_eq!(providers.finish(&id(), &injected, &other, Utc::now()).await, refused, "another sign-in's code, without its verifier");

    let mut forged = go(&providers, &mine, SignIn("ada")).await;
    forged.code = Some("forged".to_owned());
    assert_eq!(providers.finish(&id(), &forged, &mine, Utc::now()).await, refused);

    let late = go(&providers, &mine, SignIn("ada")).await;
    let late = providers.finish(&id(), &late, &mine, Utc::now() + TimeDelta::seconds(601)).await;
    assert_eq!(late, Err(ProviderError::IdToken(Expired)));
}

#[tokio::test]
async fn a_wrong_client_secret_proves_no_one() {
    let provider = OpenIdProvider::start().await;
    provider.set_person("ada", json!({})).await;
    let settings = ProviderSettings::parse("test", "Test", provider.issuer(), OpenIdProvider::CLIENT_ID).unwrap();
    let settings = settings.with_secret("wrong".into()).unwrap();
    let providers = Providers::new(vec![settings], |id| format!("http://127.0.0.1:9/sign-in/callback/{id}")).unwrap();
    let refused = Err(ProviderError::CodeRefused { code: "invalid_client".to_owned() });
    assert_eq!(sign_in(&providers, SignIn("ada")).await, refused);
}

#[tokio::test]
async fn a_provider_that_is_down_takes_no_other_with_it() {
    let (gone, here) = (OpenIdProvider::start().await, OpenIdProvider::start().await);
    here.set_person("ada", json!({})).await;
    let address = gone.issuer().to_owned();
    drop(gone);
    let down = providers(&address);
    let (test, proofs) = (id(), proofs(1));
    let (first, second) = tokio::join!(down.begin(&test, &proofs), down.begin(&test, &proofs));
    for result in [first, second] {
        assert!(matches!(result, Err(ProviderError::Unreachable { .. })), "{result:?}");
    }
    assert!(sign_in(&providers(here.issuer()), SignIn("ada")).await.is_ok());
    assert_eq!(down.begin(&AuthMethodId::parse("nobody").unwrap(), &proofs).await.unwrap_err().code(), "UNKNOWN_PROVIDER");
}
