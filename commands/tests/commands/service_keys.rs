//! Service keys: who creates them, what they may do, and that they belong to the account alone.

use chrono::{DateTime, TimeDelta, Utc};
use commands::{CreateKey, EndSessions, Error, InviteRow, InviteUsers, KeyToken, LimitSettings};
use domain::{Actor, ApiScope, Refusal, Role, ServiceKeyId, UserId};
use projections::keys::{KeyFilter, ListedKey, list_keys};
use projections::rebuild::Rebuilder;

use super::history::{Seen, read_models};
use super::refused_attempts::as_tried;
use super::world::{World, change, invitation, refusal};

const TOM: &str = "tom@nimbus.example";

fn wanted(scopes: &[ApiScope]) -> CreateKey {
    CreateKey { name: "Directory sync".to_owned(), scopes: scopes.to_vec(), expires_in_days: Some(30) }
}

/// The id and the token of a key that an actor creates.
async fn key(world: &World, by: Actor, scopes: &[ApiScope]) -> (String, KeyToken) {
    let created = world.commands.create_service_key(&world.by(by), &wanted(scopes)).await.expect("is created");
    (created.id.to_string(), created.token)
}

async fn actor(world: &World, token: &KeyToken, at: DateTime<Utc>) -> Actor {
    world.commands.authenticate(token.expose(), at).await.expect("answers")
}

async fn listed(world: &World, in_use_at: Option<DateTime<Utc>>) -> Vec<ListedKey<ServiceKeyId>> {
    let filter = KeyFilter { in_use_at, ..KeyFilter::default() };
    list_keys(&world.pool, world.account, filter, None, 100).await.expect("answers")
}

#[tokio::test]
async fn a_service_key_acts_for_the_account_and_every_event_names_it() {
    let world = World::open().await;
    let (id, token) = key(&world, world.admin.actor, &[ApiScope::UsersWrite]).await;
    assert!(token.expose().starts_with("roster_a_"));
    let program = actor(&world, &token, world.now).await;
    assert_eq!((program.account(), program.user(), program.to_string()), (Some(world.account), None, format!("service_key:{id}")));
    let invite = async |role| world.commands.invite_user(&world.by(program), world.account, &invitation(TOM, role)).await;
    assert!(matches!(invite(Role::Admin).await, Err(Error::Forbidden)), "it has no scope for admins");
    invite(Role::Editor).await.expect("invites");
    let by = "select metadata ->> 'actor' from events where event_type = 'Invited' order by position desc limit 1";
    let by: String = sqlx::query_scalar(by).fetch_one(&world.pool).await.expect("answers");
    assert_eq!(by, program.to_string());
    assert_eq!(world.refused().await, [as_tried("inviteUser", "FORBIDDEN", &by, None)], "what it may not is kept");
}

