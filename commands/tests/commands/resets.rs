//! Links for a new password: who gets one, how long it works, and what kills it.

use chrono::{DateTime, TimeDelta, Utc};
use commands::mail::WaitingLetter;
use commands::{
    AcceptInvitation, ChangeAccess, ChangePassword, Error, InviteUser, LeaveAccount, RequestPasswordReset, ResetPassword, SignedIn,
};
use commands::{Context, Finished, UpdateAccount, UpdateUser};
use domain::{Actor, Refusal, Role};

use super::world::{ADMIN, PASSWORD, World, change, invitation, refusal};

pub(super) const NEW_PASSWORD: &str = "seven lighthouses hum quietly";
pub(super) const TOM: &str = "tom@nimbus.example";
const HOUR: TimeDelta = TimeDelta::hours(1);

fn visitor_at(at: DateTime<Utc>) -> Context {
    Context::new(Actor::Visitor, Some("request-1".to_owned()), at)
}

/// Asks for a link, and lets the request be looked into.
pub(super) async fn request(world: &World, account: &str, email: &str, at: DateTime<Utc>) -> Result<(), Error> {
    let input = RequestPasswordReset { account: Some(account.to_owned()), email: email.to_owned() };
    world.commands.request_password_reset(&visitor_at(at), &input).await?;
    world.commands.look_into_reset_requests().await.map(drop)
}

/// The tokens of the links that wait to be mailed.
pub(super) async fn mailed(world: &World, at: DateTime<Utc>) -> Vec<String> {
    let mails = world.claim(at).await.into_iter();
    let token = |letter| match letter {
        WaitingLetter::PasswordReset { token } => Some(token.expose().to_owned()),
        _ => None,
    };
    mails.filter_map(|mail| token(mail.letter)).collect()
}

/// The token of a new link.
pub(super) async fn link(world: &World, email: &str, at: DateTime<Utc>) -> String {
    request(world, "nimbus", email, at).await.expect("is answered");
    let mut tokens = mailed(world, at).await;
    tokens.pop().expect("a mail waits")
}

pub(super) async fn reset(world: &World, token: &str, password: &str, at: DateTime<Utc>) -> Result<SignedIn, Error> {
    let input = ResetPassword { token: token.to_owned(), new_password: password.into() };
    world.commands.reset_password(&visitor_at(at), &input).await
}

pub(super) async fn open_resets(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from password_resets").fetch_one(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn a_reset_link_works_for_an_hour_to_the_microsecond() {
    let world = World::patient().await;
    let token = link(&world, ADMIN, world.now).await;
    let before = world.everything().await;
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now + HOUR).await), Refusal::InvalidResetLink);
    assert_eq!(refusal(world.commands.preview_password_reset(&visitor_at(world.now + HOUR), &token).await), Refusal::InvalidResetLink);
    assert_eq!(world.everything().await, before);
    let last_moment = world.now + HOUR - TimeDelta::microseconds(1);
    for _ in 0..3 {
        let preview = world.commands.preview_password_reset(&visitor_at(last_moment), &token).await.expect("works");
        assert_eq!((preview.user.email.as_str(), preview.account.slug.as_str()), (ADMIN, "nimbus"));
    }
    assert_eq!(world.everything().await, before, "looking consumes nothing");
    reset(&world, &token, NEW_PASSWORD, last_moment).await.expect("works");
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, last_moment).await), Refusal::InvalidResetLink, "once");
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_kills_every_other_link() {
    let world = World::patient().await;
    let tom = world.join(TOM, Role::Editor).await;
    let later = world.now + TimeDelta::minutes(1);
    let elsewhere = world.sign_in(TOM, PASSWORD, later).await.expect("signs in");
    let (first, second) = (link(&world, TOM, world.now).await, link(&world, TOM, world.now).await);
    let admins = link(&world, ADMIN, world.now).await;
    assert_ne!(first, second);

    // Even by a clock that is behind that of the sign-in.
    let session = reset(&world, &first, NEW_PASSWORD, world.now).await.expect("resets");
    assert_eq!((session.user_id, session.account_id), (tom.id, world.account));
    assert!(world.is_alive(&session.token, later).await);
    for over in [&tom.token, &elsewhere.token] {
        assert!(!world.is_alive(over, later).await);
    }
    assert_eq!(refusal(reset(&world, &second, PASSWORD, world.now).await), Refusal::InvalidResetLink);
    assert_eq!(refusal(world.sign_in(TOM, PASSWORD, later).await), Refusal::InvalidCredentials);
    world.sign_in(TOM, NEW_PASSWORD, later).await.expect("signs in");

    assert_eq!(world.history(tom.id).await, ["Invited", "Accepted", "PasswordSet", "PasswordSet", "SessionsEnded"]);
    let caused: Vec<String> =
        sqlx::query_scalar("select event_type from events where metadata->>'cause' = 'resetPassword' order by position")
            .fetch_all(&world.pool)
            .await
            .expect("answers");
    assert_eq!(caused, ["PasswordSet", "SessionsEnded", "Started"]);
    assert!(world.is_alive(&world.admin.token, later).await, "no one else is touched");
    reset(&world, &admins, NEW_PASSWORD, world.now).await.expect("nor is their link");
}

