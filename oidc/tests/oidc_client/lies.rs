//! Everything that a lying provider, or someone between, can try: no one is proven, and the reason is the right one.

use chrono::Utc;
use oidc::{IdTokenFlaw, ProviderError};
use serde_json::{Value, json};
use test_support::OpenIdProvider;

use crate::visit::{address, id, proofs, providers, sign_in};
use test_support::AtProvider::SignIn;

const ANYONE: &str = "";

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
        (json!({ "userInfo": { "sub": 1 } }), ProviderError::InvalidUserInfo),
        (json!({ "claims": { "email": "eve@acme.example" } }), ProviderError::Contradiction),
        (json!({ "userInfo": { "email": "eve@acme.example" } }), ProviderError::Contradiction),
        (json!({ "claims": { "email_verified": false } }), ProviderError::Contradiction),
        (json!({ "userInfo": { "email_verified": false } }), ProviderError::Contradiction),
        (json!({ "tokens": { "token_type": "DPoP" } }), ProviderError::TokenType),
        (json!({ "tokens": { "token_type": "mac" } }), ProviderError::TokenType),
        (json!({ "tokens": { "token_type": "" } }), ProviderError::TokenType),
        (json!({ "tokens": { "token_type": null } }), ProviderError::InvalidTokens),
        (json!({ "tokens": { "id_token": null } }), ProviderError::NoIdToken),
        (json!({ "tokens": { "id_token": "no.id.token" } }), ProviderError::InvalidTokens),
        (json!({ "tokens": { "access_token": null } }), ProviderError::InvalidTokens),
        (json!({ "tokens": { "access_token": "another", "id_token": null } }), ProviderError::NoIdToken),
        (json!({ "error": "<b>" }), ProviderError::CodeRefused { code: "unknown".to_owned() }),
    ];
    for (lie, reason) in attacks {
        liar.lie(lie.clone()).await;
        assert_eq!(sign_in(&providers, SignIn(ANYONE)).await.map_err(|error| (error.code(), error)), Err((reason.code(), reason)), "{lie}");
    }
    liar.lie(json!({})).await;
    assert_eq!(sign_in(&providers, SignIn(ANYONE)).await.unwrap().identity.subject, "liar", "the truth is believed");
}

#[tokio::test]
async fn an_access_token_of_someone_else_gets_no_one_their_address() {
    let liar = OpenIdProvider::start_lying().await;
    // No hash in the ID token, so that only user info can tell.
    liar.lie(json!({ "claims": { "at_hash": null }, "tokens": { "access_token": "stolen" } })).await;
    assert_eq!(sign_in(&providers(liar.issuer()), SignIn(ANYONE)).await, Err(ProviderError::InvalidUserInfo));
}

#[tokio::test]
async fn the_address_counts_where_it_is_vouched_for_by_a_boolean_and_nowhere_denied() {
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    let ada = Some("ada@acme.example");
    for (claims, user_info, expected) in [
        (json!({}), json!({}), (ada, true)),
        (json!({}), json!({ "email_verified": null }), (ada, true)),
        (json!({}), json!({ "email": null }), (ada, true)),
        (json!({ "email": null, "email_verified": null }), json!({}), (ada, true)),
        (json!({ "email": null }), json!({ "email": null }), (None, false)),
        (json!({ "email_verified": false }), json!({ "email_verified": false }), (ada, false)),
        (json!({ "email_verified": null }), json!({ "email_verified": null }), (ada, false)),
        (json!({ "email_verified": "true" }), json!({ "email_verified": null }), (ada, false)),
        (json!({}), json!({ "email_verified": "true" }), (ada, false)),
        (json!({}), json!({ "email_verified": "false" }), (ada, false)),
        (json!({ "email_verified": 1 }), json!({ "email_verified": 1 }), (ada, false)),
        (json!({ "email": "ADA@acme.EXAMPLE" }), json!({}), (ada, true)),
    ] {
        liar.lie(json!({ "claims": claims, "userInfo": user_info })).await;
        let proven = sign_in(&providers, SignIn(ANYONE)).await.unwrap_or_else(|error| panic!("{claims} {user_info}: {error}")).identity;
        assert_eq!((address(&proven), proven.email_verified), expected, "{claims} {user_info}");
    }
}

#[tokio::test]
async fn a_bearer_token_is_one_however_it_is_written() {
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    for token_type in ["Bearer", "bearer", "BEARER"] {
        liar.lie(json!({ "tokens": { "token_type": token_type } })).await;
        assert!(sign_in(&providers, SignIn(ANYONE)).await.is_ok(), "{token_type}");
    }
}

#[tokio::test]
async fn what_roster_does_not_use_keeps_no_one_out_whatever_it_is() {
    const UNUSED: [&str; 24] = [
        "acr",
        "address",
        "amr",
        "auth_time",
        "birthdate",
        "c_hash",
        "family_name",
        "gender",
        "given_name",
        "groups",
        "locale",
        "middle_name",
        "name",
        "name#ja",
        "nickname",
        "phone_number",
        "phone_number_verified",
        "picture",
        "preferred_username",
        "profile",
        "updated_at",
        "website",
        "zoneinfo",
        "x5t#S256",
    ];
    let odd =
        [json!(null), json!(""), json!("x"), json!(-1.5), json!(true), json!([]), json!([{ "a": [1] }]), json!({}), json!({ "a": null })];
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    for value in odd {
        let all: Value = UNUSED.iter().map(|name| ((*name).to_owned(), value.clone())).collect::<serde_json::Map<_, _>>().into();
        for (lie, place) in [
            (json!({ "claims": all }), "in the ID token"),
            (json!({ "userInfo": all }), "in user info"),
            (
                json!({ "tokens": { "expires_in": value, "scope": value, "refresh_token": value, "ext_expires_in": value } }),
                "beside the tokens",
            ),
        ] {
            liar.lie(lie).await;
            let proven = sign_in(&providers, SignIn(ANYONE)).await.unwrap_or_else(|error| panic!("{value} {place}: {error}"));
            assert!(proven.identity.email_verified, "{value} {place}");
        }
    }
}

#[tokio::test]
async fn keys_that_are_changed_are_found() {
    let liar = OpenIdProvider::start_lying().await;
    let providers = providers(liar.issuer());
    assert!(sign_in(&providers, SignIn(ANYONE)).await.is_ok());
    liar.lie(json!({ "signature": "rotated" })).await;
    assert!(sign_in(&providers, SignIn(ANYONE)).await.is_ok());
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
    let sent = sign_in(&providers(liar.issuer()), SignIn(ANYONE)).await;
    assert!(matches!(sent, Err(ProviderError::Unusable { .. })), "a code and a secret never leave in the clear: {sent:?}");
}
