//! Clears up after test processes that ended before they could: databases while the tests run, folders before the next run.

use std::{convert::Infallible, env, fs, path::Path, time::Duration};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time;

use crate::{
    database::{self, drop_database},
    folder,
};

const PAUSE: Duration = Duration::from_secs(1);

/// Looks again and again, for as long as it is polled. A test process usually ends before its own drop gets through.
pub async fn drop_abandoned_databases(admin: &str) -> Infallible {
    loop {
        time::sleep(PAUSE).await;
        if let Ok(admin) = admin.parse() {
            // A cluster too busy to answer is asked again a moment later.
            let _ = sweep(&admin).await;
        }
    }
}

async fn sweep(admin: &PgConnectOptions) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(admin).await?;
    let names: Vec<String> = sqlx::query_scalar("select datname::text from pg_database where starts_with(datname, $1)")
        .bind(database::PREFIX)
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    for name in names.iter().filter(|name| is_abandoned(name, database::PREFIX)) {
        drop_database(admin, name).await?;
    }
    Ok(())
}

/// Removes the folders of runs that were killed.
pub fn remove_abandoned_folders() {
    for entry in fs::read_dir(env::temp_dir()).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| is_abandoned(name, folder::PREFIX)) {
            // Another user's stay.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Has the process that made this ended? Only where processes can be looked up; elsewhere nothing is abandoned.
fn is_abandoned(name: &str, prefix: &str) -> bool {
    let owner = name.strip_prefix(prefix).and_then(|rest| rest.split('_').next());
    let is_gone = |pid: u32| Path::new("/proc/self").exists() && !Path::new("/proc").join(pid.to_string()).exists();
    owner.and_then(|pid| pid.parse().ok()).is_some_and(is_gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_made_is_abandoned_when_it_is_gone() {
        assert!(!is_abandoned(&format!("test_{}_x", std::process::id()), "test_"));
        // Above the highest process id that Linux gives.
        assert!(is_abandoned("test_4194305_x", "test_"));
        assert!(!is_abandoned("test_data", "test_"));
        assert!(!is_abandoned("roster", "test_"));
    }
}
