//! Runs a command with a Postgres of its own: `with_postgres [--database-url] -- <command…>`.
//!
//! The command finds the cluster's URL in `ROSTER_TEST_POSTGRES`, and, with `--database-url`, that of a migrated database in
//! `DATABASE_URL`. Where `ROSTER_TEST_POSTGRES` is set already, that cluster is used. The command's exit status is ours.

use std::{
    env,
    error::Error,
    ffi::OsString,
    io::{self, IsTerminal},
    os::unix::process::ExitStatusExt,
    process::ExitStatus,
};

use test_support::{TestFolder, cluster, janitor};
use tokio::{
    process::{Child, Command},
    signal::unix::{Signal, SignalKind, signal},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage: with_postgres [--database-url] -- <command…>";

/// What a shell answers for a command that could not be run.
const NOT_RUN: i32 = 127;

fn main() {
    let filter = env::var("RUST_LOG").unwrap_or_else(|_| "warn,embedded_postgres=info".to_owned());
    let colours = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(io::stderr).init();
    let code = match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("with_postgres: {}", chain(error.as_ref()));
            NOT_RUN
        }
    };
    std::process::exit(code);
}

#[tokio::main]
async fn run() -> Result<i32> {
    let (wants_database_url, command) = arguments()?;
    // Taken before anything is started, so that an early Ctrl-C does not leave it behind.
    let mut interrupts = Interrupts::listen()?;
    if let Ok(admin) = env::var(cluster::VARIABLE) {
        cluster::prepare_template(&admin).await?;
        return supervise(&admin, None, wants_database_url, command, &mut interrupts).await;
    }
    janitor::remove_abandoned_folders();
    let folder = TestFolder::create()?;
    let postgres = cluster::start(&folder.path().join("postgres")).await?;
    let admin = postgres.url("postgres");
    let code = tokio::select! {
        code = supervise(&admin, Some(&folder), wants_database_url, command, &mut interrupts) => code,
        _ = postgres.exited() => Err("Postgres ended by itself".into()),
    };
    postgres.stop().await?;
    code
}

fn arguments() -> Result<(bool, Vec<OsString>)> {
    let mut arguments = env::args_os().skip(1).peekable();
    let wants_database_url = arguments.next_if(|argument| argument == "--database-url").is_some();
    let separated = arguments.next().is_some_and(|argument| argument == "--");
    let command: Vec<OsString> = arguments.collect();
    if separated && !command.is_empty() { Ok((wants_database_url, command)) } else { Err(USAGE.into()) }
}

/// Runs the command to its end, clearing up after its tests meanwhile.
async fn supervise(
    admin: &str,
    folder: Option<&TestFolder>,
    wants_database_url: bool,
    command: Vec<OsString>,
    interrupts: &mut Interrupts,
) -> Result<i32> {
    let mut words = command.into_iter();
    let program = words.next().ok_or(USAGE)?;
    let mut command = Command::new(&program);
    command.args(words).env(cluster::VARIABLE, admin).kill_on_drop(true);
    if let Some(folder) = folder {
        command.env(cluster::FOLDER_VARIABLE, folder.path());
    }
    if wants_database_url {
        command.env("DATABASE_URL", cluster::fresh_database(admin).await?);
    }
    let mut child = command.spawn().map_err(|error| format!("cannot run {}: {error}", program.display()))?;
    let status = tokio::select! {
        status = wait(&mut child, interrupts) => status?,
        never = janitor::drop_abandoned_databases(admin) => match never {},
    };
    Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
}

/// Waits for the command, passing on what we are asked to do.
async fn wait(child: &mut Child, interrupts: &mut Interrupts) -> Result<ExitStatus> {
    loop {
        let request = tokio::select! {
            status = child.wait() => return Ok(status?),
            request = interrupts.next() => request,
        };
        if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(rustix::process::Pid::from_raw) {
            // It may have ended in this very moment.
            let _ = rustix::process::kill_process(pid, request);
        }
    }
}

struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    at_terminal: bool,
}

impl Interrupts {
    fn listen() -> Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            at_terminal: io::stdin().is_terminal(),
        })
    }

    async fn next(&mut self) -> rustix::process::Signal {
        tokio::select! {
            // A terminal has told the command already, and twice means "at once" to many.
            _ = self.interrupt.recv(), if !self.at_terminal => rustix::process::Signal::INT,
            _ = self.terminate.recv() => rustix::process::Signal::TERM,
        }
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| (*error).source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
