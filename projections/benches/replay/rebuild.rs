//! Users and their past from events, beside `copy` of the same rows; and what only compares.

use std::time::{Duration, Instant};

use event_store::EventStore;
use futures::TryStreamExt;
use projections::rebuild::{Difference, Rebuilder, Watch};
use sqlx::{PgConnection, PgPool};

use crate::people::EVENTS_OF_EACH;
use crate::{Outcome, median, ratio, verdict};

/// How many times as long as `copy` a rebuild may take.
const LIMIT: f64 = 2.0;
const COPIES: usize = 3;

struct NoOne;

impl Watch for NoOne {
    fn progress(&mut self, _done: u64, _total: u64) {}
    fn differs(&mut self, _difference: &Difference) {}
}

pub(crate) async fn measure(pool: &PgPool, store: &EventStore, events: u32) -> Outcome<bool> {
    let users = u64::from(events / EVENTS_OF_EACH);
    let rebuilder = Rebuilder::new(pool, store);
    let began = Instant::now();
    let outcome = rebuilder.rebuild(&mut NoOne).await?;
    let rebuild = began.elapsed();
    if (outcome.users, outcome.left) != (users, 0) || outcome.differing < users {
        return Err(format!("not everything was rebuilt: {outcome:?}").into());
    }
    let copy = copy(pool, users).await?;
    println!("\n{:<44} {:>10} {:>12} {:>8} {:>6}", format!("{users} users of {events} events"), "time", "events/s", "ratio", "limit");
    let line = |name: &str, time: Duration| {
        let rate = f64::from(events) / time.as_secs_f64();
        format!("{name:<44} {:>10} {rate:>12.0}", format!("{time:.2?}"))
    };
    println!("{:<44} {:>10}", "copy of the same rows", format!("{copy:.2?}"));
    let times = ratio(rebuild, copy);
    println!("{} {times:>8.2} {LIMIT:>6.1}{}", line("rebuild of users", rebuild), verdict(times, LIMIT));
    sqlx::query("vacuum analyze users").execute(pool).await?;
    let began = Instant::now();
    let verified = rebuilder.verify(&mut NoOne).await?;
    let verify = began.elapsed();
    if (verified.users, verified.differing) != (users, 0) {
        return Err(format!("what was rebuilt is not what it should be: {verified:?}").into());
    }
    println!("{} {:>8.2}", line("verify", verify), ratio(verify, copy));
    Ok(times <= LIMIT)
}

/// How long `copy` takes for the rows of users and of their past, into tables with the same indexes.
async fn copy(pool: &PgPool, users: u64) -> Outcome<Duration> {
    let mut time = Duration::ZERO;
    for (table, rows) in [("users", users), ("user_versions", users * u64::from(EVENTS_OF_EACH - 1))] {
        time += copy_table(pool, table, rows).await?;
    }
    Ok(time)
}

async fn copy_table(pool: &PgPool, table: &str, count: u64) -> Outcome<Duration> {
    let mut connection = pool.acquire().await?;
    let columns = "
        select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
        from information_schema.columns
        where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER'";
    let columns: String = sqlx::query_scalar(columns).bind(table).fetch_one(&mut *connection).await?;
    let rows = read(&mut connection, &format!("copy (select {columns} from {table} order by id) to stdout")).await?;
    let mut times = vec![];
    for _ in 0..COPIES {
        sqlx::query(&format!("create table copied (like {table} including all)")).execute(&mut *connection).await?;
        let began = Instant::now();
        let mut copy = connection.copy_in_raw(&format!("copy copied ({columns}) from stdin")).await?;
        for part in &rows {
            copy.send(part.as_slice()).await?;
        }
        let copied = copy.finish().await?;
        times.push(began.elapsed());
        if copied != count {
            return Err(format!("only {copied} rows of {table} were copied").into());
        }
        sqlx::query("drop table copied").execute(&mut *connection).await?;
    }
    Ok(median(times))
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
