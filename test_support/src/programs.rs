//! The programs that come with a server, such as `pg_dump`.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use sqlx::{Connection, PgConnection};
use tokio::process::Command;

use crate::cluster::VARIABLE;

/// Where the programs of the run's cluster are.
///
/// # Panics
/// When the tests run without a cluster, or the cluster does not answer.
pub async fn bin_dir() -> PathBuf {
    let admin = env::var(VARIABLE).unwrap_or_else(|_| panic!("{VARIABLE} is not set"));
    let mut connection = PgConnection::connect(&admin).await.expect("the cluster takes connections");
    let select = sqlx::query_scalar::<_, String>("select setting from pg_config where name = 'BINDIR'");
    select.fetch_one(&mut connection).await.expect("the cluster answers").into()
}

/// Runs a program to its end, and answers what it has printed.
///
/// # Panics
/// When it cannot be run, or fails.
pub async fn run_program(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).output().await;
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", program.display()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", program.display());
    output.stdout
}
