//! A rebuild while others work, and one that is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use commands::{Context, UpdateUser};
use domain::Role;
use projections::rebuild::{Difference, Rebuilder, Watch, find_progress};
use projections::users::find_user;
use sqlx::PgPool;

use super::history::{Seen, assert_verified, follow, read_models};
use super::world::{PASSWORD, World, change};

/// Someone who changes a user, signs them in, and looks at them, again and again: nothing fails, and nothing old is read.
async fn work_until(world: &World, email: &str, done: &AtomicBool) -> u64 {
    let member = world.join(email, Role::Viewer).await;
    let mut rounds = 0;
    while !done.load(Ordering::Relaxed) || rounds < 3 {
        rounds += 1;
        let at = world.now + TimeDelta::seconds(i64::try_from(rounds).expect("small"));
        let ctx = Context::new(world.admin.actor, None, at);
        let (role, name) = (Role::ALL[usize::try_from(rounds % 2).expect("small")], format!("Name {rounds}"));
        let update = UpdateUser { role: Some(role), name: Some(name.clone()), ..change(member.id) };
        let changed = world.update(&ctx, update).await.expect("updates");
        let seen = world.view(world.account, member.id).await;
        assert_eq!((seen.role, seen.name, seen.version), (role, Some(name), changed.version));
        let signed_in = world.sign_in(email, PASSWORD, at).await.expect("signs in");
        assert!(world.is_alive(&signed_in.token, at).await);
        let invited = world.invite(&format!("guest{rounds}-of-{email}"), Role::Viewer).await.expect("invites");
        assert!(find_user(&world.pool, world.account, invited.user_id).await.expect("answers").is_some());
    }
    rounds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rebuild_disturbs_no_one_who_works_meanwhile() {
    let world = Arc::new(World::patient().await);
    let mut resting = vec![];
    for number in 0..30 {
        resting.push(world.join(&format!("resting{number}@example.com"), Role::Editor).await.id.uuid());
    }
    let done = Arc::new(AtomicBool::new(false));
    let workers: Vec<_> = (0..3)
        .map(|number| {
            let (world, done) = (Arc::clone(&world), Arc::clone(&done));
            tokio::spawn(async move { work_until(&world, &format!("busy{number}@example.com"), &done).await })
        })
        .collect();
    let mut repaired = 0;
    for round in 0..6 {
        let damage = "update users set role = 'viewer', name = 'Mallory ' || $2, version = 99 where id = any($1)";
        sqlx::query(damage).bind(&resting).bind(round.to_string()).execute(&world.pool).await.expect("damages");
        sqlx::query("delete from sessions where user_id = any($1)").bind(&resting).execute(&world.pool).await.expect("damages");
        let mut seen = Seen::default();
        let outcome = Rebuilder::new(&world.pool, &world.store).with_chunk(10).rebuild(&mut seen).await.expect("rebuilds");
        repaired += outcome.differing;
        assert!(seen.0.iter().all(|found| found.user_id.is_some_and(|id| resting.contains(&id.uuid()))), "{:?}", seen.0);
        assert_verified(&world).await;
    }
    done.store(true, Ordering::Relaxed);
    for worker in workers {
        assert!(worker.await.expect("works") >= 3);
    }
    assert_eq!(repaired, 6 * 2 * 30);
    follow(&world).await;
    assert_verified(&world).await;
    let mails: i64 = sqlx::query_scalar("select count(*) from mail_outbox where user_id = any($1)")
        .bind(&resting)
        .fetch_one(&world.pool)
        .await
        .expect("answers");
    assert_eq!(mails, 0, "no mail comes of a rebuild");
}

/// Ends every other connection to the database once so many users are done, and lets no one connect again.
struct CutOff {
    at: u64,
    killer: Killer,
}

/// Ends connections to a database from another one.
#[derive(Clone)]
struct Killer {
    elsewhere: PgPool,
    database: String,
}

impl Watch for CutOff {
    fn progress(&mut self, done: u64, _total: u64) {
        if done >= self.at {
            let kill = async {
                self.killer.allow_connections(false).await;
                let kill = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
                sqlx::query(kill).bind(&self.killer.database).execute(&self.killer.elsewhere).await.expect("kills");
            };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(kill));
        }
    }

    fn differs(&mut self, _difference: &Difference) {}
}

impl Killer {
    async fn of(pool: &PgPool) -> Self {
        let database = sqlx::query_scalar("select current_database()::text").fetch_one(pool).await.expect("answers");
        let options = (*pool.connect_options()).clone().database("postgres");
        Self { elsewhere: PgPool::connect_with(options).await.expect("connects"), database }
    }