#[tokio::test]
async fn a_forged_link_and_a_weak_password_change_nothing() {
    let world = World::patient().await;
    let token = link(&world, ADMIN, world.now).await;
    let invitation = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let before = world.everything().await;
    let flipped = if token.starts_with('A') { "B" } else { "A" };
    for forged in ["", "x", &token[1..], &format!("{flipped}{}", &token[1..]), &world.link(world.account, invitation).await] {
        assert_eq!(refusal(reset(&world, forged, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink, "{forged}");
    }
    for weak in ["short", "password1234", ADMIN, "nimbusines", "NimbusNimbus"] {
        assert_eq!(refusal(reset(&world, &token, weak, world.now).await).code(), "WEAK_PASSWORD", "{weak}");
    }
    assert_eq!(world.everything().await, before);
    reset(&world, &token, NEW_PASSWORD, world.now).await.expect("the link is still open");
}

#[tokio::test]
async fn who_cannot_sign_in_with_a_password_gets_no_mail_and_the_same_answer() {
    let world = World::patient().await;
    world.invite("pending@example.com", Role::Viewer).await.expect("invites");
    for (email, update) in [
        ("inactive@example.com", UpdateUser { active: Some(false), ..UpdateUser::default() }),
        ("google@example.com", UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..UpdateUser::default() }),
    ] {
        let member = world.join(email, Role::Viewer).await;
        world.update(&world.by_admin(), UpdateUser { id: member.id.to_string(), ..update }).await.expect("updates");
    }
    let gone = world.join("gone@example.com", Role::Viewer).await;
    world.delete(&world.by_admin(), gone.id, "gone@example.com").await.expect("deletes");
    let before = world.everything().await;
    for (account, email) in [
        ("nimbus", "nobody@example.com"),
        ("nimbus", "no address"),
        ("nimbus", "pending@example.com"),
        ("nimbus", "inactive@example.com"),
        ("nimbus", "google@example.com"),
        ("nimbus", "gone@example.com"),
        ("cumulus", ADMIN),
        ("no slug", ADMIN),
    ] {
        request(&world, account, email, world.now).await.expect("is answered as everybody is");
        assert_eq!(world.everything().await, before, "{account} {email}");
    }
    request(&world, "NIMBUS", &ADMIN.to_uppercase(), world.now).await.expect("is answered");
    assert_eq!(mailed(&world, world.now).await.len(), 1);
}

#[tokio::test]
async fn the_answer_is_given_before_anything_is_looked_up() {
    let world = World::patient().await;
    world.pool.close().await;
    for email in [ADMIN, "nobody@example.com"] {
        let input = RequestPasswordReset { account: Some("nimbus".to_owned()), email: email.to_owned() };
        world.commands.request_password_reset(&world.by(Actor::Visitor), &input).await.expect("without a database");
    }
    assert!(world.commands.look_into_reset_requests().await.is_err(), "what comes after it does need one");
}

#[tokio::test]
async fn the_account_may_be_left_out_of_a_request_while_there_is_one() {
    let world = World::patient().await;
    let visitor = world.by(Actor::Visitor);
    let anywhere = |email: &str| RequestPasswordReset { account: None, email: email.to_owned() };
    world.commands.request_password_reset(&visitor, &anywhere(ADMIN)).await.expect("is answered");
    let waits = tokio::time::timeout(test_support::TIMEOUT, world.commands.reset_requests_wait()).await;
    assert!(waits.is_ok(), "the worker that looks into requests hears of one");
    assert_eq!(world.commands.look_into_reset_requests().await.expect("looks"), 1);
    assert_eq!(mailed(&world, world.now).await.len(), 1);
    world.open_another().await;
    for email in [ADMIN, "nobody@example.com"] {
        let refused = world.commands.request_password_reset(&visitor, &anywhere(email)).await;
        assert_eq!(refusal(refused), Refusal::AccountRequired);
    }
}

#[tokio::test]
async fn anyone_who_never_had_a_password_sets_one_with_a_link() {
    let world = World::patient().await;
    let tom = world.join(TOM, Role::Viewer).await;
    for methods in [vec!["google"], vec!["google", "password"]] {
        let methods = methods.into_iter().map(str::to_owned).collect();
        world.update(&world.by_admin(), UpdateUser { auth_methods: Some(methods), ..change(tom.id) }).await.expect("updates");
    }
    assert_eq!(refusal(world.sign_in(TOM, PASSWORD, world.now).await), Refusal::InvalidCredentials);
    let token = link(&world, TOM, world.now).await;
    reset(&world, &token, NEW_PASSWORD, world.now).await.expect("sets one");
    world.sign_in(TOM, NEW_PASSWORD, world.now).await.expect("signs in");
}

#[tokio::test]
async fn five_links_of_a_user_may_be_open_and_no_more() {
    let world = World::patient().await;
    world.join(TOM, Role::Viewer).await;
    for _ in 0..8 {
        request(&world, "nimbus", TOM, world.now).await.expect("is answered as ever");
    }
    let tokens = mailed(&world, world.now).await;
    assert_eq!(tokens.len(), 5);
    for token in &tokens {
        assert!(world.commands.preview_password_reset(&visitor_at(world.now), token).await.is_ok(), "none kills another");
    }
    assert_eq!(mailed(&world, world.now).await.len(), 0);
    link(&world, ADMIN, world.now).await;
    link(&world, TOM, world.now + HOUR).await;
}

#[tokio::test]
async fn what_ends_access_or_passwords_kills_the_links_for_good() {
    let world = World::patient().await;
    let admin = world.by_admin();
    let with = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    for (number, (takes, gives)) in [
        (UpdateUser { active: Some(false), ..UpdateUser::default() }, UpdateUser { active: Some(true), ..UpdateUser::default() }),
        (
            UpdateUser { auth_methods: with(&["google"]), ..UpdateUser::default() },
            UpdateUser { auth_methods: with(&["password"]), ..UpdateUser::default() },
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("tom{number}@nimbus.example");
        let id = world.join(&email, Role::Viewer).await.id.to_string();
        let token = link(&world, &email, world.now).await;
        for update in [takes, gives] {
            world.update(&admin, UpdateUser { id: id.clone(), ..update }).await.expect("updates");
            assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink);
        }
    }
    let tom = world.join(TOM, Role::Viewer).await;
    let token = link(&world, TOM, world.now).await;
    let off_and_on = ChangeAccess { id: tom.id.to_string(), expected_version: None, idempotency_key: None };
    world.commands.deactivate_user(&admin, world.account, &off_and_on).await.expect("deactivates");
    world.commands.activate_user(&admin, world.account, &off_and_on).await.expect("activates");
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink);

    let token = link(&world, TOM, world.now).await;
    let other = ChangePassword { current_password: PASSWORD.into(), new_password: NEW_PASSWORD.into(), keep_api_keys: false };
    world.commands.change_password(&world.by(tom.actor), &other).await.expect("changes");
    assert_eq!(refusal(reset(&world, &token, PASSWORD, world.now).await), Refusal::InvalidResetLink);

    let token = link(&world, TOM, world.now).await;
    let leaving = LeaveAccount { confirm_email: TOM.to_owned(), idempotency_key: None };
    world.commands.leave_account(&world.by(tom.actor), &leaving).await.expect("leaves");
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink);

    let again = world.join(TOM, Role::Viewer).await;
    let token = link(&world, TOM, world.now).await;
    world.delete(&admin, again.id, TOM).await.expect("deletes");
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink);
    assert_eq!(open_resets(&world).await, 0);
}

