//! Rows of users and of their versions, as a long life would have written them.
//!
//! One user is invited at each tick. User `n` has `1 + n % 4` versions: invited, joined after a hundredth of the whole time for everybody
//! the same, then others at even steps on the way until now. So a list of the past has as many of each kind as that of now, and in the same
//! places: what is left to measure is the way past the versions that were not in force. Names, roles and who is inactive depend on
//! nothing else, or an order would have all of a kind at one end.

use domain::AccountId;
use sqlx::{PgConnection, Row};

use crate::Outcome;

/// The place of version `number` at a tick, as SQL.
pub(crate) fn place_at(tick: &str, number: &str) -> String {
    format!("int4send(1) || int8send(1000 + {tick}::bigint) || int8send(4 * {tick}::bigint + {number})")
}

/// The time of a tick, as SQL.
pub(crate) fn time_at(tick: &str, users: &str) -> String {
    format!("date_trunc('day', now()) - ({users}::bigint - {tick}::bigint) * interval '30 seconds'")
}

/// Writes so many users, and one to four versions of each.
pub(crate) async fn populate(connection: &mut PgConnection, account: AccountId, users: u32) -> Outcome<()> {
    let open = "insert into accounts (id, name, slug, created_at) values ($1, 'Bench', 'bench', now())";
    sqlx::query(open).bind(account.uuid()).execute(&mut *connection).await?;
    let (from, next) = (place_at("tick", "k"), place_at("next_tick", "k + 1"));
    let (born, now) = (time_at("n", "$2"), time_at("tick", "$2"));
    let by_chance = |what: u8, of: &str| format!("(hashint8extended({of}, {what}) & 1073741823)");
    let (name, role, access) = (by_chance(1, "n"), by_chance(2, "4 * n + k"), by_chance(3, "4 * n + k"));
    let versions = format!(
        "
        with people as (
            select
                n, md5(n::text)::uuid as id,
                (array['ada','grace','alan','edsger','barbara','donald','margaret','dennis','ken','radia'])[1 + {name} % 10] as first,
                translate(substr(md5(n::text), 1, 12), '0123456789abcdef', 'bdfghklmnprstvwz') as last
            from generate_series(1, $2) n
        ),
        versions as (
            select
                p.*, first || '.' || last || '@example.com' as address, k,
                case k when 0 then n else joined + ($2 - joined) * (k - 1) / 3 end as tick,
                case when k < n % 4 and joined <= $2 then joined + ($2 - joined) * k / 3 end as next_tick
            from (select *, n + $2 / 100 as joined from people) p
            cross join lateral generate_series(0, n % 4) k
            where k = 0 or joined <= $2
        )
        insert into user_versions (
            account_id, id, from_place, until_place, version, email, email_normalised, name, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_attempts
        )
        select
            $1, id, {from}, coalesce({next}, '\\xff'), k + 1, address, address, initcap(first) || ' ' || initcap(last),
            case when {role} % 20 = 0 then 'admin' when {role} % 20 < 6 then 'editor' else 'viewer' end,
            case when k = 0 then 'invited' when {access} % 50 = 7 then 'inactive' else 'active' end, array['password'], {born},
            case when k > 0 then {now} end, id, {born}, {born} + interval '1 day', {born}, 'waiting', 0
        from versions"
    );
    fill(connection, "user_versions", sqlx::query(&versions).bind(account.uuid()).bind(i64::from(users))).await?;
    let newest = "
        insert into users (
            account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, invitation_id,
            invitation_sent_at, invitation_expires_at, sessions_valid_from
        )
        select
            account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, invitation_id,
            invitation_sent_at, invitation_expires_at, sessions_valid_from
        from user_versions
        where until_place = '\\xff'
        order by from_place";
    fill(connection, "users", sqlx::query(newest)).await
}

/// Fills a table, and builds its indexes afterwards, which is far quicker.
async fn fill(
    connection: &mut PgConnection,
    table: &str,
    insert: sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments>,
) -> Outcome<()> {
    let select = "
        select indexname, indexdef
        from pg_indexes
        where schemaname = current_schema() and tablename = $1 and indexname not in (select conname from pg_constraint)";
    let indexes = sqlx::query(select).bind(table).fetch_all(&mut *connection).await?;
    for index in &indexes {
        sqlx::query(&format!("drop index {}", index.get::<&str, _>(0))).execute(&mut *connection).await?;
    }
    insert.execute(&mut *connection).await?;
    sqlx::query("set maintenance_work_mem = '512MB'").execute(&mut *connection).await?;
    for index in &indexes {
        sqlx::query(index.get::<&str, _>(1)).execute(&mut *connection).await?;
    }
    sqlx::query("reset maintenance_work_mem").execute(&mut *connection).await?;
    sqlx::query(&format!("vacuum analyze {table}")).execute(connection).await?;
    Ok(())
}
