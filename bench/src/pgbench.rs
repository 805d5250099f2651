//! What Postgres itself does: pgbench on the same cluster, with as many clients.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

use crate::cluster::Cluster;
use crate::measure::Sample;
use crate::outcome::Outcome;

/// The bare insert: one row of a table with one index, committed.
const INSERT_TABLE: &str = "create table if not exists bare (id bigint generated always as identity primary key, body text not null)";
const INSERT: &str =
    "insert into bare (body) values ('an event of about a hundred bytes: who was invited, by whom, as what, when, and until when');\n";

impl std::fmt::Display for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Insert => "insert",
            Self::Page => "page",
        })
    }
}

/// The scripts of pgbench over one database.
pub(crate) struct Pgbench {
    program: PathBuf,
    socket_folder: PathBuf,
    folder: PathBuf,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Script {
    /// A row, committed.
    Insert,
    /// The page of 50 that the list of users shows, of the same table.
    Page,
}

impl Pgbench {
    pub(crate) fn new(cluster: &Cluster, folder: &Path) -> Self {
        Self { program: cluster.program("pgbench"), socket_folder: cluster.socket_folder().to_owned(), folder: folder.to_owned() }
    }

    /// Writes the scripts and creates the table of the insert.
    pub(crate) async fn prepare(&self, url: &str, account: &str) -> Outcome<()> {
        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await?;
        sqlx::Executor::execute(&mut connection, INSERT_TABLE).await?;
        std::fs::write(self.folder.join("insert.sql"), INSERT)?;
        let page = format!(
            "select id, email, name, role, status, created_at from users where account_id = '{account}' order by created_at desc, id desc limit 50;\n"
        );
        std::fs::write(self.folder.join("page.sql"), page)?;
        Ok(())
    }

    /// Runs a script with so many clients.
    pub(crate) async fn run(&self, database: &str, script: Script, clients: usize, lasting: Duration) -> Outcome<Sample> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(clients);
        let mut command = Command::new(&self.program);
        command.arg("--host").arg(&self.socket_folder).args(["--username", "roster", "--no-vacuum", "--protocol", "prepared"]);
        command.args(["--client", &clients.to_string(), "--jobs", &threads.to_string()]);
        // pgbench counts in whole seconds.
        command
            .args(["--time", &lasting.as_secs().max(1).to_string()])
            .arg("--file")
            .arg(self.folder.join(format!("{script}.sql")))
            .arg(database);
        let output = command.output().await.map_err(|error| format!("cannot run {}: {error}", self.program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let rate =
            read_number(&text, "tps = ").ok_or_else(|| format!("pgbench failed: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        let latency = read_number(&text, "latency average = ").unwrap_or_default() * 1000.0;
        Ok(Sample { rate, p50: latency, p99: latency, p999: latency, failures: 0 })
    }
}

fn read_number(text: &str, before: &str) -> Option<f64> {
    let (_, rest) = text.split_once(before)?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_what_pgbench_prints() {
        let text = "latency average = 3.702 ms\ninitial connection time = 20 ms\ntps = 17287.5 (without initial connection time)\n";
        assert_eq!((read_number(text, "tps = "), read_number(text, "latency average = ")), (Some(17287.5), Some(3.702)));
    }
}
