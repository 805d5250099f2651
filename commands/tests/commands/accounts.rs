//! What an account decides for itself, and that no one is left without a way to sign in.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{Context, Error, InviteUser, UpdateAccount, UpdateUser};
use domain::{Actor, Refusal, Role};
use projections::accounts::{AccountView, find_account};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::world::{ADMIN, PASSWORD, World, change, invitation, refusal};

async fn update(world: &World, ctx: &Context, input: UpdateAccount) -> Result<u64, Error> {
    world.commands.update_account(ctx, world.account, &input).await
}

async fn account(world: &World) -> AccountView {
    find_account(&world.pool, world.account).await.expect("answers").expect("is there")
}

fn offering(ids: &[&str]) -> UpdateAccount {
    UpdateAccount { auth_methods: Some(ids.iter().map(|id| (*id).to_owned()).collect()), ..UpdateAccount::default() }
}

fn with_google(email: &str) -> InviteUser {
    InviteUser { auth_methods: vec!["google".to_owned()], ..invitation(email, Role::Viewer) }
}

async fn events(world: &World) -> Vec<String> {
    let select = "select event_type from events where aggregate_type = 'account' and account_id = $1 order by sequence";
    sqlx::query_scalar(select).bind(world.account.uuid()).fetch_all(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn invitations_and_resends_work_for_as_long_as_the_account_says() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    update(&world, &ctx, UpdateAccount { invitation_hours: Some(72), ..UpdateAccount::default() }).await.expect("updates");
    let expires_at = |view: projections::users::UserView| view.invitation_expires_at;
    assert_eq!(expires_at(world.view(world.account, ada).await), world.now + TimeDelta::hours(24), "what was sent stays");
    let eve = world.invite("eve@example.com", Role::Viewer).await.expect("invites").user_id;
    assert_eq!(expires_at(world.view(world.account, eve).await), world.now + TimeDelta::hours(72));
    world.resend(&ctx, ada, "ada@example.com").await.expect("resends");
    assert_eq!(expires_at(world.view(world.account, ada).await), world.now + TimeDelta::hours(72));
}

#[tokio::test]
async fn what_is_given_changes_together_and_the_version_rises_with_it() {
    let world = World::open().await;
    let ctx = world.by_admin();
    assert_eq!(account(&world).await.version, 1);
    let input =
        UpdateAccount { name: Some("Cirrus".to_owned()), invitation_hours: Some(1), expected_version: Some(1), ..offering(&["password"]) };
    assert_eq!(update(&world, &ctx, input.clone()).await.expect("updates"), 4);
    let view = account(&world).await;
    assert_eq!((view.name.as_str(), view.slug.as_str(), view.version, view.invitation_hours.get()), ("Cirrus", "nimbus", 4, 1));
    assert_eq!(events(&world).await, ["Opened", "Renamed", "InvitationHoursChanged", "AuthMethodsChanged"]);
    assert_eq!(refusal(update(&world, &ctx, input.clone()).await), Refusal::VersionConflict { current: 4 });
    let again = UpdateAccount { expected_version: None, ..input };
    assert_eq!(update(&world, &ctx, again).await.expect("is done already"), 4);
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_with_its_code() {
    let world = World::open().await;
    world.commands.invite_user(&world.by_admin(), world.account, &with_google("ada@example.com")).await.expect("invites");
    let before = world.counts().await;
    let hours = |hours| UpdateAccount { invitation_hours: Some(hours), ..UpdateAccount::default() };
    for (input, code) in [
        (UpdateAccount { name: Some(" ".to_owned()), ..hours(48) }, "INVALID_NAME"),
        (hours(0), "INVALID_INVITATION_HOURS"),
        (hours(-1), "INVALID_INVITATION_HOURS"),
        (hours(721), "INVALID_INVITATION_HOURS"),
        (offering(&[]), "AUTH_METHODS_REQUIRED"),
        (offering(&["Pass Word"]), "INVALID_AUTH_METHOD"),
        (offering(&["password", "okta"]), "AUTH_METHOD_NOT_OFFERED"),
        (offering(&["password"]), "AUTH_METHOD_IN_USE"),
        (UpdateAccount { expected_version: Some(7), ..hours(48) }, "VERSION_CONFLICT"),
        (UpdateAccount { idempotency_key: Some(String::new()), ..hours(48) }, "INVALID_IDEMPOTENCY_KEY"),
    ] {
        assert_eq!(refusal(update(&world, &world.by_admin(), input.clone()).await).code(), code, "{input:?}");
    }
    let viewer = world.join("tom@nimbus.example", Role::Editor).await;
    let (_, stranger) = world.open_another().await;
    for actor in [viewer.actor, stranger.actor] {
        assert!(matches!(update(&world, &world.by(actor), hours(48)).await, Err(Error::Forbidden)));
    }
    assert!(matches!(update(&world, &world.by(Actor::Visitor), hours(48)).await, Err(Error::Unauthenticated)));
    assert_eq!((account(&world).await.version, events(&world).await.len()), (1, 1));
    assert_ne!(world.counts().await, before, "only the members were written");
}

#[tokio::test]
async fn what_an_account_does_not_offer_neither_invites_nor_accepts_nor_signs_in() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let both = InviteUser { auth_methods: vec!["google".to_owned(), "password".to_owned()], ..invitation("ada@example.com", Role::Viewer) };
    let ada = world.commands.invite_user(&ctx, world.account, &both).await.expect("invites").user_id;
    let me = UpdateUser { auth_methods: Some(both.auth_methods.clone()), ..change(world.admin.id) };
    world.update(&ctx, me).await.expect("updates");
    let link = world.link(world.account, ada).await;
    update(&world, &ctx, offering(&["google"])).await.expect("everybody has another way");
    assert_eq!(refusal(world.invite("eve@example.com", Role::Viewer).await).code(), "AUTH_METHOD_NOT_OFFERED");
    assert_eq!(refusal(world.accept_link(&link, world.now).await), Refusal::AuthMethodNotAllowed);
    assert_eq!(refusal(world.sign_in(ADMIN, PASSWORD, world.now).await), Refusal::AuthMethodNotAllowed);
    update(&world, &ctx, offering(&["google", "password"])).await.expect("offers it again");
    world.accept_link(&link, world.now).await.expect("accepts");
    world.sign_in(ADMIN, PASSWORD, world.now).await.expect("signs in");
}

#[tokio::test]
async fn a_key_makes_repeating_harmless_and_serves_one_request() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let keyed = |hours| UpdateAccount { invitation_hours: Some(hours), idempotency_key: Some("k".to_owned()), ..UpdateAccount::default() };
    assert_eq!(update(&world, &ctx, keyed(48)).await.expect("updates"), 2);
    update(&world, &ctx, UpdateAccount { invitation_hours: Some(24), ..UpdateAccount::default() }).await.expect("updates");
    assert_eq!(update(&world, &ctx, keyed(48)).await.expect("is remembered"), 2);
    assert_eq!(account(&world).await.invitation_hours.get(), 24);
    assert_eq!(refusal(update(&world, &ctx, keyed(72)).await), Refusal::IdempotencyKeyReused);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_with_one_key_one_happens() {
    let world = Arc::new(World::open().await);
    let mut rivals = JoinSet::new();
    for _ in 0..20 {
        let world = Arc::clone(&world);
        let input = UpdateAccount { invitation_hours: Some(48), idempotency_key: Some("k".to_owned()), ..UpdateAccount::default() };
        rivals.spawn(async move { update(&world, &world.by_admin(), input).await.expect("is answered") });
    }
    assert!(rivals.join_all().await.iter().all(|version| *version == 2));
    assert_eq!(events(&world).await, ["Opened", "InvitationHoursChanged"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_one_is_given_a_way_to_sign_in_while_it_is_withdrawn() {
    let world = Arc::new(World::open().await);
    let tom = world.join("tom@nimbus.example", Role::Viewer).await;
    for round in 0..50 {
        let start = Arc::new(Barrier::new(3));
        let run = |command: u8| {
            let (world, start, tom) = (Arc::clone(&world), Arc::clone(&start), tom.id);
            tokio::spawn(async move {
                start.wait().await;
                let ctx = world.by_admin();
                match command {
                    0 => update(&world, &ctx, offering(&["password"])).await.map(drop),
                    1 => world.commands.invite_user(&ctx, world.account, &with_google(&format!("ada{round}@example.com"))).await.map(drop),
                    _ => {
                        let only_google = UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..change(tom) };
                        world.update(&ctx, only_google).await.map(drop)
                    }
                }
            })
        };
        let (withdrawn, invited, updated) = tokio::join!(run(0), run(1), run(2));
        let given = [invited.expect("no panic"), updated.expect("no panic")];
        match withdrawn.expect("no panic") {
            Ok(()) => assert!(given.into_iter().all(|result| refusal(result).code() == "AUTH_METHOD_NOT_OFFERED"), "round {round}"),
            Err(error) => assert_eq!(refusal::<()>(Err(error)).code(), "AUTH_METHOD_IN_USE", "round {round}"),
        }
        let ctx = world.by_admin();
        update(&world, &ctx, offering(&["google", "password"])).await.expect("offers both again");
        world.update(&ctx, UpdateUser { auth_methods: Some(vec!["password".to_owned()]), ..change(tom.id) }).await.expect("updates");
        let ada = "select id from users where email = $1";
        let ada: Option<uuid::Uuid> =
            sqlx::query_scalar(ada).bind(format!("ada{round}@example.com")).fetch_optional(&world.pool).await.expect("answers");
        if let Some(id) = ada {
            world.delete(&ctx, domain::UserId::new(id), &format!("ada{round}@example.com")).await.expect("deletes");
        }
    }
}
