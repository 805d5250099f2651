//! The past of users: what makes it longer, and who writes it after an upgrade.

use commands::UpdateUser;
use domain::Role;
use event_store::Lock;
use projections::users::{AsOfError, NotYet, as_of_instant, prepare};

use super::history::{assert_verified, follow, read_models};
use super::world::{Member, PASSWORD, World, change};

impl World {
    async fn count(&self, select: &str) -> i64 {
        sqlx::query_scalar(select).fetch_one(&self.pool).await.expect(select)
    }

    /// As an upgrade leaves it.
    pub(crate) async fn forget_past(&self) {
        for forget in ["update users set since_transaction = null", "delete from user_versions", "delete from past_activity"] {
            sqlx::query(forget).execute(&self.pool).await.expect(forget);
        }
    }

    async fn lacking(&self) -> i64 {
        self.count("select count(*) from users where lacks_past").await
    }

    async fn promote(&self, member: &Member) {
        let update = UpdateUser { role: Some(Role::Editor), ..change(member.id) };
        self.update(&self.by_admin(), update).await.expect("updates");
    }
}

#[tokio::test]
async fn a_sign_in_ends_no_version() {
    let world = World::open().await;
    let eve = world.join("eve@example.com", Role::Viewer).await;
    let versions = "select count(*) from user_versions";
    let former = format!("select count(*) from past_activity where user_id = '{}'", eve.id);
    let before = (world.count(versions).await, world.count(&former).await);
    for _ in 0..3 {
        world.sign_in("eve@example.com", PASSWORD, world.now).await.expect("signs in");
    }
    assert_eq!((world.count(versions).await, world.count(&former).await), (before.0, before.1 + 3));
    world.promote(&eve).await;
    assert_eq!((world.count(versions).await, world.count(&former).await), (before.0 + 1, before.1 + 3));
    assert_verified(&world).await;
}

#[tokio::test]
async fn processes_share_the_past_that_is_lacking_and_finish_what_another_one_left() {
    let world = World::patient().await;
    let mut members = vec![];
    for number in 0..5 {
        members.push(world.join(&format!("user{number}@example.com"), Role::Viewer).await);
    }
    world.promote(&members[0]).await;
    follow(&world).await;
    let before = read_models(&world).await;
    world.forget_past().await;
    let all = world.lacking().await;

    // Another process has taken two of them.
    let mut other = world.pool.begin().await.expect("begins");
    let taken = [members[0].id, members[1].id];
    assert_eq!(Lock::take_free_users(&mut other, &taken, 10).await.expect("takes").len(), 2);
    assert_eq!(prepare(&world.pool, &world.store, None).await.expect("writes"), all.unsigned_abs() - 2);
    assert_eq!(prepare(&world.pool, &world.store, None).await.expect("leaves them to the other one"), 0);
    let now = sqlx::query_scalar("select clock_timestamp()").fetch_one(&world.pool).await.expect("answers");
    let asked = as_of_instant(&world.pool, &world.store, world.account, now).await;
    assert!(matches!(asked, Err(AsOfError::NotYet(NotYet::BeingPrepared))), "{asked:?}");
    // It dies.
    drop(other);
    world.until_prepared().await;
    assert_eq!(read_models(&world).await, before);
    assert_verified(&world).await;
}

impl World {
    /// The rest, as soon as the database has noticed that the other process is gone.
    async fn until_prepared(&self) {
        let deadline = tokio::time::Instant::now() + test_support::TIMEOUT;
        while self.lacking().await > 0 {
            prepare(&self.pool, &self.store, None).await.expect("writes");
            assert!(tokio::time::Instant::now() < deadline, "it is never finished");
        }
    }
}

#[tokio::test]
async fn what_an_earlier_program_changes_without_its_past_is_written_from_the_events() {
    let world = World::patient().await;
    let eve = world.join("eve@example.com", Role::Viewer).await;
    world.promote(&eve).await;
    let before = read_models(&world).await;
    // It knows neither the columns nor the tables of the past.
    let forget = format!("update users set version = version - 1, role = 'viewer' where id = '{}'", eve.id);
    let again = format!("update users set version = version + 1, role = 'editor' where id = '{}'", eve.id);
    for change in [forget, again] {
        sqlx::query(&change).execute(&world.pool).await.expect("changes");
        assert_eq!(world.lacking().await, 1);
    }
    world.until_prepared().await;
    assert_eq!(read_models(&world).await, before);
    assert_verified(&world).await;
}
