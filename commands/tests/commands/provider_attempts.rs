//! Browsers on their way to a provider and back.

use chrono::TimeDelta;
use commands::{BegunSignIn, Context, Destination, Error, Finished, ReturnedSignIn};
use domain::{Actor, AuthMethodId, Refusal, Role};
use secrecy::ExposeSecret;

use super::providers::google;
use super::world::{World, refusal};

async fn begin(world: &World, destination: Destination, browser: Option<&str>) -> BegunSignIn {
    let ctx = world.by(Actor::Visitor);
    world.commands.begin_provider_sign_in(&ctx, &google(), &destination, browser).await.expect("begins")
}

async fn back(world: &World, begun: &BegunSignIn, after: TimeDelta) -> Result<ReturnedSignIn, Error> {
    back_with(world, begun.proofs.state.expose_secret(), begun.browser.expose_secret(), after).await
}

async fn back_with(world: &World, state: &str, browser: &str, after: TimeDelta) -> Result<ReturnedSignIn, Error> {
    let ctx = Context::new(Actor::Visitor, None, world.now + after);
    world.commands.return_from_provider(&ctx, &google(), state, browser).await
}

const NOW: TimeDelta = TimeDelta::zero();

#[tokio::test]
async fn a_browser_comes_back_once_with_what_it_was_sent_away_with() {
    let world = World::open().await;
    let begun = begin(&world, Destination::Account("nimbus".to_owned()), None).await;
    let returned = back(&world, &begun, NOW).await.expect("comes back");
    assert!(matches!(&returned.destination, Destination::Account(slug) if slug == "nimbus"), "{returned:?}");
    let (sent, came) = (&begun.proofs, &returned.proofs);
    assert_eq!(sent.nonce.expose_secret(), came.nonce.expose_secret());
    assert_eq!(sent.verifier.expose_secret(), came.verifier.expose_secret());
    assert_ne!(sent.verifier.expose_secret(), sent.nonce.expose_secret());
    assert_eq!(refusal(back(&world, &begun, NOW).await), Refusal::ProviderSignInFailed, "a replay");
    let rows = world.everything().await;
    for secret in [&sent.state, &sent.nonce, &sent.verifier, &begun.browser] {
        assert!(!rows.contains(secret.expose_secret()), "no secret is stored");
    }
}

#[tokio::test]
async fn another_browser_state_provider_or_time_ends_nothing() {
    let world = World::open().await;
    let begun = begin(&world, Destination::Anywhere, None).await;
    let other = begin(&world, Destination::Anywhere, None).await;
    let (state, browser) = (begun.proofs.state.expose_secret(), begun.browser.expose_secret());
    let before = world.everything().await;
    let minutes = TimeDelta::minutes;
    for (state, browser, after) in
        [(state, other.browser.expose_secret(), NOW), (state, "", NOW), ("another", browser, NOW), (state, browser, minutes(10))]
    {
        assert_eq!(refusal(back_with(&world, state, browser, after).await), Refusal::ProviderSignInFailed);
    }
    let ctx = world.by(Actor::Visitor);
    let okta = AuthMethodId::parse("okta").expect("valid");
    let mixed_up = world.commands.return_from_provider(&ctx, &okta, state, browser).await;
    assert_eq!(refusal(mixed_up), Refusal::ProviderSignInFailed);
    assert_eq!(world.everything().await, before, "and takes nothing from who began it");
    assert!(back(&world, &begun, minutes(10) - TimeDelta::microseconds(1)).await.is_ok());
}

#[tokio::test]
async fn two_pages_of_one_browser_do_not_disturb_each_other() {
    let world = World::open().await;
    let first = begin(&world, Destination::Anywhere, None).await;
    let second = begin(&world, Destination::Anywhere, Some(first.browser.expose_secret())).await;
    assert_eq!(first.browser.expose_secret(), second.browser.expose_secret());
    let foreign = begin(&world, Destination::Anywhere, Some("not of ours")).await;
    assert_ne!(foreign.browser.expose_secret(), "not of ours");
    assert!(back(&world, &first, NOW).await.is_ok() && back(&world, &second, NOW).await.is_ok());
}

#[tokio::test]
async fn an_invitation_is_looked_at_before_anyone_is_sent_away() {
    let world = World::open().await;
    let ada = world.invite_for_google("ada@example.com").await;
    let by_password = world.invite("bob@example.com", Role::Viewer).await.expect("invites").user_id;
    let token = world.link(world.account, ada).await;
    let begun = begin(&world, Destination::Invitation(token.clone().into()), None).await;
    let returned = back(&world, &begun, NOW).await.expect("comes back");
    assert!(matches!(&returned.destination, Destination::Invitation(back) if back.expose_secret() == token), "{returned:?}");

    let before = world.everything().await;
    let refused = async |token: String, method: &str, after: TimeDelta| {
        let ctx = Context::new(Actor::Visitor, None, world.now + after);
        let method = AuthMethodId::parse(method).expect("valid");
        refusal(world.commands.begin_provider_sign_in(&ctx, &method, &Destination::Invitation(token.into()), None).await)
    };
    let others = world.link(world.account, by_password).await;
    assert_eq!(refused(others, "google", NOW).await, Refusal::AuthMethodNotAllowed);
    assert_eq!(refused("forged".to_owned(), "google", NOW).await, Refusal::InvalidInvitationLink);
    assert_eq!(refused(token.clone(), "google", TimeDelta::hours(24)).await, Refusal::InvitationExpired);
    assert_eq!(refused(token.clone(), "password", NOW).await.code(), "AUTH_METHOD_NOT_OFFERED");
    assert_eq!(refused(token, "okta", NOW).await.code(), "AUTH_METHOD_NOT_OFFERED");
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn browsers_that_stay_away_are_forgotten() {
    let world = World::open().await;
    begin(&world, Destination::Account("\0".to_owned()), None).await;
    let delete = async |minutes: i64| world.delete_finished(Finished::ProviderSignIns, world.now + TimeDelta::minutes(minutes)).await;
    assert_eq!((delete(9).await, delete(10).await), ((1, 0), (1, 1)));
}
