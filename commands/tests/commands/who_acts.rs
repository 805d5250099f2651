//! A user who has proved who they are is the actor of what they did, whatever the request seemed to come from.

use commands::mail::WaitingLetter;
use commands::{ChangePassword, OperatorLink, ProviderOutcome};
use domain::{Actor, Role, UserId};

use super::providers::{BROWSER, proven};
use super::resets::{NEW_PASSWORD, link, reset};
use super::world::{ADMIN, PASSWORD, World};

impl World {
    /// Types and actors of the events after so many, in the order of the feed.
    async fn told_after(&self, count: usize) -> Vec<(String, String)> {
        let select = "select event_type, metadata ->> 'actor' from events order by xid, position";
        let all: Vec<(String, String)> = sqlx::query_as(select).fetch_all(&self.pool).await.expect("answers");
        all.into_iter().skip(count).collect()
    }

    async fn events(&self) -> usize {
        self.told_after(0).await.len()
    }

    async fn assert_by(&self, count: usize, user: UserId, types: &[&str]) {
        let actor = format!("user:{user}");
        let expected: Vec<_> = types.iter().map(|kind| ((*kind).to_owned(), actor.clone())).collect();
        assert_eq!(self.told_after(count).await, expected);
    }
}

#[tokio::test]
async fn who_opens_the_first_account_is_its_first_actor() {
    let world = World::open().await;
    world.assert_by(0, world.admin.id, &["Opened", "Invited", "Accepted", "PasswordSet", "Started"]).await;
}

#[tokio::test]
async fn a_persons_own_actions_name_the_person() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let count = world.events().await;
    world.accept(world.account, tom).await;
    world.assert_by(count, tom, &["Accepted", "PasswordSet", "Started"]).await;

    let count = world.events().await;
    world.sign_in("tom@nimbus.example", PASSWORD, world.now).await.expect("signs in");
    world.assert_by(count, tom, &["Started"]).await;

    let token = link(&world, ADMIN, world.now).await;
    let count = world.events().await;
    reset(&world, &token, NEW_PASSWORD, world.now).await.expect("resets");
    world.assert_by(count, world.admin.id, &["PasswordSet", "SessionsEnded", "Started"]).await;

    let again = world.sign_in(ADMIN, NEW_PASSWORD, world.now).await.expect("signs in");
    let actor = world.commands.authenticate(again.token.expose(), world.now).await.expect("answers");
    let count = world.events().await;
    let input = ChangePassword { current_password: NEW_PASSWORD.into(), new_password: PASSWORD.into(), keep_api_keys: false };
    world.commands.change_password(&world.by(actor), &input).await.expect("changes");
    world.assert_by(count, world.admin.id, &["PasswordSet", "SessionsEnded", "Started"]).await;
}

#[tokio::test]
async fn a_sign_in_by_someone_who_is_signed_in_as_another_names_whom_it_is_for() {
    let world = World::open().await;
    let (_, stranger) = world.open_another().await;
    for (actor, email) in [(world.admin.actor, "tom@nimbus.example"), (stranger.actor, "tim@nimbus.example")] {
        let tom = world.invite(email, Role::Viewer).await.expect("invites").user_id;
        let token = world.link(world.account, tom).await;
        let count = world.events().await;
        let input = commands::AcceptInvitation { token, password: PASSWORD.into(), name: Some("Tom".to_owned()) };
        world.commands.accept_invitation(&world.by(actor), &input).await.expect("accepts");
        world.assert_by(count, tom, &["Accepted", "PasswordSet", "NameChanged", "Started"]).await;
    }
}

#[tokio::test]
async fn whom_a_provider_has_proven_is_the_actor() {
    let world = World::open().await;
    let ivo = world.invite_for_google("ivo@example.com").await;
    let count = world.events().await;
    world.accept_with_provider(ivo, &proven("1", "ivo@example.com")).await.expect("joins");
    world.assert_by(count, ivo, &["Accepted", "ProviderLinked", "Started"]).await;
    let count = world.events().await;
    let visitor = world.by(Actor::Visitor);
    let outcome = world.commands.sign_in_with_provider(&visitor, &proven("1", "ivo@example.com"), None, BROWSER).await.expect("answers");
    assert!(matches!(outcome, ProviderOutcome::SignedIn(_)));
    world.assert_by(count, ivo, &["Started"]).await;
}

#[tokio::test]
async fn a_link_for_a_new_password_that_the_operator_is_shown_is_one_event_without_the_link() {
    let world = World::open().await;
    let operator = world.by(Actor::Operator);
    let count = world.events().await;
    let shown = world.commands.link_for_operator(&operator, world.account, ADMIN).await.expect("shows");
    let OperatorLink::PasswordReset { token, expires_at } = shown else { panic!("{shown:?}") };
    assert_eq!(world.told_after(count).await, [("PasswordLinkIssued".to_owned(), "operator".to_owned())]);
    let stored = "select payload from events where event_type = 'PasswordLinkIssued'";
    let stored: serde_json::Value = sqlx::query_scalar(stored).fetch_one(&world.pool).await.expect("answers");
    let said = stored["PasswordLinkIssued"].as_object().expect("fields");
    assert_eq!(said.keys().collect::<Vec<_>>(), ["expires_at"]);
    assert!(!world.everything().await.contains(token.expose()), "the link is stored nowhere");
    assert_eq!(world.view(world.account, world.admin.id).await.version, 4, "the user's own history has it");
    assert_eq!(expires_at, world.now + chrono::TimeDelta::hours(1));
    reset(&world, token.expose(), NEW_PASSWORD, world.now).await.expect("the link works");
    super::history::assert_verified(&world).await;
    let mails = world.claim(world.now).await;
    assert!(!mails.iter().any(|mail| matches!(mail.letter, WaitingLetter::PasswordReset { .. })), "nothing is mailed");
}
