//! What is computed from the past, each beside what Postgres alone needs for as much, in one run: `make bench-replay`.
//!
//! Prints ratios, which are what counts: machines differ, and are noisy. Fails when a ratio is over its limit. `EVENTS`, `USERS` and
//! `EXPORTED` make it smaller, to try it out.

mod export;
mod past;
mod past_rows;
mod people;
mod rebuild;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use event_store::{EventStore, MasterKeys};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use test_support::TestDatabase;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A size that a variable may make another one.
fn size(variable: &str, usual: u32) -> Outcome<u32> {
    Ok(env::var(variable).map_or(Ok(usual), |text| text.parse())?)
}

/// Connections as the server has them.
async fn connect(database: &TestDatabase) -> Outcome<PgPool> {
    let options = database.url().parse::<PgConnectOptions>()?;
    Ok(PgPoolOptions::new().max_connections(16).connect_with(options).await?)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// How many times as long.
fn ratio(time: Duration, beside: Duration) -> f64 {
    time.as_secs_f64() / beside.as_secs_f64()
}

/// Says whether a ratio is within its limit, where it has one.
fn verdict(ratio: f64, limit: f64) -> &'static str {
    if ratio <= limit { "" } else { "  OVER" }
}

async fn run() -> Outcome<bool> {
    let (events, users, exported) = (size("EVENTS", 1_000_000)?, size("USERS", 1_000_000)?, size("EXPORTED", 200_000)?);
    let store = EventStore::new(&MasterKeys::generate()?);
    let mut within = true;
    {
        let database = TestDatabase::create().await;
        let pool = connect(&database).await?;
        let accounts = people::append(&pool, &store, events).await?;
        within &= rebuild::measure(&pool, &store, events).await?;
        export::measure(&pool, &store, &accounts, exported).await?;
        pool.close().await;
    }
    within &= past::measure(users).await?;
    Ok(within)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-replay: {error}");
            ExitCode::FAILURE
        }
    }
}
