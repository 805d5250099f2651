//! The past by an instant: what was recorded by then, and what may still be.

use chrono::TimeDelta;
use commands::UpdateUser;
use domain::Role;
use projections::users::{as_of_instant, find_user_as_of};

use super::history::follow;
use super::world::{World, change};

#[tokio::test]
async fn the_past_is_told_by_the_instant_and_what_has_not_come_is_not() {
    use projections::users::{AsOfError, NotYet};
    let world = World::patient().await;
    let clock = "select clock_timestamp()";
    let before: chrono::DateTime<chrono::Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("answers");
    let eve = world.join("eve@example.com", Role::Viewer).await;
    world.feed().await;
    let between: chrono::DateTime<chrono::Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("answers");
    world.update(&world.by_admin(), UpdateUser { role: Some(Role::Editor), ..change(eve.id) }).await.expect("updates");
    world.feed().await;
    let after: chrono::DateTime<chrono::Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("answers");
    let role_at = async |at| {
        let as_of = as_of_instant(&world.pool, &world.store, world.account, at).await.expect("is past");
        find_user_as_of(&world.pool, world.account, eve.id, as_of).await.expect("answers").map(|user| user.role)
    };
    for _ in 0..2 {
        assert_eq!(role_at(before).await, None);
        assert_eq!(role_at(between).await, Some(Role::Viewer));
        assert_eq!(role_at(after).await, Some(Role::Editor));
        world
            .invite(&format!("{}@example.com", uuid::Uuid::now_v7().simple()), Role::Viewer)
            .await
            .expect("what comes later changes nothing");
    }
    let foreign = find_user_as_of(
        &world.pool,
        world.open_another().await.0,
        eve.id,
        as_of_instant(&world.pool, &world.store, world.account, after).await.expect("is past"),
    );
    assert!(foreign.await.expect("answers").is_none());
    let future = as_of_instant(&world.pool, &world.store, world.account, after + TimeDelta::days(1)).await;
    assert!(matches!(future, Err(AsOfError::NotYet(NotYet::Future))));

    // A transaction that has an id and has recorded nothing hides nothing that was recorded by now.
    let mut open = world.pool.begin().await.expect("begins");
    sqlx::query("select pg_current_xact_id()").execute(&mut *open).await.expect("has an id");
    let now: chrono::DateTime<chrono::Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("answers");
    assert_eq!(role_at(now).await, Some(Role::Editor));
    // What it records is not told until it has ended.
    let record = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id) \
                  values ('user', $1, 99, 'PasswordSet', '1', '{\"PasswordSet\": {}}', '{}', $2)";
    sqlx::query(record).bind(eve.id.to_string()).bind(world.account.uuid()).execute(&mut *open).await.expect("records");
    let then: chrono::DateTime<chrono::Utc> = sqlx::query_scalar(clock).fetch_one(&world.pool).await.expect("answers");
    let under_way = as_of_instant(&world.pool, &world.store, world.account, then).await;
    assert!(matches!(under_way, Err(AsOfError::NotYet(NotYet::UnderWay))), "{under_way:?}");
    assert_eq!(role_at(between).await, Some(Role::Viewer), "what is settled is told all the same");
    assert_eq!(role_at(now).await, Some(Role::Editor), "and what was told before");
    open.rollback().await.expect("ends");
    assert_eq!(role_at(then).await, Some(Role::Editor));
}

#[tokio::test]
async fn anyone_who_waits_for_what_is_under_way_holds_no_connection_meanwhile() {
    let world = World::patient().await;
    let eve = world.join("eve@example.com", Role::Viewer).await;
    follow(&world).await;
    let mut open = world.pool.begin().await.expect("begins");
    let record = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id) \
                  values ('user', $1, 99, 'PasswordSet', '1', '{\"PasswordSet\": {}}', '{}', $2)";
    sqlx::query(record).bind(eve.id.to_string()).bind(world.account.uuid()).execute(&mut *open).await.expect("records");
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *open).await.expect("answers");
    let at: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *open).await.expect("answers");
    let options = (*world.pool.connect_options()).clone();
    let narrow = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect_with(options).await.expect("connects");
    let ask = || as_of_instant(&narrow, &world.store, world.account, at);
    let end = async {
        // Through the one connection that both could be holding.
        sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&narrow).await.expect("ends it");
    };
    let (first, second, ()) = tokio::join!(ask(), ask(), end);
    for told in [first, second] {
        assert_eq!(told.expect("what was under way has ended").at, at);
    }
}

#[tokio::test]
async fn an_instant_leaves_out_what_was_recorded_by_then_behind_something_later() {
    let world = World::patient().await;
    let (eve, bob) = (world.join("eve@example.com", Role::Viewer).await, world.join("bob@example.com", Role::Viewer).await);
    world.feed().await;
    // Two transactions at once: the one with the lower id records later.
    let record = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) \
                  values ('user', $1, (select max(sequence) + 1 from events where aggregate_id = $1), 'RoleChanged', '1', \
                          '{\"RoleChanged\": {\"from\": \"viewer\", \"to\": \"editor\"}}', '{}', $2, $1::uuid) returning recorded_at";
    let (mut low, mut high) = (world.pool.begin().await.expect("begins"), world.pool.begin().await.expect("begins"));
    for transaction in [&mut low, &mut high] {
        sqlx::query("select pg_current_xact_id()").execute(&mut **transaction).await.expect("takes an id");
    }
    let mut recorded = vec![];
    for (transaction, user) in [(&mut high, &bob), (&mut low, &eve)] {
        let insert = sqlx::query_scalar(record).bind(user.id.to_string()).bind(world.account.uuid());
        let at: chrono::DateTime<chrono::Utc> = insert.fetch_one(&mut **transaction).await.expect("records");
        recorded.push(at);
    }
    low.commit().await.expect("commits");
    high.commit().await.expect("commits");
    let change = "update users set role = 'editor', version = version + 1 where id in ($1, $2)";
    sqlx::query(change).bind(eve.id.uuid()).bind(bob.id.uuid()).execute(&world.pool).await.expect("changes");
    world.feed().await;
    let roles = async |at| {
        let as_of = as_of_instant(&world.pool, &world.store, world.account, at).await.expect("is past");
        let mut roles = vec![];
        for user in [&eve, &bob] {
            roles.push(find_user_as_of(&world.pool, world.account, user.id, as_of).await.expect("answers").expect("is there").role);
        }
        roles
    };
    assert!(recorded[0] < recorded[1]);
    assert_eq!(roles(recorded[0]).await, [Role::Viewer, Role::Viewer], "bob's change stands behind eve's, which was recorded later");
    assert_eq!(roles(recorded[1]).await, [Role::Editor, Role::Editor]);
    // What another account records at the same time leaves nothing out.
    let (other, _) = world.open_another().await;
    let as_of = as_of_instant(&world.pool, &world.store, other, recorded[0]).await.expect("is past");
    assert_eq!(as_of.event, None);
}
