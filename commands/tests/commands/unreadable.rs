//! One event that cannot be read: the past of others goes on, and that of its user is written as soon as it can be read.

use commands::UpdateUser;
use domain::Role;
use event_store::Cursor;
use projections::rebuild::Rebuilder;
use projections::users::{UserView, as_of_instant, find_user_as_of, reread};

use super::history::{Seen, assert_verified, follow};
use super::world::{Member, World, change};

impl World {
    /// Someone as the past has them at this moment.
    async fn then(&self, member: &Member) -> Option<UserView> {
        let now = sqlx::query_scalar("select clock_timestamp()").fetch_one(&self.pool).await.expect("answers");
        let as_of = as_of_instant(&self.pool, &self.store, self.account, now).await.expect("is past");
        find_user_as_of(&self.pool, self.account, member.id, as_of).await.expect("answers")
    }

    /// Does to events what no one can do while the trigger is on.
    async fn damage(&self, sql: &str) {
        let mut connection = self.pool.acquire().await.expect("connects");
        let sql = format!("set session_replication_role = replica; {sql}; set session_replication_role = default");
        sqlx::raw_sql(&sql).execute(&mut *connection).await.expect("damages");
    }

    async fn remembered(&self) -> i64 {
        sqlx::query_scalar("select count(*) from unreadable_events").fetch_one(&self.pool).await.expect("answers")
    }
}

#[tokio::test]
async fn after_an_upgrade_those_with_an_unreadable_event_have_no_past_until_it_can_be_read() {
    let world = World::patient().await;
    let (eve, bob) = (world.join("eve@example.com", Role::Viewer).await, world.join("bob@example.com", Role::Viewer).await);
    for (user, role) in [(&eve, Role::Editor), (&bob, Role::Editor), (&eve, Role::Admin)] {
        world.update(&world.by_admin(), UpdateUser { role: Some(role), ..change(user.id) }).await.expect("updates");
    }
    // As if a newer Roster had written it.
    let to_editor = format!("event_type = 'RoleChanged' and aggregate_id = '{}' and payload->'RoleChanged'->>'to' = 'editor'", eve.id);
    world.damage(&format!("update events set event_version = '9' where {to_editor}")).await;
    follow(&world).await;
    assert_eq!(world.remembered().await, 1);
    assert_eq!(world.store.take_reports().len(), 1, "and it is reported");
    assert_eq!(world.then(&eve).await.map(|user| user.role), Some(Role::Admin), "what was written when it could be read stays");
    world.forget_past().await;
    assert_eq!(world.then(&bob).await.map(|user| user.role), Some(Role::Editor));
    assert!(world.then(&eve).await.is_none(), "nothing is guessed");

    assert_eq!(reread(&world.pool, &world.store, Cursor::default()).await.expect("reads"), None);
    assert_eq!(world.remembered().await, 1, "this Roster cannot read it yet");
    // As if this one were the newer Roster.
    world.damage(&format!("update events set event_version = '1' where {to_editor}")).await;
    reread(&world.pool, &world.store, Cursor::default()).await.expect("reads");
    assert_eq!(world.remembered().await, 0);
    assert_eq!(world.then(&eve).await.map(|user| user.role), Some(Role::Admin));
    assert_verified(&world).await;
}

#[tokio::test]
async fn someone_whose_invitation_cannot_be_read_any_more_keeps_their_past() {
    let world = World::patient().await;
    let eve = world.join("eve@example.com", Role::Viewer).await;
    let hide = format!("update person_keys set wrapped_key = '\\x00' || wrapped_key where person_id = '{}'", eve.id);
    world.damage(&hide).await;
    let bob = world.join("bob@example.com", Role::Viewer).await;
    follow(&world).await;
    assert!(world.then(&eve).await.is_some() && world.then(&bob).await.is_some());
    assert_eq!(world.remembered().await, 1);
    let refused = world.update(&world.by_admin(), UpdateUser { role: Some(Role::Editor), ..change(eve.id) }).await;
    assert_eq!(refused.expect_err("nothing is decided on a part of a stream").code(), "INTERNAL");
    world.update(&world.by_admin(), UpdateUser { role: Some(Role::Editor), ..change(bob.id) }).await.expect("others go on");
    let outcome = Rebuilder::new(&world.pool, &world.store).verify(&mut Seen::default()).await.expect("compares");
    assert!(outcome.unreadable > 0 && outcome.differing == 0, "{outcome:?}");

    world.forget_past().await;
    assert!(world.then(&eve).await.is_none(), "no one knows who that is");
    let heal = format!("update person_keys set wrapped_key = substr(wrapped_key, 2) where person_id = '{}'", eve.id);
    world.damage(&heal).await;
    reread(&world.pool, &world.store, Cursor::default()).await.expect("reads");
    assert_eq!(world.remembered().await, 0);
    assert_eq!(world.then(&eve).await.map(|user| user.email), Some("eve@example.com".to_owned()));
    assert_verified(&world).await;
}
