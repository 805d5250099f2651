//! However large the tables are, no statement of a server scans one that grows.
//!
//! A busy hour has every mutation, every query of the dashboard, exports, the past and all workers. It happens twice: while the tables are
//! empty, so that Postgres keeps plans for empty tables, and after they have become large.

mod busy_hour;
mod tables;

use std::collections::BTreeSet;

use rustix::process::Signal;

use self::busy_hour::BusyHour;
use self::tables::{fill, scans};
use crate::world::World;

/// Tables that stay small: a row for a migration, a generation, a kind of housekeeping, a rebuild.
const SMALL: [&str; 4] = ["_sqlx_migrations", "feed_generation", "housekeeping", "projection_rebuilds"];

#[tokio::test]
async fn a_busy_hour_scans_no_table_that_grows() {
    let world = World::start().await;
    BusyHour::new(&world, "first").pass().await;
    let before = fill(&world).await;
    let done = BusyHour::new(&world, "second").pass().await;

    let mutations = busy_hour::mutations(&world).await;
    let missing: Vec<_> = mutations.iter().filter(|mutation| !done.contains(mutation.as_str()) && *mutation != "openAccount").collect();
    assert!(missing.is_empty(), "a new mutation needs a step in the busy hour: {missing:?}");

    // A session of Postgres reports what it has read when it ends.
    let World { database, roster, .. } = world;
    roster.program.signal(Signal::TERM);
    roster.program.ended().await;
    let after = scans(&database).await;
    let scanned: BTreeSet<_> = after
        .iter()
        .filter(|(table, scans)| !SMALL.contains(&table.as_str()) && before.get(*table) != Some(*scans))
        .map(|(table, scans)| format!("{table}: {} scans", scans - before.get(table).copied().unwrap_or_default()))
        .collect();
    assert!(scanned.is_empty(), "{scanned:?}");
}
