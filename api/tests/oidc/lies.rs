//! Everything that a lying provider, or somebody between, can try: nobody is proven, and the reason is the right one.

use api::oidc::{IdTokenFlaw, ProviderError};
use chrono::Utc;
use serde_json::{Value, json};
use test_support::OpenIdProvider;

use crate::browser::AtProvider::SignIn;
use crate::visit::{address, id, proofs, providers, sign_in};

const ANYBODY: &str = "";

#[tokio::test]
async fn every_lie_is_found_out_for_what_it_is() {
    use IdTokenFlaw::{AccessToken, Audience, AuthorizedParty, Expired, Issuer, Nonce, NotYetIssued, Signature, Subject};
    let liar = OpenIdProvider::start_lying().await;
    let now = Utc::now().timestamp();
    let providers = providers(liar.issuer());
    let flawed = |claims: Value, flaw| (json!({ "claims": claims }), ProviderError::IdToken(flaw));
    let attacks = [
        flawed(json!({ "iss": "https://accounts.google.com" }), Issuer),
        flawed(json!({ "iss": format!("{}/", liar.issuer()) }), Issuer),
        flawed(json!({ "aud": "another" }), Audience),
        flawed(json!({ "aud": ["roster", "another"] }), Audience),
        flawed(json!({ "aud": [] }), Audience),
        flawed(json!({ "azp": "another" }), AuthorizedParty),
        flawed(json!({ "exp": now - 1 }), Expired),
        flawed(json!({ "iat": now + 600 }), NotYetIssued),
        flawed(json!({ "nonce": "another" }), Nonce),
        flawed(json!({ "nonce": null }), Nonce),
        flawed(json!({ "sub": "" }), Subject),
        flawed(json!({ "sub": "x".repeat(256) }), Subject),
        (json!({ "accessToken": "another" }), ProviderError::IdToken(AccessToken)),
        (json!({ "signature": "other" }), ProviderError::IdToken(Signature)),
        (json!({ "signature": "none" }), ProviderError::IdToken(Signature)),
        (json!({ "signature": "secret" }), ProviderError::IdToken(Signature)),
        (json!({ "iss": "https://accounts.google.com" }), ProviderError::IssuerMismatch),
        (json!({ "iss": null }), ProviderError::IssuerMissing),
        (json!({ "query": { "state": "another" } }), ProviderError::StateMismatch),
        (json!({ "query": { "state": null } }), ProviderError::StateMismatch),
        (json!({ "query": { "code": null } }), ProviderError::NoCode),
        (json!({ "query": { "error": "invalid_scope" } }), ProviderError::Refused { code: "invalid_scope".to_owned() }),
        (json!({ "query": { "error": "<script>" } }), ProviderError::Refused { code: "unknown".to_owned() }),
        (json!({ "userInfo": { "sub": "another" } }), ProviderError::SubjectMismatch),
        (json!({ "userInfo": { "sub": null } }), ProviderError::InvalidUserInfo),
        (json!({ "tokens": { "id_token": null } }), ProviderError::NoIdToken),
        (json!({ "tokens": { "id_token": "no.id.token" } }), ProviderError::InvalidTokens),
        (json!({ "tokens": { "access_token": null } }), ProviderError::InvalidTokens),
        (json!({ "tokens": { "access_token": "another", "id_token": null } }), ProviderError::NoIdToken),
        (json!({ "error": "<b>" }), ProviderError::CodeRefused { code: "unknown".to_owned() }),
    ];
    for (lie, reason) in attacks {
        liar.lie(lie.clone()).await;
        assert_eq!(
            sign_in(&providers, SignIn(ANYBODY)).await.map_err(|error| (error.code(), error)),
            Err((reason.code(), reason)),
            "{lie}"
        );
    }
    liar.lie(json!({})).await;
    assert_eq!(sign_in(&providers, SignIn(ANYBODY)).await.unwrap().identity.subject, "liar", "the truth is believed");
}

#[tokio::test]
async fn an_access_token_of_somebody_else_gets_nobody_their_address() {
    let liar = OpenIdProvider::start_lying().await;
    // No hash in the ID token, so that only user info can tell.
    liar.lie(json!({ "claims": { "at_hash": null }, "tokens": { "access_token": "stolen" } })).await;
    assert_eq!(sign_in(&providers(liar.issuer()), SignIn(ANYBODY)).await, Err(ProviderError::InvalidUserInfo));
}

#[tokio::test]
async fn user_info_decides_what_the_address_is() {
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    for (claims, user_info, expected) in [
        (json!({ "email": "a@a.example" }), json!({}), (Some("ada@acme.example"), true)),
        (json!({}), json!({ "email_verified": false }), (Some("ada@acme.example"), false)),
        (json!({}), json!({ "email_verified": null }), (Some("ada@acme.example"), false)),
        (json!({}), json!({ "email": null }), (Some("ada@acme.example"), true)),
        (json!({ "email": null }), json!({ "email": null }), (None, false)),
        (json!({}), json!({ "email_verified": "false" }), (Some("ada@acme.example"), false)),
    ] {
        liar.lie(json!({ "claims": claims, "userInfo": user_info })).await;
        let proven = sign_in(&providers, SignIn(ANYBODY)).await.unwrap().identity;
        assert_eq!((address(&proven), proven.email_verified), expected, "{claims} {user_info}");
    }
}

#[tokio::test]
async fn keys_that_are_changed_are_found() {
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    assert!(sign_in(&providers, SignIn(ANYBODY)).await.is_ok());
    liar.lie(json!({ "signature": "rotated" })).await;
    assert!(sign_in(&providers, SignIn(ANYBODY)).await.is_ok());
}

#[tokio::test]
async fn what_a_provider_publishes_must_be_its_own_and_safe_to_use() {
    for (lie, expected) in [
        (json!({ "metadata": { "issuer": "https://accounts.google.com" } }), "unexpected issuer URI"),
        (json!({ "metadata": { "jwks_uri": "http://id.example/jwks" } }), "is not https"),
        (json!({ "metadata": { "authorization_endpoint": "http://id.example/auth" } }), "not https"),
        (json!({ "metadata": { "authorization_endpoint": "javascript:alert(1)" } }), "not https"),
        (json!({ "redirect": "http://169.254.169.254/latest" }), "it answers 302"),
        (json!({ "padding": 2 << 20 }), "more than 1 MiB"),
        (json!({ "status": 404 }), "it answers 404"),
    ] {
        let liar = OpenIdProvider::start_lying().await;
        liar.lie(lie.clone()).await;
        match providers(liar.issuer()).begin(&id(), &proofs(1)).await {
            Err(ProviderError::Unusable { reason }) => assert!(reason.contains(expected), "{lie}: {reason}"),
            other => panic!("{lie}: {other:?}"),
        }
    }
    let liar = OpenIdProvider::start_lying().await;
    liar.lie(json!({ "metadata": { "token_endpoint": "http://id.example/token" } })).await;
    let sent = sign_in(&providers(liar.issuer()), SignIn(ANYBODY)).await;
    assert!(matches!(sent, Err(ProviderError::Unusable { .. })), "a code and a secret never leave in the clear: {sent:?}");
}
