//! Rows of users and of their versions, as a long life would have written them.
//!
//! One user is invited at each tick. User `n` has `1 + n % 4` versions: invited, joined after a hundredth of the whole time for everybody
//! the same, then others at even steps on the way until now; and signs in with each of them. So a list of the past has as many of each kind as that of now, and in the same
//! places: what is left to measure is the way past the versions that were not in force. Names, roles and who is inactive depend on
//! nothing else, or an order would have all of a kind at one end.

use domain::AccountId;
use sqlx::{PgConnection, Row};

use crate::Outcome;

/// The transaction of a tick, as SQL.
pub(crate) fn transaction_at(tick: &str) -> String {
    format!("transaction_of(1, (1000 + {tick}::bigint)::text::xid8)")
}

/// The time of a tick, as SQL.
pub(crate) fn time_at(tick: &str, users: &str) -> String {
    format!("date_trunc('day', now()) - ({users}::bigint - {tick}::bigint) * interval '30 seconds'")
}

/// Writes so many users, and one to four versions of each.
pub(crate) async fn populate(connection: &mut PgConnection, account: AccountId, users: u32) -> Outcome<()> {
    // A server gives a statement less time than a million rows take.
    sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
    let open = "insert into accounts (id, name, slug, created_at) values ($1, 'Bench', 'bench', now())";
    sqlx::query(open).bind(account.uuid()).execute(&mut *connection).await?;
    let (since, until) = (transaction_at("tick"), transaction_at("next_tick"));
    let (born, now) = (time_at("n", &users.to_string()), time_at("tick", &users.to_string()));
    let by_chance = |what: u8, of: &str| format!("(hashint8extended({of}, {what}) & 1073741823)");
    let (name, role, access) = (by_chance(1, "n"), by_chance(2, "4 * n + k"), by_chance(3, "4 * n + k"));
    let versions = format!(
        "
        create temporary table lives as
        with people as (
            select
                n, md5(n::text)::uuid as id,
                (array['ada','grace','alan','edsger','barbara','donald','margaret','dennis','ken','radia'])[1 + {name} % 10] as first,
                translate(substr(md5(n::text), 1, 12), '0123456789abcdef', 'bdfghklmnprstvwz') as last
            from generate_series(1, {users}) n
        ),
        versions as (
            select
                p.*, first || '.' || last || '@example.com' as address, k,
                case k when 0 then n else joined + ({users} - joined) * (k - 1) / 3 end as tick,
                case when k < n % 4 and joined <= {users} then joined + ({users} - joined) * k / 3 end as next_tick
            from (select *, n + {users} / 100 as joined from people) p
            cross join lateral generate_series(0, n % 4) k
            where k = 0 or joined <= {users}
        )
        select
            '{account}'::uuid as account_id, id, {since} as since_transaction, k + 1 as since_rank,
            {until} as until_transaction, k + 2 as until_rank,
            k + 1 as version, address as email, address as email_normalised, initcap(first) || ' ' || initcap(last) as name,
            case when {role} % 20 = 0 then 'admin' when {role} % 20 < 6 then 'editor' else 'viewer' end as role,
            case when k = 0 then 'invited' when {access} % 50 = 7 then 'inactive' else 'active' end as status,
            array['password'] as auth_methods, {born} as created_at, case when k > 0 then {now} end as last_active_at, id as invitation_id,
            {born} as invitation_sent_at, {born} + interval '1 day' as invitation_expires_at, {born} as sessions_valid_from,
            'waiting' as delivery_state, 0 as delivery_attempts, 0 as delivered_rank
        from versions"
    );
    sqlx::query(&versions).execute(&mut *connection).await?;
    let columns =
        "account_id, id, since_transaction, since_rank, version, email, email_normalised, name, role, status, auth_methods, created_at,
        invitation_id, invitation_sent_at, invitation_expires_at, delivery_state, delivery_attempts, delivered_rank";
    let ended = format!(
        "insert into user_versions ({columns}, until_transaction, until_rank)
        select {columns}, until_transaction, until_rank from lives where until_transaction is not null"
    );
    fill(connection, "user_versions", &ended).await?;
    let active =
        "insert into past_activity (account_id, user_id, since_transaction, since_rank, until_transaction, until_rank, last_active_at)
        select account_id, id, since_transaction, since_rank, until_transaction, until_rank, last_active_at
        from lives where until_transaction is not null";
    fill(connection, "past_activity", active).await?;
    let newest = format!(
        "insert into users ({columns}, last_active_at, active_transaction, active_rank, sessions_valid_from)
        select {columns}, last_active_at, since_transaction, since_rank, sessions_valid_from from lives where until_transaction is null
        order by since_transaction"
    );
    fill(connection, "users", &newest).await?;
    sqlx::query("drop table lives").execute(&mut *connection).await?;
    sqlx::query("vacuum analyze user_activity").execute(connection).await?;
    Ok(())
}

/// Fills a table, and builds its indexes afterwards, which is far quicker.
async fn fill(connection: &mut PgConnection, table: &str, insert: &str) -> Outcome<()> {
    let select = "
        select indexname, indexdef
        from pg_indexes
        where schemaname = current_schema() and tablename = $1 and indexname not in (select conname from pg_constraint)";
    let indexes = sqlx::query(select).bind(table).fetch_all(&mut *connection).await?;
    for index in &indexes {
        sqlx::query(&format!("drop index {}", index.get::<&str, _>(0))).execute(&mut *connection).await?;
    }
    sqlx::query(insert).execute(&mut *connection).await?;
    sqlx::query("set maintenance_work_mem = '512MB'").execute(&mut *connection).await?;
    for index in &indexes {
        sqlx::query(index.get::<&str, _>(1)).execute(&mut *connection).await?;
    }
    sqlx::query("reset maintenance_work_mem").execute(&mut *connection).await?;
    sqlx::query(&format!("vacuum analyze {table}")).execute(connection).await?;
    Ok(())
}
