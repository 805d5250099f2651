//! What is tried and refused is kept: which, with whose name, and nothing that was typed.

use std::num::NonZeroU32;

use commands::{ChangeAccess, Context, CreateKey, DeleteUser, Error, LimitSettings, SignIn, UpdateAccount};
use domain::{AccountId, Actor, ApiScope, Client, ProviderIdentity, Refusal, Role, UserId};
use event_store::CountTo;
use projections::refused_attempts::{RefusedAttempt, RefusedAttemptFilter, count_refused_attempts, list_refused_attempts};

use super::providers::proven;
use super::world::{ADMIN, PASSWORD, World, change, invitation, refusal, visitor_at};

pub(super) const EVE: &str = "eve@example.com";
pub(super) const WRONG: &str = "typed passw0rd of no one";
pub(super) const PLACE: &str = "203.0.113.77";

impl World {
    /// What is kept of an account now, oldest first.
    pub(super) async fn refused_in(&self, account: AccountId) -> Vec<RefusedAttempt> {
        self.commands.write_refused_attempts().await.expect("keeps");
        self.listed(account).await
    }

    pub(super) async fn listed(&self, account: AccountId) -> Vec<RefusedAttempt> {
        let everything = RefusedAttemptFilter::default();
        let mut listed = list_refused_attempts(&self.pool, account, &everything, None, 100_000).await.expect("answers");
        listed.reverse();
        listed
    }

    pub(super) async fn refused(&self) -> Vec<(String, String, String, Option<UserId>)> {
        let told = |kept: RefusedAttempt| (kept.operation, kept.code, kept.actor, kept.user_id);
        self.refused_in(self.account).await.into_iter().map(told).collect()
    }
}

pub(super) fn as_tried(command: &str, code: &str, actor: &str, user: Option<UserId>) -> (String, String, String, Option<UserId>) {
    (command.to_owned(), code.to_owned(), actor.to_owned(), user)
}

pub(super) fn typed(account: Option<&str>, email: &str, password: &str) -> SignIn {
    SignIn { account: account.map(str::to_owned), email: email.to_owned(), password: password.into() }
}

#[tokio::test]
async fn every_sign_in_that_fails_is_kept_with_its_code_and_whose_it_was_but_nothing_of_unknown_accounts() {
    let three = NonZeroU32::new(3).expect("not zero");
    let world = World::open_with(LimitSettings { attempts_per_user: three, ..LimitSettings::default() }).await;
    let eve = world.join(EVE, Role::Editor).await.id;
    let ivo = world.invite("ivo@example.com", Role::Viewer).await.expect("invites").user_id;
    for email in [EVE, "EVE@example.com", "ivo@example.com", "nobody@example.com", "no address"] {
        assert_eq!(refusal(world.sign_in(email, WRONG, world.now).await), Refusal::InvalidCredentials);
    }
    world.set_access(eve, false).await;
    assert_eq!(refusal(world.sign_in(EVE, PASSWORD, world.now).await), Refusal::AccessDeactivated);
    assert!(matches!(refusal(world.sign_in(EVE, PASSWORD, world.now).await), Refusal::TooManyAttempts { .. }));
    let methods = Some(vec!["password".to_owned(), "google".to_owned()]);
    for user in [world.admin.id, ivo] {
        let both = commands::UpdateUser { auth_methods: methods.clone(), ..change(user) };
        world.update(&world.by_admin(), both).await.expect("allows both");
    }
    let both = commands::UpdateUser { auth_methods: methods, ..change(eve) };
    world.update(&world.by_admin(), both).await.expect("allows both");
    let google_only = UpdateAccount { auth_methods: Some(vec!["google".to_owned()]), ..UpdateAccount::default() };
    world.commands.update_account(&world.by_admin(), world.account, &google_only).await.expect("updates");
    assert_eq!(refusal(world.sign_in(ADMIN, PASSWORD, world.now).await), Refusal::AuthMethodNotAllowed);
    for account in [Some("unknown"), Some("no short name")] {
        let input = typed(account, EVE, WRONG);
        refusal(world.commands.sign_in(&Context::new(Actor::Visitor, None, world.now), &input).await);
    }

    let sign_in = |code: &str, user| as_tried("signIn", code, "visitor", user);
    let expected = [
        sign_in("INVALID_CREDENTIALS", Some(eve)),
        sign_in("INVALID_CREDENTIALS", Some(eve)),
        sign_in("INVALID_CREDENTIALS", Some(ivo)),
        sign_in("INVALID_CREDENTIALS", None),
        sign_in("INVALID_CREDENTIALS", None),
        sign_in("ACCESS_DEACTIVATED", Some(eve)),
        sign_in("TOO_MANY_ATTEMPTS", Some(eve)),
        sign_in("AUTH_METHOD_NOT_ALLOWED", Some(world.admin.id)),
    ];
    assert_eq!(world.refused().await, expected);
    let count: i64 = sqlx::query_scalar("select count(*) from refused_attempts").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(count, 8, "nothing is kept without an account");
}

