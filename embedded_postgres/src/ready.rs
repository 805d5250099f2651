//! Waits until the server takes connections, and creates the databases that are asked for.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use tokio::time::{self, Instant};

use crate::{
    binaries::Binaries,
    cluster::SUPERUSER,
    error::{Doing, Error, tail},
    process::Server,
    socket::PORT,
};

/// Recovery after a crash may take minutes; it says what it does in the log.
const TIMEOUT: Duration = Duration::from_mins(5);
const PAUSE: Duration = Duration::from_millis(10);

/// Creates the database whose name is given as a variable, unless it exists.
const CREATE_DATABASE: &str =
    "select format('create database %I', :'name') where not exists (select from pg_database where datname = :'name') \\gexec\n";

/// Returns when the server is ready, or why it never will be.
pub(crate) async fn wait(server: &Server, cluster: &Path) -> Result<(), Error> {
    let deadline = Instant::now() + TIMEOUT;
    while !is_ready(server.pid, cluster) {
        tokio::select! {
            status = server.exited() => {
                let reason = status.map_or_else(|| "it ended".to_owned(), |status| status.to_string());
                return Err(Error::Start { reason, said: server.tail.text() });
            }
            () = time::sleep(PAUSE) => {}
        }
        if Instant::now() > deadline {
            let reason = format!("not ready after {} s", TIMEOUT.as_secs());
            return Err(Error::Start { reason, said: server.tail.text() });
        }
    }
    Ok(())
}

/// The server writes its state into the eighth line of its lock file; `pg_ctl` waits for the same.
fn is_ready(pid: u32, cluster: &Path) -> bool {
    let Ok(bytes) = fs::read(cluster.join("postmaster.pid")) else { return false };
    // It names the folder, whose path need not be text.
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}

/// Creates one database with `psql`, which is always installed with the server, so this crate needs no client.
pub(crate) fn create_database(binaries: &Binaries, socket_folder: &Path, database: &str) -> Result<(), Error> {
    let doing = || "run psql".to_owned();
    let mut child = Command::new(binaries.program("psql"))
        .env_clear()
        .args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--username", SUPERUSER, "--dbname", "postgres"])
        .arg("--host")
        .arg(socket_folder)
        .arg("--port")
        .arg(PORT.to_string())
        .arg("--set")
        .arg(format!("name={database}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .doing(doing)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(CREATE_DATABASE.as_bytes()).doing(doing)?;
    }
    let output = child.wait_with_output().doing(doing)?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::CreateDatabase { database: database.to_owned(), said: tail(&output.stderr) })
}
