//! Fills a database with users in minutes: a few users live through commands, and their rows in all tables are copied by SQL, each copy
//! with ids, addresses and times of its own.
//!
//! It names no column of a read model, so it works before and after a migration. Copies of events lie before all others in the feed, so no
//! worker reads them; the sealed values in them cannot be opened. So copies are listed, searched and counted, but not changed and not rebuilt.

mod copied_row;
mod indexes;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{Role, UserId};
use serde_json::Value;
use sqlx::{Executor, PgConnection};
use uuid::Uuid;

use crate::outcome::Outcome;
use crate::roster::Roster;
use copied_row::{Column, Original};

/// Of twenty copies, which are of which user: two are invited, one is inactive, three are editors, the others are viewers.
const SHARES: [(&str, &str); 4] =
    [("proto-0", "0, 1"), ("proto-1", "3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16"), ("proto-2", "17, 18, 19"), ("proto-3", "2")];
/// Tables whose rows are not copied: a session is known by the hash of its token.
const LEFT_OUT: [&str; 2] = ["sessions", "_sqlx_migrations"];

/// Adds so many users.
pub(super) async fn fill(roster: &Roster, users: u64) -> Outcome<()> {
    let originals = live(roster).await?;
    let mut connection = roster.pool.acquire().await?.detach();
    // Statements may take minutes here. Triggers and foreign keys are not checked: the rows are those of valid users.
    connection
        .execute("set statement_timeout = 0; set lock_timeout = 0; set session_replication_role = replica; set work_mem = '256MB'")
        .await?;
    let tables = find_tables(&mut connection).await?;
    let mut copies = vec![];
    for ((name, share), user) in SHARES.iter().zip(originals) {
        copies.extend(copies_of(&mut connection, roster, name, share, user, users, &tables).await?);
    }
    let touched: BTreeSet<&str> = copies.iter().map(|(table, _)| table.as_str()).collect();
    let indexes = indexes::drop(&mut connection, &touched).await?;
    for (_, insert) in &copies {
        connection.execute(sqlx::raw_sql(insert)).await.map_err(|error| format!("{error}: {insert:.2000}"))?;
    }
    indexes::create(&mut connection, &indexes).await?;
    for table in touched {
        connection.execute(format!("vacuum analyze {table}").as_str()).await?;
    }
    connection.execute("checkpoint").await?;
    Ok(())
}

/// The users that are copied, in the order of their shares.
async fn live(roster: &Roster) -> Outcome<Vec<UserId>> {
    let name = |number: usize| SHARES[number].0.to_owned();
    let mut users = roster.invite_many(&[name(0)], Role::Viewer, "bench").await?;
    users.extend(roster.join(vec![name(1)], Role::Viewer).await?);
    users.extend(roster.join(vec![name(2)], Role::Editor).await?);
    users.extend(roster.join(vec![name(3)], Role::Viewer).await?);
    roster.deactivate(users[3]).await?;
    roster.catch_up().await?;
    Ok(users)
}

/// Every table with its columns.
async fn find_tables(connection: &mut PgConnection) -> Outcome<Vec<(String, Vec<Column>)>> {
    let select = "
        select c.table_name::text, c.column_name::text, c.udt_name::text, c.is_generated = 'ALWAYS', c.is_identity = 'YES'
        from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and not c.table_name = any($1)
        order by c.table_name, c.ordinal_position";
    let rows: Vec<(String, String, String, bool, bool)> = sqlx::query_as(select).bind(LEFT_OUT.as_slice()).fetch_all(connection).await?;
    let mut tables: Vec<(String, Vec<Column>)> = vec![];
    for (table, name, kind, is_generated, is_identity) in rows {
        if tables.last().is_none_or(|(last, _)| *last != table) {
            tables.push((table.clone(), vec![]));
        }
        let column = Column { name, kind, is_generated, is_identity };
        tables.last_mut().expect("it was added").1.push(column);
    }
    Ok(tables)
}

/// The statements that copy the rows of one user, each with its table.
async fn copies_of(
    connection: &mut PgConnection,
    roster: &Roster,
    name: &str,
    share: &str,
    user: UserId,
    users: u64,
    tables: &[(String, Vec<Column>)],
) -> Outcome<Vec<(String, String)>> {
    let mut rows: Vec<(&str, &[Column], Value)> = vec![];
    for (table, columns) in tables {
        let select = format!("select to_jsonb(t) from {table} t where to_jsonb(t)::text like $1 order by to_jsonb(t) -> 'position'");
        let found: Vec<Value> = sqlx::query_scalar(&select).bind(format!("%{user}%")).fetch_all(&mut *connection).await?;
        rows.extend(found.into_iter().map(|row| (table.as_str(), columns.as_slice(), row)));
    }
    let places = "select int4send(generation) || int8send(xid::text::bigint) || int8send(position) from events
        where to_jsonb(events)::text like $1 order by position";
    let places: Vec<Vec<u8>> = sqlx::query_scalar(places).bind(format!("%{user}%")).fetch_all(&mut *connection).await?;
    let now: DateTime<Utc> = sqlx::query_scalar("select now()").fetch_one(connection).await?;
    let kept = [roster.account.uuid(), roster.admin_id().uuid()];
    let ids: BTreeSet<Uuid> =
        rows.iter().flat_map(|(_, _, row)| copied_row::ids_in(&row.to_string())).filter(|id| !kept.contains(id)).collect();
    let original = Original { name, ids: ids.into_iter().collect(), places, now };
    let mut number = 0;
    Ok(rows
        .into_iter()
        .map(|(table, columns, row)| {
            let insert = original.copy(table, columns, &row, number, share, users);
            number += usize::from(table == "events");
            (table.to_owned(), insert)
        })
        .collect())
}