#[tokio::test]
async fn sign_ins_with_a_provider_that_are_refused_are_kept_also_where_no_account_was_named() {
    let world = World::open().await;
    let ivo = world.invite_for_google("ivo@example.com").await;
    let tom = world.invite_for_google("tom@example.com").await;
    world.accept_with_provider(tom, &proven("1", "tom@example.com")).await.expect("joins");
    world.set_access(tom, false).await;
    let unverified = ProviderIdentity { email_verified: false, ..proven("9", "ivo@example.com") };
    for account in [Some("nimbus"), None] {
        for identity in
            [proven("1", "tom@example.com"), proven("2", "ivo@example.com"), proven("3", "nobody@example.com"), unverified.clone()]
        {
            refusal(world.with_provider(&identity, account).await);
        }
    }
    refusal(world.with_provider(&proven("1", "tom@example.com"), Some("unknown")).await);
    let provider = |code: &str, user| as_tried("signInWithProvider", code, "visitor", user);
    let (deactivated, pending) = (provider("ACCESS_DEACTIVATED", Some(tom)), provider("INVITATION_NOT_ACCEPTED", Some(ivo)));
    let expected = [
        deactivated.clone(),
        pending.clone(),
        provider("NOT_INVITED", None),
        provider("PROVIDER_EMAIL_UNVERIFIED", None),
        deactivated,
        pending,
    ];
    assert_eq!(world.refused().await, expected);
}

#[tokio::test]
async fn forbidden_changes_are_kept_with_who_tried_and_whom_it_would_have_happened_to_in_their_account_only() {
    let world = World::open().await;
    let (cirrus, stranger) = world.open_another().await;
    let eve = world.join(EVE, Role::Editor).await;
    let input = CreateKey { name: "reader".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    let key = world.commands.create_api_key(&world.by_admin(), &input).await.expect("is made");
    let program = world.commands.authenticate(key.token.expose(), world.now).await.expect("answers");
    let by_eve = world.by(eve.actor).from(Client::new(PLACE.parse().ok(), Some("QuokkaBrowser/1.0")));
    let delete = |id: String| DeleteUser { id, confirm_email: EVE.to_owned(), expected_version: None, idempotency_key: None };
    let deactivate = |id: UserId| ChangeAccess { id: id.to_string(), expected_version: None, idempotency_key: None };

    let forbidden = |result: Result<commands::Changed, Error>| assert!(matches!(result, Err(Error::Forbidden)), "{result:?}");
    forbidden(world.commands.invite_user(&by_eve, world.account, &invitation("x@example.com", Role::Viewer)).await);
    forbidden(world.commands.delete_user(&by_eve, world.account, &delete(world.admin.id.to_string())).await);
    forbidden(world.commands.delete_user(&by_eve, world.account, &delete(stranger.id.to_string())).await);
    forbidden(world.commands.delete_user(&by_eve, world.account, &delete("no id".to_owned())).await);
    forbidden(world.commands.deactivate_user(&world.by(program), world.account, &deactivate(eve.id)).await);
    assert!(matches!(world.commands.sign_out(&world.by(program)).await, Err(Error::Forbidden)));
    // No changes: what is refused by a rule, who is not signed in, and what breaks.
    refusal(world.delete(&world.by_admin(), eve.id, "other@example.com").await);
    unauthenticated(world.delete(&world.by(Actor::Visitor), eve.id, EVE).await);
    // A user of another account is a stranger here.
    let here = world.commands.sign_in(&world.by(stranger.actor), &typed(Some("nimbus"), EVE, WRONG)).await;
    assert_eq!(refusal(here), Refusal::InvalidCredentials);

    let (by, with) = (format!("user:{}", eve.id), format!("api_key:{}", key.id));
    let expected = [
        as_tried("inviteUser", "FORBIDDEN", &by, None),
        as_tried("deleteUser", "FORBIDDEN", &by, Some(world.admin.id)),
        as_tried("deleteUser", "FORBIDDEN", &by, None),
        as_tried("deleteUser", "FORBIDDEN", &by, None),
        as_tried("deactivateUser", "FORBIDDEN", &with, Some(eve.id)),
        as_tried("signOut", "FORBIDDEN", &with, Some(world.admin.id)),
        as_tried("signIn", "INVALID_CREDENTIALS", "visitor", Some(eve.id)),
    ];
    assert_eq!(world.refused().await, expected);
    assert_eq!(world.refused_in(cirrus).await, []);
    let kept = world.listed(world.account).await;
    assert_eq!((kept[0].address.as_deref(), kept[0].request_id.as_deref(), kept[0].at), (Some(PLACE), Some("request-1"), world.now));
    let by_owner = RefusedAttemptFilter { actor: Some(world.admin.id), ..RefusedAttemptFilter::default() };
    assert_eq!(
        count_refused_attempts(&world.pool, world.account, &by_owner, CountTo::End).await.expect("answers").count,
        2,
        "a key tries for its owner"
    );
}

fn unauthenticated(result: Result<commands::Changed, Error>) {
    assert!(matches!(result, Err(Error::Unauthenticated)), "{result:?}");
}

#[tokio::test]
async fn nothing_that_was_typed_is_in_any_table() {
    let world = World::open().await;
    world.join(EVE, Role::Viewer).await;
    for (email, password) in [("Typed.Address@example.com", WRONG), (EVE, WRONG), ("typed nonsense", "typed nonsense too")] {
        let input = typed(Some("nimbus"), email, password);
        refusal(world.commands.sign_in(&visitor_at(PLACE, world.now), &input).await);
    }
    refusal(world.with_provider(&proven("typed", "typed@example.com"), Some("nimbus")).await);
    assert_eq!(world.refused().await.len(), 4);
    let rows: Vec<String> = sqlx::query_scalar("select t::text from refused_attempts t").fetch_all(&world.pool).await.expect("answers");
    assert!(rows.iter().filter(|row| row.contains(PLACE)).count() == 3, "{rows:?}");
    assert!(!world.everything().await.to_lowercase().contains("typed"));
    assert!(rows.iter().all(|row| !row.contains('@') && !row.contains("passw0rd")), "{rows:?}");
}
