//! Large tables, and how often each was scanned.

use std::collections::BTreeMap;

use sqlx::Executor;
use test_support::TestDatabase;

use crate::world::World;

/// Rows of another account, and of the people and keys of `acme` that have ended. Nothing waits for these rows: the mails are paused, and
/// nothing has expired.
const ROWS: [&str; 15] = [
    "insert into accounts (id, name, slug, created_at) values ('01000000-0000-7000-8000-000000000001', 'Large', 'large', now())",
    "insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at, last_active_at,
        invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, since_transaction, since_rank, active_transaction,
        active_rank)
     select '01000000-0000-7000-8000-000000000001', ('02000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
        'user' || n || '@example.com', 'user' || n || '@example.com', 'viewer', case when n % 2 = 0 then 'invited' else 'active' end,
        array['password'], now() - n * interval '1 second', case when n % 2 = 1 then now() - n * interval '1 second' end,
        gen_random_uuid(), now(), now() + interval '1 day', now(), 2, 1, 2, 1
     from generate_series(1, 100000) n",
    "insert into user_activity (user_id, account_id, last_active_at)
     select id, account_id, last_active_at from users where account_id = '01000000-0000-7000-8000-000000000001' and last_active_at is not null",
    "insert into user_versions (since_transaction, since_rank, until_transaction, until_rank, account_id, id, version, email,
        email_normalised, name, role, status, auth_methods, created_at, invitation_id, invitation_sent_at, invitation_expires_at,
        delivery_state, delivery_attempts, delivered_rank)
     select 1, 1, 2, 1, account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, invitation_id,
        invitation_sent_at, invitation_expires_at, delivery_state, delivery_attempts, 0
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into mail_outbox (delivery_id, account_id, user_id, purpose, resent, cause, created_at, expires_at, lane, turn,
        next_attempt_at)
     select gen_random_uuid(), account_id, id, 'access_restored', false, 'bulk', now(), now() + interval '1 day', 1,
        8 * row_number() over (), now() + interval '1 hour'
     from users where account_id = '01000000-0000-7000-8000-000000000001'",
    "insert into sessions (id, account_id, user_id, token_hash, auth_method, started_at, expires_at, last_seen_at)
     select gen_random_uuid(), account_id, id, sha256(id::text::bytea), 'password', now(), now() + interval '14 days', now()
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into credentials (user_id, account_id, password_hash, set_at)
     select id, account_id, 'none', now() from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into person_keys (account_id, person_id, wrapped_key)
     select account_id, id, '\\x00' from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into api_keys (id, account_id, user_id, name, scopes, token_hash, created_at, expires_at)
     select gen_random_uuid(), account_id, id, 'Key', array['users:read'], sha256(id::text::bytea), now(), now() + interval '1 day'
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version)
     select account_id, 'operator', sha256(id::text::bytea), 'inviteUser', sha256('i'), id, 1
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into refused_attempts (account_id, number, id, at, operation, code, actor)
     select a.id, n, gen_random_uuid(), now(), 'signIn', 'INVALID_CREDENTIALS', 'visitor'
     from accounts a, generate_series(1000, 10000) n",
    "insert into password_resets (id, account_id, user_id, requested_at, expires_at)
     select gen_random_uuid(), account_id, id, now(), now() + interval '1 day'
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into provider_sign_ins (state_hash, browser_hash, auth_method, expires_at)
     select sha256(id::text::bytea), sha256('b'), 'google', now() + interval '1 day'
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    "insert into saved_views (id, account_id, user_id, name, query, created_at, changed_at, version)
     select gen_random_uuid(), account_id, id, 'View', '', now(), now(), 1
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
    // Their type concerns no row of a user, so nothing has to read them for the past.
    "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id)
     select 'api_key', id::text, 1, 'Revoked', '1', '{\"Revoked\": {}}',
        '{\"actor\": \"operator\", \"cause\": \"revokeApiKey\", \"at\": \"2027-01-15T08:00:00.000000Z\"}', account_id, id
     from users where account_id = '01000000-0000-7000-8000-000000000001' limit 20000",
];

/// Fills the tables. Answers how often each has been scanned for it.
pub(super) async fn fill(world: &World) -> BTreeMap<String, i64> {
    let pool = world.database.pool();
    let mut connection = pool.acquire().await.expect("connects");
    // Without triggers and foreign keys it takes a fraction of the time.
    connection.execute("set session_replication_role = replica").await.expect("sets");
    for insert in ROWS {
        connection.execute(insert).await.expect(insert);
    }
    connection.execute("select pg_stat_force_next_flush()").await.expect("reports");
    read_scans(&mut connection).await
}

/// How often each table has been scanned. All other sessions have ended.
pub(super) async fn scans(database: &TestDatabase) -> BTreeMap<String, i64> {
    let pool = database.pool();
    let mut connection = pool.acquire().await.expect("connects");
    let others = "select count(*) from pg_stat_activity
        where datname = current_database() and application_name = 'roster'";
    while sqlx::query_scalar::<_, i64>(others).fetch_one(&mut *connection).await.expect("answers") > 0 {
        tokio::task::yield_now().await;
    }
    read_scans(&mut connection).await
}

async fn read_scans(connection: &mut sqlx::PgConnection) -> BTreeMap<String, i64> {
    connection.execute("select pg_stat_clear_snapshot()").await.expect("clears");
    let select = "select relname::text, seq_scan from pg_stat_user_tables";
    let rows: Vec<(String, i64)> = sqlx::query_as(select).fetch_all(connection).await.expect("answers");
    rows.into_iter().collect()
}