#[tokio::test]
async fn only_admins_with_a_session_create_and_revoke_service_keys() {
    let world = World::open().await;
    let (id, token) = key(&world, world.admin.actor, &ApiScope::ALL).await;
    let api_key = commands::CreateKey { name: "CI".to_owned(), scopes: ApiScope::ALL.to_vec(), expires_in_days: None };
    let api_key = world.commands.create_api_key(&world.by_admin(), &api_key).await.expect("is created").token;
    let mut others =
        vec![actor(&world, &token, world.now).await, world.commands.authenticate(api_key.expose(), world.now).await.expect("answers")];
    for (email, role) in [(TOM, Role::Editor), ("vic@nimbus.example", Role::Viewer)] {
        others.push(world.join(email, role).await.actor);
    }
    let before = world.everything().await;
    for other in others {
        let ctx = world.by(other);
        assert!(matches!(world.commands.create_service_key(&ctx, &wanted(&[ApiScope::UsersRead])).await, Err(Error::Forbidden)), "{other}");
        assert!(matches!(world.commands.revoke_service_key(&ctx, &id).await, Err(Error::Forbidden)), "{other}");
    }
    let visitor = world.by(Actor::Visitor);
    assert!(matches!(world.commands.create_service_key(&visitor, &wanted(&[ApiScope::UsersRead])).await, Err(Error::Unauthenticated)));
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn a_service_key_does_nothing_that_someone_does_to_themselves() {
    let world = World::open().await;
    let (_, token) = key(&world, world.admin.actor, &ApiScope::ALL).await;
    let ctx = world.by(actor(&world, &token, world.now).await);
    let (commands, text) = (&world.commands, "x".to_owned());
    let create = commands::CreateKey { name: text.clone(), scopes: vec![], expires_in_days: None };
    let change = commands::ChangePassword { current_password: "x".into(), new_password: "x".into(), keep_api_keys: true };
    let leave = commands::LeaveAccount { confirm_email: text.clone(), idempotency_key: None };
    let answers = [
        commands.create_api_key(&ctx, &create).await.map(drop),
        commands.revoke_api_key(&ctx, &text).await.map(drop),
        commands.change_password(&ctx, &change).await.map(drop),
        commands.leave_account(&ctx, &leave).await.map(drop),
        commands.end_session(&ctx, &text).await.map(drop),
        commands.end_sessions(&ctx, &EndSessions::default()).await.map(drop),
        commands.end_sessions(&ctx, &EndSessions { user_id: Some(world.admin.id.to_string()), keep_current: false }).await.map(drop),
        commands.sign_out(&ctx).await,
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        assert!(matches!(answer, Err(Error::Forbidden)), "{number}: {answer:?}");
    }
}

#[tokio::test]
async fn a_service_key_works_to_the_microsecond_until_it_is_over_or_revoked() {
    let world = World::open().await;
    let (id, token) = key(&world, world.admin.actor, &[ApiScope::UsersRead]).await;
    let over = world.now + TimeDelta::days(30);
    assert_ne!(actor(&world, &token, over - TimeDelta::microseconds(1)).await, Actor::Visitor);
    assert_eq!(actor(&world, &token, over).await, Actor::Visitor);
    for _ in 0..2 {
        world.commands.revoke_service_key(&world.by_admin(), &id).await.expect("twice is once");
    }
    assert_eq!(actor(&world, &token, world.now).await, Actor::Visitor);
    let kinds = "select event_type from events where aggregate_type = 'service_key' order by position";
    let kinds: Vec<String> = sqlx::query_scalar(kinds).fetch_all(&world.pool).await.expect("answers");
    assert_eq!(kinds, ["Created", "Revoked"]);
    assert_eq!((listed(&world, Some(world.now)).await.len(), listed(&world, None).await.len()), (0, 1));
}

#[tokio::test]
async fn a_service_key_stays_whatever_becomes_of_who_created_it() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Admin).await;
    let (_, token) = key(&world, tom.actor, &[ApiScope::UsersRead]).await;
    let works = async || actor(&world, &token, world.now).await != Actor::Visitor;
    world.set_access(tom.id, false).await;
    assert!(works().await, "deactivated");
    world.delete(&world.by_admin(), tom.id, TOM).await.expect("deletes");
    assert!(works().await, "deleted");
    let erase = commands::EraseUser { id: tom.id.to_string(), confirm_email: TOM.to_owned(), expected_version: None };
    world.commands.erase_user(&world.by_admin(), world.account, &erase).await.expect("erases");
    assert!(works().await, "erased");
}

#[tokio::test]
async fn who_has_lost_their_access_or_role_creates_no_service_key_any_more() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Admin).await;
    // As in a request that was authenticated right before.
    let create = async || world.commands.create_service_key(&world.by(tom.actor), &wanted(&[ApiScope::UsersRead])).await;
    let mut demote = change(tom.id);
    demote.role = Some(Role::Editor);
    world.update(&world.by_admin(), demote).await.expect("demotes");
    assert!(matches!(create().await, Err(Error::Forbidden)));
    world.set_access(tom.id, false).await;
    assert_eq!(refusal(create().await), Refusal::AccessDeactivated);
    assert!(listed(&world, None).await.is_empty());
}

#[tokio::test]
async fn service_keys_of_another_account_are_as_good_as_none() {
    let world = World::open().await;
    let (id, token) = key(&world, world.admin.actor, &ApiScope::ALL).await;
    let (theirs, stranger) = world.open_another().await;
    assert_eq!(refusal(world.commands.revoke_service_key(&world.by(stranger.actor), &id).await), Refusal::NotFound);
    let ctx = world.by(actor(&world, &token, world.now).await);
    let invite = world.commands.invite_user(&ctx, theirs, &invitation(TOM, Role::Viewer)).await;
    assert!(matches!(invite, Err(Error::Forbidden)), "another account is out of reach");
    let theirs = list_keys::<ServiceKeyId>(&world.pool, theirs, KeyFilter::default(), None, 100).await.expect("answers");
    assert_eq!(theirs, []);
}

