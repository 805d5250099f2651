//! The people and keys that the refusals need.

use commands::{CreateKey, InviteUser, MAX_API_KEYS, MAX_SERVICE_KEYS, MAX_VIEWS, SaveView, UpdateUser};
use domain::{ApiScope, Role, UserId};

use crate::providers::proven;
use crate::world::{ADMIN, World, change, invitation};

/// The people whom the refusals need.
pub(super) struct People {
    pub(super) pending: UserId,
    pub(super) links: Links,
    pub(super) deleted: UserId,
    pub(super) for_google: UserId,
    /// Their role changed twice.
    pub(super) changed_twice: UserId,
}

pub(super) struct Links {
    pub(super) works: String,
    pub(super) replaced: String,
    pub(super) revoked: String,
    pub(super) without_password: String,
    pub(super) accepted: String,
}

pub(super) const INACTIVE: &str = "inactive@example.com";
pub(super) const FOR_GOOGLE: &str = "for-google@example.com";

pub(super) async fn people(world: &World) -> People {
    let by_admin = world.by_admin();
    let invite = async |email: &str| world.invite(email, Role::Viewer).await.expect("invites").user_id;
    let pending = invite("pending@example.com").await;
    let replaced = world.link(world.account, pending).await;
    world.resend(&by_admin, pending, "pending@example.com").await.expect("resends");
    let deleted = invite("deleted@example.com").await;
    let revoked = world.link(world.account, deleted).await;
    world.delete(&by_admin, deleted, "deleted@example.com").await.expect("deletes");
    let google_only = invite("google@example.com").await;
    let google = UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..change(google_only) };
    world.update(&by_admin, google).await.expect("updates");
    let changed_twice = invite("twice@example.com").await;
    for role in [Role::Editor, Role::Admin] {
        world.update(&by_admin, UpdateUser { role: Some(role), ..change(changed_twice) }).await.expect("updates");
    }
    let inactive = world.join(INACTIVE, Role::Viewer).await;
    world.update(&by_admin, UpdateUser { active: Some(false), ..change(inactive.id) }).await.expect("deactivates");
    let keyed = InviteUser { idempotency_key: Some("used".to_owned()), ..invitation("keyed@example.com", Role::Viewer) };
    world.commands.invite_user(&by_admin, world.account, &keyed).await.expect("invites");
    world.open_another().await;
    let for_google = world.invite_for_google(FOR_GOOGLE).await;
    sqlx::query("update invitation_counts set sent = 2000").execute(&world.pool).await.expect("updates");
    world.with_provider(&proven("linked", ADMIN), Some("nimbus")).await.expect("signs in");
    for number in 0..MAX_API_KEYS {
        let input = CreateKey { name: format!("key {number}"), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
        world.commands.create_api_key(&by_admin, &input).await.expect("is made");
    }
    let many = "insert into service_keys (id, account_id, name, scopes, token_hash, created_at, expires_at)
        select gen_random_uuid(), $1, 'one of many', '{users:read}', sha256(n::text::bytea), $2, $2 + interval '1 day'
        from generate_series(1, $3) n";
    let many = sqlx::query(many).bind(world.account.uuid()).bind(world.now).bind(MAX_SERVICE_KEYS.cast_signed());
    many.execute(&world.pool).await.expect("inserts");
    for number in 0..MAX_VIEWS {
        let input = SaveView { name: format!("view {number}"), query: String::new(), shared: false };
        world.commands.save_view(&by_admin, &input).await.expect("is saved");
    }
    let ours = SaveView { name: "Ours".to_owned(), query: String::new(), shared: true };
    world.commands.save_view(&by_admin, &ours).await.expect("is saved");
    let links = Links {
        works: world.link(world.account, pending).await,
        replaced,
        revoked,
        without_password: world.link(world.account, google_only).await,
        accepted: world.link(world.account, world.admin.id).await,
    };
    People { pending, links, deleted, for_google, changed_twice }
}