    async fn allow_connections(&self, allowed: bool) {
        let alter = format!("alter database \"{}\" with allow_connections {allowed}", self.database);
        sqlx::query(&alter).execute(&self.elsewhere).await.expect("is altered");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_whose_connection_is_lost_half_way_fails_and_goes_on_where_it_was() {
    let world = World::patient().await;
    for number in 0..20 {
        world.join(&format!("user{number}@example.com"), Role::Editor).await;
    }
    follow(&world).await;
    let before = read_models(&world).await;
    sqlx::query("update users set name = 'Mallory' where role = 'editor'").execute(&world.pool).await.expect("damages");
    let killer = Killer::of(&world.pool).await;
    let rebuilder = Rebuilder::new(&world.pool, &world.store).with_chunk(5);
    let cut = rebuilder.rebuild(&mut CutOff { at: 10, killer: killer.clone() }).await;
    cut.expect_err("the connection is gone");
    killer.allow_connections(true).await;
    let progress = find_progress(&world.pool).await.expect("answers").expect("one has begun");
    assert_eq!((progress.done, progress.finished_at, progress.total), (10, None, 21));
    assert!((progress.part() - 10.0 / 21.0).abs() < 0.001);

    let cut = rebuilder.verify(&mut CutOff { at: 10, killer: killer.clone() }).await;
    cut.expect_err("a part is never taken for the whole");
    killer.allow_connections(true).await;

    let mut seen = Seen::default();
    let outcome = rebuilder.rebuild(&mut seen).await.expect("goes on");
    assert_eq!((seen.1[0], outcome.users), ((10, 21), 21), "it begins where it was");
    assert!(seen.0.len() < 20, "what was repaired is not repaired again");
    assert!(find_progress(&world.pool).await.expect("answers").expect("is there").finished_at.is_some());
    assert_eq!(read_models(&world).await, before);
    assert_verified(&world).await;
}

#[tokio::test]
async fn a_user_with_an_event_that_no_one_knows_is_not_compared_and_everybody_else_is() {
    use projections::rebuild::What;
    let world = World::patient().await;
    let eve = world.join("eve@example.com", Role::Editor).await;
    let bob = world.join("bob@example.com", Role::Editor).await;
    follow(&world).await;
    let newer = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) \
                 select 'user', $1, 99, $2, $3, $4, '{}', $5, $6";
    let events = [("Knighted", "1", r#"{"Knighted": {}}"#), ("Deactivated", "7", r#"{"Deactivated": {}}"#)];
    for (kind, version, payload) in events {
        let payload: serde_json::Value = serde_json::from_str(payload).expect("JSON");
        let insert = sqlx::query(newer).bind(eve.id.to_string()).bind(kind).bind(version).bind(payload);
        insert.bind(world.account.uuid()).bind(eve.id.uuid()).execute(&world.pool).await.expect("inserts");
        let damage = "update users set name = 'Mallory' where id = any($1)";
        sqlx::query(damage).bind(vec![eve.id.uuid(), bob.id.uuid()]).execute(&world.pool).await.expect("damages");

        let mut seen = Seen::default();
        let outcome = Rebuilder::new(&world.pool, &world.store).verify(&mut seen).await.expect("compares");
        assert_eq!((outcome.differing, outcome.unreadable), (1, 1), "{:?}", seen.0);
        let told = seen.0.iter().find(|found| found.what == What::Unreadable).expect("it is told").to_string();
        assert!(told.contains(kind) && told.contains(&format!("version {version}")) && told.contains(&eve.id.to_string()), "{told}");
        let outcome = Rebuilder::new(&world.pool, &world.store).rebuild(&mut Seen::default()).await.expect("rebuilds");
        assert_eq!((outcome.differing, outcome.left, outcome.unreadable), (1, 0, 1));
        assert_eq!(world.view(world.account, bob.id).await.name, None);
        assert_eq!(world.view(world.account, eve.id).await.name.as_deref(), Some("Mallory"), "no one knows what it should be");
        let mut connection = world.pool.acquire().await.expect("connects");
        sqlx::query("set session_replication_role = replica").execute(&mut *connection).await.expect("lifts the trigger");
        sqlx::query("delete from events where sequence = 99").execute(&mut *connection).await.expect("takes it out");
        sqlx::query("set session_replication_role = default").execute(&mut *connection).await.expect("puts the trigger back");
        drop(connection);
        Rebuilder::new(&world.pool, &world.store).rebuild(&mut Seen::default()).await.expect("rebuilds");
    }
    assert_verified(&world).await;
}

#[tokio::test]
async fn an_event_of_an_older_version_is_read_as_the_newest() {
    use projections::users::{DeliveryState, InvitationDelivery};
    let world = World::patient().await;
    let eve = world.invite("eve@example.com", Role::Viewer).await.expect("invites").user_id;
    let view = world.view(world.account, eve).await;
    // As it was written when no one counted attempts.
    let insert = "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id) \
                  values ('delivery', gen_random_uuid()::text, 1, 'Sent', '1', $1, jsonb_build_object('at', $2::text), $3, $4)";
    let sent = serde_json::json!({ "Sent": { "account_id": world.account, "user_id": eve, "invitation_id": view.invitation_id } });
    let insert = sqlx::query(insert).bind(sent).bind(world.now.to_rfc3339()).bind(world.account.uuid()).bind(eve.uuid());
    insert.execute(&world.pool).await.expect("inserts");
    follow(&world).await;
    let mut seen = Seen::default();
    Rebuilder::new(&world.pool, &world.store).rebuild(&mut seen).await.expect("rebuilds");
    assert_eq!(seen.0.iter().map(|found| found.table).collect::<Vec<_>>(), ["users"]);
    let delivery = InvitationDelivery { state: DeliveryState::Sent, at: Some(world.now), attempts: 1, detail: None };
    assert_eq!(world.view(world.account, eve).await.delivery, delivery);
    assert_verified(&world).await;
}