#[tokio::test]
async fn an_account_that_offers_no_passwords_mails_no_links_and_honours_none() {
    let world = World::patient().await;
    let both =
        |email: &str| InviteUser { auth_methods: vec!["password".to_owned(), "google".to_owned()], ..invitation(email, Role::Admin) };
    let invited = world.commands.invite_user(&world.by_admin(), world.account, &both(TOM)).await.expect("invites").user_id;
    let accept = AcceptInvitation { token: world.link(world.account, invited).await, password: PASSWORD.into(), name: None };
    world.commands.accept_invitation(&world.by(Actor::Visitor), &accept).await.expect("accepts");
    let everybody = UpdateUser { auth_methods: Some(vec!["password".to_owned(), "google".to_owned()]), ..change(world.admin.id) };
    world.update(&world.by_admin(), everybody).await.expect("updates");
    let token = link(&world, TOM, world.now).await;
    let google_only = UpdateAccount { auth_methods: Some(vec!["google".to_owned()]), ..UpdateAccount::default() };
    world.commands.update_account(&world.by_admin(), world.account, &google_only).await.expect("updates");
    assert_eq!(refusal(reset(&world, &token, NEW_PASSWORD, world.now).await), Refusal::AuthMethodNotAllowed);
    assert_eq!(refusal(world.sign_in(TOM, "wrong", world.now).await), Refusal::InvalidCredentials);
    assert_eq!(
        refusal(world.sign_in(TOM, PASSWORD, world.now).await),
        Refusal::AuthMethodNotAllowed,
        "told to a caller who knows the password"
    );
    request(&world, "nimbus", TOM, world.now).await.expect("is answered");
    assert!(mailed(&world, world.now).await.is_empty());
}

#[tokio::test]
async fn links_whose_hour_is_over_are_forgotten() {
    let world = World::patient().await;
    link(&world, ADMIN, world.now).await;
    let young = link(&world, ADMIN, world.now + TimeDelta::minutes(1)).await;
    assert_eq!(world.delete_finished(Finished::PasswordResets, world.now + HOUR).await, (1, 1));
    assert!(world.commands.preview_password_reset(&visitor_at(world.now + HOUR), &young).await.is_ok());
}

#[tokio::test]
async fn a_flood_of_requests_keeps_a_thousand_waiting_and_no_more() {
    let world = World::patient().await;
    let input = RequestPasswordReset { account: Some("nimbus".to_owned()), email: "nobody@example.com".to_owned() };
    for _ in 0..1_100 {
        world.commands.request_password_reset(&world.by(Actor::Visitor), &input).await.expect("is answered as ever");
    }
    assert_eq!(world.commands.look_into_reset_requests().await.expect("looks"), 1_000);
    link(&world, ADMIN, world.now).await;
}
