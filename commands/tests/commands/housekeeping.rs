//! What is finished is deleted, in small batches, by one process at a time; and nothing that history needs.

use chrono::{DateTime, TimeDelta, Utc};
use commands::{Deleted, EndSessions, Finished, UpdateUser};
use domain::{Actor, Role};
use event_store::Lock;
use projections::rebuild::{Rebuilder, What};

use super::history::{Seen, assert_verified};
use super::world::{ADMIN, PASSWORD, World, change};

const MONTH: TimeDelta = TimeDelta::days(30);

impl World {
    async fn sessions(&self) -> i64 {
        sqlx::query_scalar("select count(*) from sessions").fetch_one(&self.pool).await.expect("answers")
    }

    async fn sql(&self, sql: &str, at: DateTime<Utc>) {
        sqlx::query(sql).bind(at).bind(self.account.uuid()).bind(self.admin.id.uuid()).execute(&self.pool).await.expect(sql);
    }
}

/// 2,500 rows of each kind that are finished at an instant.
const ROWS: [(Finished, &str); 6] = [
    (
        Finished::Sessions,
        "insert into sessions (id, account_id, user_id, token_hash, auth_method, started_at, expires_at, last_seen_at)
         select gen_random_uuid(), $2, $3, sha256(n::text::bytea), 'password', $1 - interval '45 days', $1 - interval '31 days', $1
         from generate_series(1, 2500) n",
    ),
    (
        Finished::PasswordResets,
        "insert into password_resets (id, account_id, user_id, requested_at, expires_at)
         select gen_random_uuid(), $2, $3, $1, $1 - interval '1 minute' from generate_series(1, 2500) n",
    ),
    (
        Finished::ProviderSignIns,
        "insert into provider_sign_ins (state_hash, browser_hash, auth_method, expires_at, account_slug, user_id)
         select sha256(n::text::bytea), sha256('b'), 'google', $1 - interval '1 minute', $2::text, $3 from generate_series(1, 2500) n",
    ),
    (
        Finished::RefusedAttempts,
        "insert into refused_attempts (account_id, number, id, at, operation, code, actor, user_id)
         select $2, n, gen_random_uuid(), $1 - interval '91 days', 'signIn', 'INVALID_CREDENTIALS', 'visitor', $3
         from generate_series(1, 2500) n",
    ),
    (
        Finished::InvitationCounts,
        "insert into invitation_counts (account_id, user_id, day, sent)
         select $2, $3, ($1 - n * interval '1 day' - interval '2 days')::date, 1 from generate_series(1, 2500) n",
    ),
    (
        Finished::IdempotencyKeys,
        "insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version, created_at)
         select $2, 'operator', sha256(n::text::bytea), 'inviteUser', sha256('i'), $3, 1, $1 - interval '25 hours'
         from generate_series(1, 2500) n",
    ),
];

#[tokio::test]
async fn every_kind_of_finished_rows_is_deleted_in_batches_of_a_thousand_and_only_those() {
    assert_eq!(ROWS.map(|(what, _)| what), Finished::ALL);
    let world = World::open().await;
    for (what, insert) in ROWS {
        let count = format!("select count(*) from {}", what.table());
        let count = async || sqlx::query_scalar::<_, i64>(&count).fetch_one(&world.pool).await.expect("answers");
        let unfinished = count().await;
        world.sql(insert, world.now).await;
        for expected in [Deleted::Some(1_000), Deleted::Some(1_000), Deleted::All(500), Deleted::All(0)] {
            assert_eq!(world.commands.delete_finished(what, world.now).await.expect("deletes"), expected, "{what:?}");
        }
        assert_eq!(count().await, unfinished, "{what:?}");
    }
}

#[tokio::test]
async fn while_one_process_deletes_the_others_leave_it_alone() {
    let world = World::open().await;
    let mut leader = world.pool.begin().await.expect("begins");
    assert!(Lock::Housekeeping.try_take(&mut leader).await.expect("answers"));
    for what in Finished::ALL {
        assert_eq!(world.commands.delete_finished(what, world.now).await.expect("answers"), Deleted::ByAnother);
    }
    leader.commit().await.expect("ends");
    assert_eq!(world.commands.delete_finished(Finished::Sessions, world.now).await.expect("answers"), Deleted::All(0));
}

#[tokio::test]
async fn a_session_is_deleted_thirty_days_after_its_end_and_until_then_tells_where_its_user_has_been() {
    let world = World::open().await;
    let signed_in = world.sign_in_from("203.0.113.7", ADMIN, PASSWORD, world.now).await.expect("signs in");
    let actor = world.commands.authenticate(signed_in.token.expose(), world.now).await.expect("answers");
    world.commands.sign_out(&world.by(actor)).await.expect("signs out");
    let before = world.sessions().await;
    assert_eq!(world.delete_finished(Finished::Sessions, world.now + MONTH - TimeDelta::microseconds(1)).await.1, 0);
    // Someone guesses; its user still gets in from where they were before.
    for _ in 0..10 {
        let _ = world.sign_in_from("198.51.100.1", ADMIN, "wrong", world.now).await;
    }
    assert!(world.sign_in_from("203.0.113.7", ADMIN, PASSWORD, world.now).await.is_ok(), "a familiar address");
    assert_eq!(world.delete_finished(Finished::Sessions, world.now + MONTH).await.1, 1);
    assert_eq!(world.sessions().await, before, "one went, one came");
    assert!(world.is_alive(&world.admin.token, world.now).await, "a session that is not over stays");
}

#[tokio::test]
async fn a_comparison_neither_misses_deleted_sessions_nor_makes_them_again() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Viewer).await;
    for _ in 0..3 {
        world.sign_in("tom@nimbus.example", PASSWORD, world.now).await.expect("signs in");
    }
    let keep = EndSessions { user_id: None, keep_current: true };
    world.commands.end_sessions(&world.by(tom.actor), &keep).await.expect("ends three");
    assert_eq!(world.delete_finished(Finished::Sessions, world.now + MONTH).await.1, 3);
    assert_verified(&world).await;
    // The last one expires, is deleted, and its way to sign in is taken away afterwards.
    let later = world.now + TimeDelta::days(45);
    assert_eq!(world.delete_finished(Finished::Sessions, later).await.1, 2, "the admin's, too");
    let google = UpdateUser { auth_methods: Some(vec!["google".to_owned()]), ..change(tom.id) };
    world.commands.update_user(&commands::Context::new(Actor::Operator, None, later), world.account, &google).await.expect("updates");
    assert_verified(&world).await;
    let mut seen = Seen::default();
    Rebuilder::new(&world.pool, &world.store).rebuild(&mut seen).await.expect("rebuilds");
    assert_eq!((seen.0.len(), world.sessions().await), (0, 0));

    // What was not deleted by housekeeping is missed, and a row that is still there is compared.
    world.sign_in(ADMIN, PASSWORD, later).await.expect("signs in");
    assert_verified(&world).await;
    for (damage, what) in [("update sessions set address = 'nowhere'", What::Differing), ("delete from sessions", What::Missing)] {
        sqlx::query(damage).execute(&world.pool).await.expect(damage);
        let mut seen = Seen::default();
        Rebuilder::new(&world.pool, &world.store).rebuild(&mut seen).await.expect("rebuilds");
        assert_eq!(seen.0.iter().map(|found| (found.table, found.what)).collect::<Vec<_>>(), [("sessions", what)]);
        assert_eq!(world.sessions().await, 1);
    }
    assert_verified(&world).await;
}
