//! The attack set, against the finished program: each attack ends in a page that says why, without session and without event.

use reqwest::Url;
use serde_json::{Value, json};

use crate::world::{World, verified};
use test_support::AtProvider::SignIn;
use test_support::Browser;

/// The address to which an attacker has another value sent.
fn with(url: &Url, name: &str, value: Option<&str>) -> String {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    changed.into()
}

fn value(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn a_provider_that_lies_signs_no_one_in() {
    let world = World::start().await;
    world.member("ada@acme.example", &["liar"]).await;
    let before = world.everything().await;
    let claims = |claims: Value| json!({ "claims": claims });
    let both = |said: Value| json!({ "claims": said, "userInfo": said });
    for (lie, reason) in [
        (claims(json!({ "iss": "https://accounts.google.com" })), "ID_TOKEN_ISSUER"),
        (claims(json!({ "iss": world.company.issuer() })), "ID_TOKEN_ISSUER"),
        (claims(json!({ "aud": "another" })), "ID_TOKEN_AUDIENCE"),
        (claims(json!({ "aud": ["roster", "another"] })), "ID_TOKEN_AUDIENCE"),
        (claims(json!({ "azp": "another" })), "ID_TOKEN_AUTHORIZED_PARTY"),
        (claims(json!({ "nonce": "another" })), "ID_TOKEN_NONCE"),
        (claims(json!({ "nonce": null })), "ID_TOKEN_NONCE"),
        (claims(json!({ "exp": 1_700_000_000 })), "ID_TOKEN_EXPIRED"),
        (json!({ "accessToken": "another" }), "ID_TOKEN_ACCESS_TOKEN"),
        (json!({ "signature": "other" }), "ID_TOKEN_SIGNATURE"),
        (json!({ "signature": "none" }), "ID_TOKEN_SIGNATURE"),
        (json!({ "signature": "secret" }), "ID_TOKEN_SIGNATURE"),
        (json!({ "iss": world.company.issuer() }), "ISSUER_MISMATCH"),
        (json!({ "iss": null }), "ISSUER_MISSING"),
        (json!({ "query": { "state": "another" } }), "PROVIDER_SIGN_IN_FAILED"),
        (json!({ "query": { "state": null } }), "PROVIDER_SIGN_IN_FAILED"),
        (json!({ "query": { "code": null } }), "NO_CODE"),
        (json!({ "query": { "error": "access_denied" } }), "DECLINED"),
        (json!({ "userInfo": { "sub": "another" } }), "SUBJECT_MISMATCH"),
        (json!({ "claims": { "email_verified": false } }), "CONTRADICTION"),
        (json!({ "userInfo": { "email_verified": false } }), "CONTRADICTION"),
        (json!({ "claims": { "email": "eve@acme.example" } }), "CONTRADICTION"),
        (json!({ "userInfo": { "email": "eve@acme.example" } }), "CONTRADICTION"),
        (json!({ "tokens": { "token_type": "DPoP" } }), "TOKEN_TYPE"),
        (both(json!({ "email_verified": false })), "PROVIDER_EMAIL_UNVERIFIED"),
        (both(json!({ "email_verified": "true" })), "PROVIDER_EMAIL_UNVERIFIED"),
        (json!({ "userInfo": { "email_verified": "true" } }), "PROVIDER_EMAIL_UNVERIFIED"),
        (both(json!({ "email": "eve@acme.example" })), "NOT_INVITED"),
        (json!({ "tokens": { "id_token": null } }), "NO_ID_TOKEN"),
        (json!({ "error": "invalid_grant" }), "CODE_REFUSED"),
    ] {
        world.liar.lie(lie.clone()).await;
        let browser = Browser::new();
        let page = browser.sign_in(&world.url("/sign-in/liar?account=acme"), SignIn("")).await;
        assert_eq!((page.status, page.reason()), (422, reason), "{lie}");
        assert_eq!(world.signed_in(&browser).await, None, "{lie}");
        assert_eq!(world.everything().await, before, "{lie}");
    }
    world.liar.lie(json!({})).await;
    let believed = Browser::new().sign_in(&world.url("/sign-in/liar?account=acme"), SignIn("")).await;
    assert_eq!(believed.location.as_deref(), Some("/"), "the truth is believed");
}

#[tokio::test]
async fn an_answer_counts_once_in_the_browser_that_asked_at_the_address_of_who_was_asked() {
    let world = World::start().await;
    world.company.set_person("a", verified("ada@acme.example")).await;
    world.company.set_person("eve", verified("eve@acme.example")).await;
    world.member("ada@acme.example", &["company", "liar"]).await;
    world.member("eve@acme.example", &["company"]).await;
    let (company, liar) = (world.url("/sign-in/company?account=acme"), world.url("/sign-in/liar?account=acme"));
    let before = world.everything().await;
    let refused = async |browser: &Browser, address: &str, reason: &str, what: &str| {
        let page = browser.get(address).await;
        assert_eq!((page.status, page.reason()), (422, reason), "{what}");
        assert_eq!(world.signed_in(browser).await, None, "{what}");
        assert_eq!(world.everything().await, before, "{what}");
    };

    let ada = Browser::new();
    let back = ada.visit(&company, SignIn("a")).await;
    refused(&Browser::new(), back.as_str(), "PROVIDER_SIGN_IN_FAILED", "a stolen answer in a browser that asked nothing").await;
    let eve = Browser::new();
    let eves = eve.visit(&company, SignIn("eve")).await;
    refused(&eve, back.as_str(), "PROVIDER_SIGN_IN_FAILED", "a stolen answer in a browser that asked, too").await;
    refused(&ada, eves.as_str(), "PROVIDER_SIGN_IN_FAILED", "Eve's answer forced upon Ada").await;
    refused(&ada, &with(&back, "state", None), "PROVIDER_SIGN_IN_FAILED", "no state").await;
    refused(&ada, &with(&back, "state", Some("x")), "PROVIDER_SIGN_IN_FAILED", "another state").await;
    refused(&ada, &format!("{back}&state=x"), "PROVIDER_SIGN_IN_FAILED", "two states").await;
    let at_liar = back.as_str().replace("/callback/company", "/callback/liar");
    refused(&ada, &at_liar, "PROVIDER_SIGN_IN_FAILED", "an answer at another provider's address").await;

    let injected = with(&ada.visit(&company, SignIn("a")).await, "code", Some(&value(&eves, "code")));
    refused(&ada, &injected, "CODE_REFUSED", "Eve's code in Ada's answer: the verifier is another").await;
    let mixed_up = with(&ada.visit(&company, SignIn("a")).await, "iss", Some(world.liar.issuer()));
    refused(&ada, &mixed_up, "ISSUER_MISMATCH", "a mixed-up provider").await;
    let silent = with(&ada.visit(&company, SignIn("a")).await, "iss", None);
    refused(&ada, &silent, "ISSUER_MISSING", "the issuer taken away").await;
    let foreign = ada.visit(&liar, SignIn("")).await;
    let foreign = with(&ada.visit(&company, SignIn("a")).await, "code", Some(&value(&foreign, "code")));
    refused(&ada, &foreign, "CODE_REFUSED", "another provider's code").await;

    let late = ada.visit(&company, SignIn("a")).await;
    world.sql("update provider_sign_ins set expires_at = now()").await;
    refused(&ada, late.as_str(), "PROVIDER_SIGN_IN_FAILED", "ten minutes later").await;

    let back = ada.visit(&company, SignIn("a")).await;
    assert_eq!(ada.get(back.as_str()).await.location.as_deref(), Some("/"), "the real answer counts");
    let signed_in = world.everything().await;
    assert_eq!(ada.get(back.as_str()).await.reason(), "PROVIDER_SIGN_IN_FAILED", "a replay");
    assert_eq!(world.everything().await, signed_in, "a replay");
}

#[tokio::test]
async fn a_provider_makes_no_one_a_member_and_gives_no_one_access() {
    let world = World::start().await;
    for (person, email) in
        [("eve", "eve@acme.example"), ("ada", "ada@acme.example"), ("ian", "ian@acme.example"), ("pat", "pat@acme.example")]
    {
        world.company.set_person(person, verified(email)).await;
    }
    world.company.set_person("unsure", json!({ "email": "ada@acme.example", "email_verified": false })).await;
    world.company.set_person("nameless", json!({})).await;
    let inactive = world.member("ian@acme.example", &["company"]).await;
    world.deactivate(&inactive).await;
    world.member("pat@acme.example", &[]).await;
    world.invite("ada@acme.example", &["company"]).await;
    let token = world.link("ada@acme.example", 1).await;
    let (invitation, account) = (format!("/sign-in/company?invitation={token}"), "/sign-in/company?account=acme".to_owned());
    let before = world.everything().await;
    for (address, person, reason) in [
        (&invitation, "eve", "PROVIDER_EMAIL_MISMATCH"),
        (&invitation, "unsure", "PROVIDER_EMAIL_UNVERIFIED"),
        (&invitation, "nameless", "PROVIDER_EMAIL_UNVERIFIED"),
        (&account, "eve", "NOT_INVITED"),
        (&account, "ada", "INVITATION_NOT_ACCEPTED"),
        (&account, "unsure", "PROVIDER_EMAIL_UNVERIFIED"),
        (&account, "ian", "ACCESS_DEACTIVATED"),
        (&account, "pat", "AUTH_METHOD_NOT_ALLOWED"),
        (&"/sign-in/company?account=no-such".to_owned(), "ada", "NOT_INVITED"),
        (&"/sign-in/company?account=%00%2F%2Fevil.example".to_owned(), "ada", "NOT_INVITED"),
        (&"/sign-in/company".to_owned(), "ada", "INVITATION_NOT_ACCEPTED"),
    ] {
        let browser = Browser::new();
        let page = browser.sign_in(&world.url(address), SignIn(person)).await;
        assert_eq!((page.status, page.reason(), page.location.as_deref()), (422, reason, None), "{address} {person}");
        assert_eq!(world.signed_in(&browser).await, None, "{address} {person}");
        assert_eq!(world.everything().await, before, "{address} {person}");
        assert!(!page.text.contains("evil.example"), "{page:?}");
    }
    for (address, status, reason) in [
        ("/sign-in/company?invitation=forged", 404, "INVALID_INVITATION_LINK"),
        (&invitation.replace("company", "liar"), 422, "AUTH_METHOD_NOT_ALLOWED"),
        ("/sign-in/no-such?account=acme", 404, "UNKNOWN_PROVIDER"),
        ("/sign-in/password", 404, "UNKNOWN_PROVIDER"),
        ("/sign-in/company?account=a&account=b", 404, "UNKNOWN_PROVIDER"),
    ] {
        let page = Browser::new().get(&world.url(address)).await;
        assert_eq!((page.status, page.reason(), page.location.as_deref()), (status, reason, None), "{address}");
    }
    assert_eq!(world.everything().await, before);
    let scanner = Browser::new();
    for _ in 0..3 {
        assert_eq!(scanner.get(&world.url(&invitation)).await.status, 303, "a scanner that follows links consumes nothing");
    }
    let accepted = Browser::new().sign_in(&world.url(&invitation), SignIn("ada")).await;
    assert_eq!(accepted.location.as_deref(), Some("/"), "{accepted:?}");
    let again = Browser::new().get(&world.url(&invitation)).await;
    assert_eq!(again.reason(), "INVITATION_ALREADY_ACCEPTED");
}

#[tokio::test]
async fn a_provider_that_is_down_leaves_the_other_ways_in() {
    let mut world = World::start().await;
    world.company.set_person("a", verified("ada@acme.example")).await;
    world.member("ada@acme.example", &["company"]).await;
    world.liar = test_support::OpenIdProvider::start_lying().await;
    let down = Browser::new().get(&world.url("/sign-in/liar?account=acme")).await;
    assert_eq!((down.status, down.reason()), (502, "UNREACHABLE"));
    assert!(down.text.contains("use another sign-in method"), "{down:?}");
    let page = Browser::new().sign_in(&world.url("/sign-in/company?account=acme"), SignIn("a")).await;
    assert_eq!(page.location.as_deref(), Some("/"), "{page:?}");
}

#[tokio::test]
async fn a_browser_that_is_sent_to_a_provider_too_often_is_told_when_to_try_again() {
    let world = World::start().await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let refused = loop {
        let page = client.get(world.url("/sign-in/company")).send().await.unwrap();
        if page.status() == 429 {
            break page;
        }
        assert_eq!((page.status().as_u16(), page.headers().get("retry-after")), (303, None));
    };
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    assert!(refused.text().await.unwrap().contains(&format!("{seconds} seconds")));
}
