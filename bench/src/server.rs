//! A `roster serve` of one tree.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::outcome::Outcome;
use crate::roster::MASTER_KEY;

/// How long a server may take until it listens.
const START: Duration = Duration::from_mins(1);

/// A running server. It ends with this value.
pub(crate) struct Server {
    child: Child,
    /// Such as `127.0.0.1:41234`.
    pub(crate) address: String,
}

impl Server {
    /// Serves a migrated database; the log goes into a file.
    pub(crate) async fn start(roster: &Path, database_url: &str, log: &Path) -> Outcome<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let log = File::create(log)?;
        let mut command = roster_command(roster, database_url);
        command.arg("serve").env("ROSTER_LISTEN", &address).env("ROSTER_PUBLIC_URL", format!("http://{address}"));
        command.env("ROSTER_INVITATIONS_PER_DAY", "2000000000").env("ROSTER_SHUTDOWN_DELAY", "0");
        let child = command.stdout(log.try_clone()?).stderr(log).kill_on_drop(true).spawn()?;
        let mut server = Self { child, address };
        let began = Instant::now();
        while TcpStream::connect(&server.address).await.is_err() {
            if began.elapsed() > START || server.child.try_wait()?.is_some() {
                return Err(format!("{} does not serve: see its log", roster.display()).into());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }

    /// Ends it, and its workers.
    pub(crate) async fn stop(&mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }

    /// The memory that the process has in use, in bytes.
    pub(crate) fn memory(&self) -> Outcome<u64> {
        let id = self.child.id().ok_or("the server has ended")?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the system does not tell")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }
}

/// Creates or migrates the schema of a tree.
pub(crate) async fn migrate(roster: &Path, database_url: &str) -> Outcome<()> {
    let done = roster_command(roster, database_url).arg("migrate").output().await?;
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned().into()) }
}

/// The program, which sees no variable of this process that is for it.
fn roster_command(roster: &Path, database_url: &str) -> Command {
    let mut command = Command::new(roster);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROSTER_")) {
        command.env_remove(name);
    }
    command.env("DATABASE_URL", database_url).env("ROSTER_MASTER_KEY", MASTER_KEY).stdin(Stdio::null());
    command
}
