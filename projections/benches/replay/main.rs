//! Pages of the past beside the same pages of now, in one run: `make bench-replay`.
//!
//! Prints ratios, which are what counts: machines differ, and are noisy. Fails when a ratio is over its limit. `USERS` makes it smaller, to
//! try it out. What is computed from events, and exports, are measured by `make bench`.

mod past;
mod past_rows;

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use event_store::{Connector, PoolSettings, Pooler};
use sqlx::PgPool;
use test_support::TestDatabase;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Connections as the server has them.
async fn connect(database: &TestDatabase) -> Outcome<PgPool> {
    Ok(Connector::connect(database.url(), Pooler::None).await?.pool(PoolSettings::default()))
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

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let users = env::var("USERS").map_or(Ok(1_000_000), |text| text.parse());
    let users = users.expect("USERS is a number");
    match past::measure(users).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-replay: {error}");
            ExitCode::FAILURE
        }
    }
}