#[tokio::test]
async fn all_service_keys_of_an_account_share_one_limit_of_invitations() {
    let world = World::open_with(LimitSettings { invitations_per_day: 2, ..LimitSettings::default() }).await;
    let rows = |tag: &str| {
        let row = |number| InviteRow {
            email: format!("{tag}-{number}@nimbus.example"),
            role: Role::Viewer,
            auth_methods: vec!["password".to_owned()],
        };
        InviteUsers { rows: (0..2).map(row).collect(), dry_run: false, idempotency_key: None }
    };
    let mut invited = vec![];
    for tag in ["first", "second"] {
        let (_, token) = key(&world, world.admin.actor, &[ApiScope::UsersWrite]).await;
        let ctx = world.by(actor(&world, &token, world.now).await);
        let answers = world.commands.invite_users(&ctx, world.account, &rows(tag)).await.expect("answers");
        invited.push(answers.iter().filter(|answer| answer.refusal.is_none()).count());
    }
    assert_eq!(invited, [2, 0]);
    world.invite(TOM, Role::Viewer).await.expect("a person has a limit of their own");
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute_and_what_is_stored_lets_no_one_in() {
    let world = World::open().await;
    let (_, token) = key(&world, world.admin.actor, &[ApiScope::UsersRead]).await;
    for (seconds, noted) in [(0, 0), (59, 0), (60, 60)] {
        actor(&world, &token, world.now + TimeDelta::seconds(seconds)).await;
        let used = listed(&world, None).await[0].last_used_at;
        assert_eq!(used, Some(world.now + TimeDelta::seconds(noted)));
    }
    assert!(!world.everything().await.contains(token.expose().trim_start_matches("roster_a_")));
}

#[tokio::test]
async fn the_same_idempotency_key_of_two_service_keys_means_two_requests() {
    let world = World::open().await;
    let mut invited: Vec<UserId> = vec![];
    for email in ["one@nimbus.example", "two@nimbus.example"] {
        let (_, token) = key(&world, world.admin.actor, &[ApiScope::UsersWrite]).await;
        let ctx = world.by(actor(&world, &token, world.now).await);
        let mut input = invitation(email, Role::Viewer);
        input.idempotency_key = Some("sync-1".to_owned());
        for _ in 0..2 {
            invited.push(world.commands.invite_user(&ctx, world.account, &input).await.expect("invites").user_id);
        }
    }
    assert!(invited[0] == invited[1] && invited[2] == invited[3] && invited[0] != invited[2], "{invited:?}");
}

#[tokio::test]
async fn the_list_of_service_keys_is_compared_and_repaired() {
    let world = World::open().await;
    let (gone, _) = key(&world, world.admin.actor, &[ApiScope::UsersRead]).await;
    let (changed, token) = key(&world, world.admin.actor, &[ApiScope::AuditRead]).await;
    world.commands.revoke_service_key(&world.by_admin(), &gone).await.expect("revokes");
    let before = read_models(&world).await;
    for sql in [
        format!("delete from service_keys where id = '{gone}'"),
        format!("update service_keys set name = 'Mallory', scopes = '{{users:write}}' where id = '{changed}'"),
        "insert into service_keys (id, account_id, name, scopes, token_hash, created_at, expires_at)
            select gen_random_uuid(), id, 'Mallory', '{users:read}', sha256('x'), now(), now() from accounts"
            .to_owned(),
    ] {
        sqlx::query(&sql).execute(&world.pool).await.expect("damages");
    }
    let rebuilder = Rebuilder::new(&world.pool, &world.store);
    let mut seen = Seen::default();
    assert_eq!(rebuilder.verify(&mut seen).await.expect("compares").differing, 3);
    rebuilder.rebuild(&mut seen).await.expect("repairs");
    assert_eq!(read_models(&world).await, before);
    assert_eq!(rebuilder.verify(&mut seen).await.expect("compares").differing, 0);
    assert_ne!(actor(&world, &token, world.now).await, Actor::Visitor, "a key whose row was there works on");
}
