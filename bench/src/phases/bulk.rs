//! `inviteUsers` by one caller, and what the users who were invited take on disk.

use sqlx::{Connection, PgConnection};

use super::Bench;
use crate::machine;
use crate::measure::whole;
use crate::outcome::Outcome;
use crate::worker::Job;

/// The most rows that one request takes.
const ROWS: u64 = 1000;
const REQUESTS: usize = 10;

impl Bench {
    pub(super) async fn bulk(&mut self) -> Outcome<()> {
        let mut sites = self.open("bulk", 0).await?;
        let mut before = vec![];
        for site in &mut sites {
            site.worker.order(&Job::CatchUp).await?;
            before.push(sizes(&site.url).await?);
        }
        self.say("bulk: inviteUsers");
        let requests = if self.args.quick { 2 } else { REQUESTS };
        for round in 0..requests {
            for turn in 0..sites.len() {
                let index = (turn + round) % sites.len();
                machine::rest().await?;
                let sample = sites[index].worker.measure(&Job::InviteMany { rows: ROWS }).await?;
                self.results.add(format!("{} bulk", sites[index].tree), sample);
            }
        }
        let users = whole(ROWS) * crate::measure::number(requests);
        for (site, before) in sites.iter_mut().zip(before) {
            site.worker.order(&Job::CatchUp).await?;
            let mut total = 0.0;
            for (table, bytes, rows) in sizes(&site.url).await? {
                let found = before.iter().find(|(name, ..)| *name == table);
                let (bytes_before, rows_before) = found.map_or((0, 0), |(_, bytes, rows)| (*bytes, *rows));
                let grown = whole(bytes.saturating_sub(bytes_before).unsigned_abs());
                total += grown;
                if grown >= users {
                    self.results.add_number(format!("{} bytes table={table}", site.tree), grown / users);
                }
                if table == "events" {
                    self.results.add_number(format!("{} bytes-of-event", site.tree), grown / whole((rows - rows_before).unsigned_abs()));
                }
            }
            self.results.add_number(format!("{} bytes-of-user", site.tree), total / users);
        }
        self.close(sites).await
    }
}

/// Each table with its bytes, those of its indexes included, and its rows.
async fn sizes(url: &str) -> Outcome<Vec<(String, i64, i64)>> {
    let mut connection = PgConnection::connect(url).await?;
    let tables: Vec<(String, i64)> =
        sqlx::query_as("select relname::text, pg_total_relation_size(relid) from pg_stat_user_tables order by 1")
            .fetch_all(&mut connection)
            .await?;
    let mut sizes = vec![];
    for (table, bytes) in tables {
        let rows = sqlx::query_scalar(&format!("select count(*) from {table}")).fetch_one(&mut connection).await?;
        sizes.push((table, bytes, rows));
    }
    Ok(sizes)
}
