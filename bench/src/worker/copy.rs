//! The same rows by `copy`, the fastest way in and out that Postgres has.

use std::time::Instant;

use futures::TryStreamExt;
use sqlx::{PgConnection, PgPool};

use crate::measure::Sample;
use crate::outcome::Outcome;

/// Writes the rows of `users` into a table with the same indexes.
pub(super) async fn users_in(pool: &PgPool) -> Outcome<Sample> {
    let mut connection = pool.acquire().await?;
    let columns = "
        select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
        from information_schema.columns
        where table_schema = current_schema() and table_name = 'users' and is_generated = 'NEVER'";
    let columns: String = sqlx::query_scalar(columns).fetch_one(&mut *connection).await?;
    let rows = read(&mut connection, &format!("copy (select {columns} from users order by id) to stdout")).await?;
    sqlx::raw_sql("drop table if exists copied; create table copied (like users including all)").execute(&mut *connection).await?;
    let began = Instant::now();
    let mut copy = connection.copy_in_raw(&format!("copy copied ({columns}) from stdin")).await?;
    for part in &rows {
        copy.send(part.as_slice()).await?;
    }
    let copied = copy.finish().await?;
    let time = began.elapsed();
    sqlx::query("drop table copied").execute(&mut *connection).await?;
    Ok(Sample::once(copied, time))
}

/// Reads the columns of `events` that an export shows; answers how many rows there are.
pub(super) async fn events_out(pool: &PgPool) -> Outcome<u64> {
    let mut connection = pool.acquire().await?;
    let rows = "copy (select aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at from events) to stdout";
    let mut out = connection.copy_out_raw(rows).await?;
    let mut count = 0;
    // Postgres sends one message for each row.
    while out.try_next().await?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// What `copy … to stdout` says, in parts of a mebibyte.
async fn read(connection: &mut PgConnection, statement: &str) -> Outcome<Vec<Vec<u8>>> {
    let mut rows = connection.copy_out_raw(statement).await?;
    let mut parts: Vec<Vec<u8>> = vec![vec![]];
    while let Some(row) = rows.try_next().await? {
        if parts.last().is_some_and(|part| part.len() >= 1 << 20) {
            parts.push(vec![]);
        }
        parts.last_mut().expect("there is one").extend_from_slice(&row);
    }
    Ok(parts)
}
