//! Serves the cluster of a folder until it is told to stop: `cargo run -p embedded_postgres --example serve -- <folder>`.
//!
//! Prints the server's process id and the URL of the database `example`, one a line.

use std::{env, error::Error, io::Write};

use embedded_postgres::{Config, EmbeddedPostgres};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("debug").with_writer(std::io::stderr).init();
    let folder = env::args_os().nth(1).ok_or("name the data folder")?;
    let postgres = EmbeddedPostgres::start(Config::new(folder).database("example")).await?;
    let mut output = std::io::stdout();
    writeln!(output, "{}\n{}", postgres.report().pid, postgres.url("example"))?;
    output.flush()?;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => Ok(postgres.stop().await?),
        _ = postgres.exited() => Err("Postgres ended by itself".into()),
    }
}
