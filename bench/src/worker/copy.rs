//! The same rows by `copy`, the fastest way in and out that Postgres has.

use std::time::{Duration, Instant};

use futures::TryStreamExt;
use sqlx::{PgConnection, PgPool};

use crate::measure::Sample;
use crate::outcome::Outcome;

/// What a rebuild writes of users, in one version of the schema or another.
const REBUILT: [&str; 3] = ["users", "user_versions", "user_activity"];

/// Writes the rows that a rebuild has written into tables with the same indexes.
pub(super) async fn rebuilt_in(pool: &PgPool) -> Outcome<Sample> {
    let mut connection = pool.acquire().await?;
    let (mut copied, mut time) = (0, Duration::ZERO);
    for table in REBUILT {
        let columns = "
            select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
            from information_schema.columns
            where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER'";
        let columns: Option<String> = sqlx::query_scalar(columns).bind(table).fetch_one(&mut *connection).await?;
        let Some(columns) = columns else { continue };
        let rows = read(&mut connection, &format!("copy (select {columns} from {table}) to stdout")).await?;
        let create = format!("drop table if exists copied; create table copied (like {table} including all)");
        sqlx::raw_sql(&create).execute(&mut *connection).await?;
        let began = Instant::now();
        let mut copy = connection.copy_in_raw(&format!("copy copied ({columns}) from stdin")).await?;
        for part in &rows {
            copy.send(part.as_slice()).await?;
        }
        copied += copy.finish().await?;
        time += began.elapsed();
    }
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
